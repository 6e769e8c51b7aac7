package io.github.futuresockets.codec;

/** Counts the bytes that a thread allocates; by reflection, since the tests do not read the module that knows. */
final class Allocation {
    private Allocation() {}

    /** What may throw. */
    interface Step {
        void run() throws Exception;
    }

    /** How many bytes this thread allocates in {@code step}. */
    static long in(Step step) throws Exception {
        so();
        long before = so();
        step.run();
        return so() - before;
    }

    /** How many bytes this thread has allocated so far. */
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
