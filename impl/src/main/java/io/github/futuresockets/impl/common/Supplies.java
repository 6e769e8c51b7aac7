package io.github.futuresockets.impl.common;

import java.nio.ByteBuffer;
import java.util.concurrent.ThreadFactory;

/**
 * The resources of the JVM that an engine uses. Tests replace them.
 *
 * @param clock the time and the timers
 * @param memory the source of pooled buffers
 * @param threads the source of threads beside the I/O threads
 */
public record Supplies(Clock clock, Memory memory, Threads threads) {

    /** Allocates the buffers of a buffer pool. Each method may throw an {@link OutOfMemoryError}. */
    public interface Memory {
        Memory JVM = new Memory() {};

        /** Returns a direct buffer of the given capacity. */
        default ByteBuffer direct(int bytes) {
            return ByteBuffer.allocateDirect(bytes);
        }

        /** Returns a heap buffer of the given capacity. */
        default ByteBuffer array(int bytes) {
            return ByteBuffer.allocate(bytes);
        }
    }

    /**
     * Makes the factories of helper threads. A factory, and the start of its threads, may throw an
     * {@link OutOfMemoryError}.
     */
    public interface Threads {
        Threads JVM = io.github.futuresockets.impl.common.Threads::daemons;

        /** Returns a factory of daemon threads with the given name. */
        ThreadFactory named(String name);
    }

    /** Returns the resources of the JVM with the given clock. */
    public static Supplies at(Clock clock) {
        return new Supplies(clock, Memory.JVM, Threads.JVM);
    }
}
