package io.github.futuresockets.bench.load;

import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * The result of a load in its counted time.
 *
 * @param messages the number of messages that came back
 * @param bytes the number of bytes that came back
 * @param seconds the length of the counted time
 * @param latencies the latencies at each of {@link #PERCENTILES}, in microseconds
 * @param serverSeconds the CPU time of all threads of the server, or 0 without a measurement of the server
 * @param loadSeconds the CPU time of the load generator
 * @param others the CPU use of all other processes, in percent of a CPU. Without a measurement of the server, the
 *     figure includes the server.
 */
public record LoadResult(
        long messages,
        long bytes,
        double seconds,
        List<Double> latencies,
        double serverSeconds,
        double loadSeconds,
        double others) {

    /** The highest CPU use of other processes in an undisturbed measurement, in percent of a CPU. */
    public static final double DISTURBING = 10;

    public static final List<Double> PERCENTILES =
            List.of(0.0, 10.0, 25.0, 50.0, 75.0, 90.0, 95.0, 99.0, 99.5, 99.9, 99.95, 99.99, 100.0);

    static List<Double> latencies(Histogram nanos) {
        return PERCENTILES.stream()
                .map(percentile -> nanos.getValueAtPercentile(percentile) / 1e3)
                .toList();
    }

    /** Returns the latency at a percentile, in microseconds. The percentile must be among {@link #PERCENTILES}. */
    public double latency(double percentile) {
        return latencies.get(PERCENTILES.indexOf(percentile));
    }

    public double messagesPerSecond() {
        return messages / seconds;
    }

    public double serverMicrosPerMessage() {
        return serverSeconds * 1e6 / messages;
    }

    /** Returns the server's use of a CPU, in percent. At 100 a server with a single thread is the limit of the load. */
    public double serverBusy() {
        return 100 * serverSeconds / seconds;
    }

    /** Returns the load generator's use of a CPU, in percent. At 100 the generator may limit the rate. */
    public double loadBusy() {
        return 100 * loadSeconds / seconds;
    }

    /** Returns true if other processes took enough CPU time to disturb the measurement. */
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
