package io.github.futuresockets.bench.demo;

import io.github.futuresockets.bench.common.ProgressLine;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * The progress of the demonstration on standard output. On a terminal, a single line is overwritten. Any other output
 * gets a new line every 2 seconds. For a single thread.
 */
final class DemoProgress {
    private static final long PLAIN_LINE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final ProgressLine output = new ProgressLine();
    private final long begun = System.nanoTime();
    private long shown = begun;

    /** Returns the seconds since the start of the demonstration. */
    double seconds() {
        return (System.nanoTime() - begun) / 1e9;
    }

    /** Shows the figures. The caller calls this method several times a second. */
    void show(long conversations, DemoScore lines, DemoScore binary) {
        long now = System.nanoTime();
        if (!output.isRewritten() && now - shown < PLAIN_LINE_NANOS) {
            return;
        }
        shown = now;
        output.show(String.format(
                Locale.ROOT,
                "%5.1f s  %d conversations, %d lines and %d binary messages verified, %.1f MB",
                seconds(),
                conversations,
                lines.messages(),
                binary.messages(),
                (lines.bytes() + binary.bytes()) / 1e6));
    }

    /** Ends the progress line, so that later output begins on a new line. */
    void end() {
        output.end();
    }
}
