package io.github.futuresockets.codec;

/** Counts the bytes allocated by a thread. Uses reflection, because the tests do not read the management modules. */
final class Allocation {
    private Allocation() {}

    /** An action, free to throw any exception. */
    interface Step {
        void run() throws Exception;
    }

    /** Returns the number of bytes allocated by the calling thread in {@code step}. */
    static long in(Step step) throws Exception {
        so();
        long before = so();
        step.run();
        return so() - before;
    }

    /** Returns the number of all bytes allocated by the calling thread. */
    private static long so() throws ReflectiveOperationException {
        Object threads = Class.forName("java.lang.management.ManagementFactory")
                .getMethod("getThreadMXBean")
                .invoke(null);
        return (long) Class.forName("com.sun.management.ThreadMXBean")
                .getMethod("getThreadAllocatedBytes", long.class)
                .invoke(threads, threadId());
    }

    @SuppressWarnings("deprecation")
    private static long threadId() {
        return Thread.currentThread().getId();
    }
}
