package io.github.futuresockets.bench.demo;

import io.github.futuresockets.bench.common.ProgressLine;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Shows how far the demonstration is: one line, written anew, on a terminal; elsewhere a line every other second. */
final class DemoProgress {
    private static final long PLAIN_LINE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final ProgressLine output = new ProgressLine();
    private final long begun = System.nanoTime();
    private long shown = begun;

    double seconds() {
        return (System.nanoTime() - begun) / 1e9;
    }

    /** To be called several times a second. */
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

    /** What is printed next begins a line of its own. */
    void end() {
        output.end();
    }
}
