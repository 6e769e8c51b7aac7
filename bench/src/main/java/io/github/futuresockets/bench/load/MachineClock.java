package io.github.futuresockets.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What all CPUs of the machine have done up to one moment. With it a measurement knows whether others were at work too:
 * they take CPU time from the load and warmth from the caches, and no figure shows that of itself.
 */
final class MachineClock {
    private static final Path STAT = Path.of("/proc/stat");

    private final long cpus;
    private final long total;
    private final long idle;

    private MachineClock(long cpus, long total, long idle) {
        this.cpus = cpus;
        this.total = total;
        this.idle = idle;
    }

    static MachineClock now() throws IOException {
        if (!Files.isReadable(STAT)) {
            return new MachineClock(0, 0, 0);
        }
        List<String> lines = Files.readAllLines(STAT);
        long cpus = lines.stream().filter(line -> line.matches("cpu\\d.*")).count();
        // user, nice, system, idle, iowait, irq, softirq, steal; what follows is counted in user and nice already.
        String[] fields = lines.get(0).trim().split(" +");
        long total = 0;
        for (int i = 1; i <= 8; i++) {
            total += Long.parseLong(fields[i]);
        }
        return new MachineClock(cpus, total, Long.parseLong(fields[4]) + Long.parseLong(fields[5]));
    }

    /** How many CPUs were busy on average since then; 0 where this cannot be known. */
    double busySince(MachineClock earlier) {
        long passed = total - earlier.total;
        return passed == 0 ? 0 : cpus * (1 - (double) (idle - earlier.idle) / passed);
    }
}
