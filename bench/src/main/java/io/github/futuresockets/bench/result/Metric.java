package io.github.futuresockets.bench.result;

import io.github.futuresockets.bench.load.LoadResult;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** What is told of a measurement. */
public enum Metric {
    CPU("server CPU per message", "us", load -> load.serverMicrosPerMessage(), null),
    RATE("messages per second", "1/s", load -> load.messagesPerSecond(), null),
    /** Of a load that makes a connection for each message: over TLS a handshake is nearly all of what it costs. */
    HANDSHAKES("handshakes per second of CPU", "1/s", load -> load.messages() / load.serverSeconds(), null),
    /** Of a closed loop only with one connection: with more, a message waits for the others, and a slow server is asked less. */
    P50("latency, median", "us", load -> load.latency(50), null),
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

    /** Whether it says something about a workload: a rate that was asked for does not. */
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

    /** A value for a reader: three digits that count, and no fraction of a thing that is whole. */
    public static String text(double value) {
        double size = Math.abs(value);
        String format = size >= 1000 ? "%,.0f" : size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, value);
    }
}
