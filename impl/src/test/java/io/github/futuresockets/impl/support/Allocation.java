package io.github.futuresockets.impl.support;

import java.util.List;

/** Counts the bytes allocated by threads. Uses reflection, because the tests do not read the management modules. */
public final class Allocation {
    private Allocation() {}

    /** Returns the number of heap bytes allocated by the given threads and by the calling thread. */
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
