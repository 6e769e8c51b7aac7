package io.github.futuresockets.bench.compare;

import io.github.futuresockets.bench.common.ProgressLine;
import io.github.futuresockets.bench.load.LoadResult;
import io.github.futuresockets.bench.result.IdleResult;
import io.github.futuresockets.bench.result.Measurement;
import io.github.futuresockets.bench.result.Workload;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** The progress of a comparison on the console. Shows the current measurement, its result and the remaining time. */
public final class ComparisonProgress {
    private final ProgressLine line = new ProgressLine();
    private final long begun = System.nanoTime();
    private final int size;
    private int done;
    private int measured;

    public ComparisonProgress(int size) {
        this.size = size;
    }

    void begin(int round, Workload workload, String peer) {
        if (line.isRewritten()) {
            line.show(String.format(
                    "%3d %%  %s  round %d  %s  %s ...", 100 * done / size, left(), round, workload.name(), peer));
        }
    }

    void skip() {
        done++;
    }

    void end(Measurement measurement) {
        done++;
        measured++;
        line.show(String.format(
                "%3d %%  %s  round %d  %-10s %-28s %s",
                100 * done / size,
                left(),
                measurement.round(),
                measurement.workload(),
                measurement.peer(),
                outcome(measurement)));
        line.end();
    }

    private static String outcome(Measurement measurement) {
        if (measurement.load() != null) {
            LoadResult load = measurement.load();
            return String.format(
                    Locale.ROOT,
                    "%8.3f us/message  %9.0f messages/s  p99 %8.0f us%s",
                    load.serverMicrosPerMessage(),
                    load.messagesPerSecond(),
                    load.latency(99),
                    load.isDisturbed() ? String.format("  others used %.0f %% of a CPU", load.others()) : "");
        }
        if (measurement.idle() != null) {
            IdleResult idle = measurement.idle();
            return String.format(Locale.ROOT, "%8.0f bytes of heap, %.0f direct each", idle.heap(), idle.direct());
        }
        return "FAILED: " + measurement.failure();
    }

    private String left() {
        if (measured == 0) {
            return "-:-- left";
        }
        long seconds = TimeUnit.NANOSECONDS.toSeconds((System.nanoTime() - begun) / measured * (size - done));
        return String.format("%d:%02d left", seconds / 60, seconds % 60);
    }

    void end() {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun);
        System.out.printf("%d measurements in %d:%02d minutes%n", measured, seconds / 60, seconds % 60);
    }
}
