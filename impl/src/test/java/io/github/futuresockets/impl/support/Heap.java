package io.github.futuresockets.impl.support;

/** How much memory is in use, and how deep the stack is. */
public final class Heap {
    private Heap() {}

    /** The bytes of the heap that are in use after a collection. */
    public static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** The frames of the current thread. */
    public static int depth() {
        return StackWalker.getInstance().walk(frames -> (int) frames.count());
    }
}
