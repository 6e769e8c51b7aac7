package io.github.futuresockets.bench.load;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The CPU time of a process at one moment, user and system time: thread by thread in nanoseconds as the scheduler counts
 * them where there is a /proc, and as a whole to some 10 ms.
 */
final class CpuClock {
    private static final long GRAIN_NANOS = 20_000_000;

    private final Map<String, Long> nanosByThread = new HashMap<>();
    private final long wholeNanos;

    private CpuClock(long wholeNanos) {
        this.wholeNanos = wholeNanos;
    }

    static CpuClock of(long pid) throws IOException {
        CpuClock clock = new CpuClock(ProcessHandle.of(pid)
                .flatMap(process -> process.info().totalCpuDuration())
                .orElseThrow(() -> new IOException("the CPU time of process " + pid + " cannot be read"))
                .toNanos());
        Path tasks = Path.of("/proc", Long.toString(pid), "task");
        if (Files.exists(tasks)) {
            clock.readTasks(tasks);
        }
        return clock;
    }

    private void readTasks(Path tasks) throws IOException {
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks)) {
            for (Path thread : threads) {
                try {
                    String[] fields =
                            Files.readString(thread.resolve("schedstat")).split(" ");
                    nanosByThread.put(thread.getFileName().toString(), Long.parseLong(fields[0]));
                } catch (IOException e) {
                    // The thread has ended since it was listed, or this kernel has no such file for any of them.
                    continue;
                }
            }
        }
    }

    /**
     * What it has used since then. The sum over the threads that live is exact but for those that have ended in between,
     * which only the whole knows; so the whole counts where it is more than its own grain above the sum.
     */
    double secondsSince(CpuClock earlier) {
        long threads = 0;
        for (Map.Entry<String, Long> thread : nanosByThread.entrySet()) {
            threads += thread.getValue() - earlier.nanosByThread.getOrDefault(thread.getKey(), 0L);
        }
        long whole = wholeNanos - earlier.wholeNanos;
        return (whole - threads > GRAIN_NANOS ? whole : threads) / 1e9;
    }
}
