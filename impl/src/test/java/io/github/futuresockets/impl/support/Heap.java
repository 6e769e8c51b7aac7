package io.github.futuresockets.impl.support;

/** Measures memory in use and stack depth. */
public final class Heap {
    private Heap() {}

    /** Returns the number of heap bytes in use after a garbage collection. */
    public static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** Returns the number of stack frames of the current thread. */
    public static int depth() {
        return StackWalker.getInstance().walk(frames -> (int) frames.count());
    }
}
