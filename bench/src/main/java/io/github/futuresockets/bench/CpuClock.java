package io.github.futuresockets.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * The CPU time of a process at one moment, thread by thread: user and system time, in nanoseconds as the scheduler counts
 * them. Where there is no /proc it is the time of the whole process, to some 10 ms.
 */
final class CpuClock {
    private static final String WHOLE = "whole process";

    private final Map<String, Long> nanosByThread = new HashMap<>();

    private CpuClock() {}

    static CpuClock of(long pid) throws IOException {
        CpuClock clock = new CpuClock();
        Path tasks = Path.of("/proc", Long.toString(pid), "task");
        if (Files.exists(tasks)) {
            clock.readTasks(tasks);
        }
        if (clock.nanosByThread.isEmpty()) {
            Duration total = ProcessHandle.of(pid)
                    .flatMap(process -> process.info().totalCpuDuration())
                    .orElseThrow(() -> new IOException("the CPU time of process " + pid + " cannot be read"));
            clock.nanosByThread.put(WHOLE, total.toNanos());
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

    /** What the threads that live now have used since then. A compiler thread that ended in between is not counted. */
    double secondsSince(CpuClock earlier) {
        long sum = 0;
        for (Map.Entry<String, Long> thread : nanosByThread.entrySet()) {
            sum += thread.getValue() - earlier.nanosByThread.getOrDefault(thread.getKey(), 0L);
        }
        return sum / 1e9;
    }
}
