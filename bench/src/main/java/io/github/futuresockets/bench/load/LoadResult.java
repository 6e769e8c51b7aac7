package io.github.futuresockets.bench.load;

import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * What a load has seen in its counted time.
 *
 * @param messages how many came back
 * @param bytes how many came back
 * @param seconds how long it took
 * @param latencies at each of {@link #PERCENTILES}, in microseconds
 * @param serverSeconds CPU time of the server, all its threads; 0: not asked for
 * @param loadSeconds CPU time of the load generator
 * @param others how much of one CPU was used by neither the load nor the server, in percent; with an unknown server this
 *     is the server's too
 */
public record LoadResult(
        long messages,
        long bytes,
        double seconds,
        List<Double> latencies,
        double serverSeconds,
        double loadSeconds,
        double others) {

    /** So much of one CPU, in percent, is what an idle machine does anyway. */
    public static final double DISTURBING = 10;

    public static final List<Double> PERCENTILES =
            List.of(0.0, 10.0, 25.0, 50.0, 75.0, 90.0, 95.0, 99.0, 99.5, 99.9, 99.95, 99.99, 100.0);

    static List<Double> latencies(Histogram nanos) {
        return PERCENTILES.stream()
                .map(percentile -> nanos.getValueAtPercentile(percentile) / 1e3)
                .toList();
    }

    /** The time within which so many of 100 messages were back, in microseconds. */
    public double latency(double percentile) {
        return latencies.get(PERCENTILES.indexOf(percentile));
    }

    public double messagesPerSecond() {
        return messages / seconds;
    }

    public double serverMicrosPerMessage() {
        return serverSeconds * 1e6 / messages;
    }

    /** How much of one CPU the server used, in percent; at 100 nothing but a one-threaded server limits the load. */
    public double serverBusy() {
        return 100 * serverSeconds / seconds;
    }

    /** How much of one CPU the load generator used, in percent; at 100 it may be what limits the rate. */
    public double loadBusy() {
        return 100 * loadSeconds / seconds;
    }

    /** Whether other processes were at work: no figure shows that of itself. */
    public boolean isDisturbed() {
        return others > DISTURBING;
    }

    @Override
    public String toString() {
        String seen = String.format(
                Locale.ROOT,
                "messages=%d bytes=%d seconds=%.6f messages/s=%.0f MB/s=%.1f p50-us=%.1f p99-us=%.1f",
                messages,
                bytes,
                seconds,
                messagesPerSecond(),
                bytes / seconds / 1e6,
                latency(50),
                latency(99));
        if (serverSeconds == 0) {
            return seen;
        }
        return seen
                + String.format(
                        Locale.ROOT,
                        " server-seconds=%.6f server-us/message=%.3f server-busy-percent=%.0f load-busy-percent=%.0f"
                                + " others-percent=%.0f",
                        serverSeconds,
                        serverMicrosPerMessage(),
                        serverBusy(),
                        loadBusy(),
                        others);
    }
}
