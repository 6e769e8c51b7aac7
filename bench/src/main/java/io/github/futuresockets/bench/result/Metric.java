package io.github.futuresockets.bench.result;

import io.github.futuresockets.bench.load.LoadResult;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** A figure that is derived from a measurement. */
public enum Metric {
    CPU("server CPU per message", "us", load -> load.serverMicrosPerMessage(), null),
    RATE("messages per second", "1/s", load -> load.messagesPerSecond(), null),
    /**
     * The number of messages for each second of the server's CPU time, for loads with a new TLS connection for each
     * message. Because a handshake takes nearly all the CPU time of such a message, the number counts handshakes.
     */
    HANDSHAKES("handshakes per second of CPU", "1/s", load -> load.messages() / load.serverSeconds(), null),
    /**
     * The median latency, for open loops and for closed loops with a single connection. In a closed loop with several
     * connections, a message waits for other messages, and a slow server gets fewer messages.
     */
    P50("latency, median", "us", load -> load.latency(50), null),
    /** The latency at the percentile 99, for the same loads as {@link #P50}. */
    P99("latency, 99 %", "us", load -> load.latency(99), null),
    MEMORY("heap and direct buffers per connection", "B", null, idle -> idle.heap() + idle.direct()),
    HEAP("heap per connection", "B", null, idle -> idle.heap()),
    DIRECT("direct buffers per connection", "B", null, idle -> idle.direct());

    private final String title;
    private final String unit;
    private final @Nullable ToDoubleFunction<LoadResult> ofLoad;
    private final @Nullable ToDoubleFunction<IdleResult> ofIdle;

    Metric(
            String title,
            String unit,
            @Nullable ToDoubleFunction<LoadResult> ofLoad,
            @Nullable ToDoubleFunction<IdleResult> ofIdle) {
        this.title = title;
        this.unit = unit;
        this.ofLoad = ofLoad;
        this.ofIdle = ofIdle;
    }

    /**
     * Returns true if the metric is meaningful under a workload. The rate of an open loop is not a result, because the
     * rate is prescribed.
     */
    boolean suits(Workload workload) {
        return (ofIdle != null) == workload.idle()
                && (this != RATE || workload.isClosedLoop())
                && (this != HANDSHAKES || workload.isHandshakes())
                && ((this != P50 && this != P99) || workload.hasLatency());
    }

    boolean isMoreBetter() {
        return this == RATE || this == HANDSHAKES;
    }

    double of(Measurement measurement) {
        if (ofLoad != null && measurement.load() != null) {
            return ofLoad.applyAsDouble(measurement.load());
        }
        if (ofIdle != null && measurement.idle() != null) {
            return ofIdle.applyAsDouble(measurement.idle());
        }
        throw new IllegalArgumentException(this + " of " + measurement);
    }

    public String title() {
        return title + " (" + unit + ")";
    }

    /** Formats a value for a reader, with 2 decimals below 10, with 1 below 100, and with none from 100 on. */
    public static String text(double value) {
        double size = Math.abs(value);
        String format = size >= 1000 ? "%,.0f" : size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, value);
    }
}
