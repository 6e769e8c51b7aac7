package io.github.futuresockets.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The busy and idle time of all CPUs of the machine up to a moment. The clock reveals the CPU use of other processes.
 * Other processes disturb a measurement, because they take CPU time and cache memory from the load.
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
        // user, nice, system, idle, iowait, irq, softirq, steal. User and nice include the further fields.
        String[] fields = lines.get(0).trim().split(" +");
        long total = 0;
        for (int i = 1; i <= 8; i++) {
            total += Long.parseLong(fields[i]);
        }
        return new MachineClock(cpus, total, Long.parseLong(fields[4]) + Long.parseLong(fields[5]));
    }

    /** Returns the average number of busy CPUs since an earlier moment, or 0 if /proc/stat is missing or unchanged. */
    double busySince(MachineClock earlier) {
        long passed = total - earlier.total;
        return passed == 0 ? 0 : cpus * (1 - (double) (idle - earlier.idle) / passed);
    }
}
