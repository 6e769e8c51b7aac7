package io.github.futuresockets.bench.demo;

import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** The counts and latencies of the conversations of a kind. Written by all I/O threads. */
public final class DemoScore {
    private final String name;
    private final LongAdder messages = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final Histogram latencies = new ConcurrentHistogram(2);

    public DemoScore(String name) {
        this.name = name;
    }

    /** Adds a verified message of {@code length} bytes, with a round trip of {@code nanos} nanoseconds. */
    void add(long length, long nanos) {
        messages.increment();
        bytes.add(length);
        latencies.recordValue(nanos);
    }

    long messages() {
        return messages.sum();
    }

    long bytes() {
        return bytes.sum();
    }

    /** Returns the line of the report. */
    String line(double seconds) {
        return String.format(
                Locale.ROOT,
                "%-9s %10d messages %9.0f messages/s %8.1f MB/s   p50 %8.2f ms   p99 %8.2f ms",
                name,
                messages(),
                messages() / seconds,
                bytes() / seconds / 1e6,
                latencies.getValueAtPercentile(50) / 1e6,
                latencies.getValueAtPercentile(99) / 1e6);
    }
}
