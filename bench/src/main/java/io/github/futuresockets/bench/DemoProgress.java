package io.github.futuresockets.bench;

import java.io.Console;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Shows how far the demonstration is: one line, written anew, on a terminal; elsewhere a line every other second. */
final class DemoProgress {
    private static final long PLAIN_LINE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final boolean terminal = isTerminal();
    private final long begun = System.nanoTime();
    private long shown = begun;
    private int width;

    // From JDK 22 on there can be a console that is no terminal, and a method that tells.
    private static boolean isTerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }

    double seconds() {
        return (System.nanoTime() - begun) / 1e9;
    }

    /** To be called several times a second. */
    void show(long conversations, DemoScore lines, DemoScore binary) {
        long now = System.nanoTime();
        if (!terminal && now - shown < PLAIN_LINE_NANOS) {
            return;
        }
        shown = now;
        String line = String.format(
                Locale.ROOT,
                "%5.1f s  %d conversations, %d lines and %d binary messages verified, %.1f MB",
                seconds(),
                conversations,
                lines.messages(),
                binary.messages(),
                (lines.bytes() + binary.bytes()) / 1e6);
        if (terminal) {
            System.out.print("\r" + line + " ".repeat(Math.max(0, width - line.length())));
            System.out.flush();
            width = line.length();
        } else {
            System.out.println(line);
        }
    }

    /** What is printed next begins a line of its own. */
    void end() {
        if (terminal && width > 0) {
            System.out.println();
            width = 0;
        }
    }
}
