package io.github.futuresockets.impl.support;

import java.util.List;

/** Counts what threads allocate; by reflection, since the tests do not read the module that knows. */
public final class Allocation {
    private Allocation() {}

    /** How many bytes of heap these threads, and the calling one, have allocated so far. */
    public static long soFar(List<Thread> threads) {
        long sum = of(Thread.currentThread());
        for (Thread each : threads) {
            sum += of(each);
        }
        return sum;
    }

    @SuppressWarnings("deprecation")
    private static long of(Thread thread) {
        try {
            Object all = Class.forName("java.lang.management.ManagementFactory")
                    .getMethod("getThreadMXBean")
                    .invoke(null);
            return (long) Class.forName("com.sun.management.ThreadMXBean")
                    .getMethod("getThreadAllocatedBytes", long.class)
                    .invoke(all, thread.getId());
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
