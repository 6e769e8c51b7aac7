package io.github.futuresockets.bench.common;

import java.io.Console;

/** A line of progress, overwritten in place on a terminal and printed as a new line elsewhere. */
public final class ProgressLine {
    private final boolean terminal = isTerminal();
    private int width;

    // Since JDK 22 a console need not be a terminal. Console.isTerminal, from the same JDK, reports the difference.
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

    /** Returns true if a line replaces the previous line. */
    public boolean isRewritten() {
        return terminal;
    }

    public void show(String line) {
        if (terminal) {
            System.out.print("\r" + line + " ".repeat(Math.max(0, width - line.length())));
            System.out.flush();
            width = line.length();
        } else {
            System.out.println(line);
        }
    }

    /** Ends the line, and further output begins a new line. */
    public void end() {
        if (width > 0) {
            System.out.println();
            width = 0;
        }
    }
}
