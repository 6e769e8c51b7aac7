package io.github.futuresockets.bench.common;

import java.io.Console;

/** One line, written anew again and again, on a terminal; elsewhere each is a line of its own. */
public final class ProgressLine {
    private final boolean terminal = isTerminal();
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

    /** Whether a line takes the place of the one before it. */
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

    /** What is printed next begins a line of its own. */
    public void end() {
        if (width > 0) {
            System.out.println();
            width = 0;
        }
    }
}
