package io.github.futuresockets.bench.load;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The CPU time of a process up to a moment, user and system time together. The total is exact to about 10 ms. On a
 * system with /proc, the clock also has the time of each live thread, in nanoseconds, from the scheduler.
 */
final class CpuClock {
    /** The largest difference of two totals that may come from rounding alone, in nanoseconds. */
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
                    // The thread has ended after the listing, or the kernel has no such files.
                    continue;
                }
            }
        }
    }

    /**
     * Returns the CPU time since an earlier moment, in seconds. The sum over the live threads is exact, but leaves out
     * threads that have ended since the earlier moment. The coarse total includes ended threads. If the total exceeds
     * the sum by more than a rounding error, the total counts. Otherwise the sum counts.
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
