package io.github.futuresockets.impl;

import java.nio.ByteBuffer;
import java.util.concurrent.ThreadFactory;

/** The resources of the JVM that an engine asks for while it works: the time, memory for chunks, threads beside the I/O threads. */
record Supplies(Clock clock, Memory memory, Threads threads) {

    /** Makes the buffers that {@link Chunks} hands out. Each method may throw an {@link OutOfMemoryError}. */
    interface Memory {
        Memory JVM = new Memory() {};

        default ByteBuffer direct(int bytes) {
            return ByteBuffer.allocateDirect(bytes);
        }

        default ByteBuffer array(int bytes) {
            return ByteBuffer.allocate(bytes);
        }
    }

    /** Makes the factories of helper threads. A factory, and the start of its threads, may throw an {@link OutOfMemoryError}. */
    interface Threads {
        Threads JVM = Engine::daemons;

        ThreadFactory named(String name);
    }

    /** The resources of the JVM, with the time of that clock. */
    static Supplies at(Clock clock) {
        return new Supplies(clock, Memory.JVM, Threads.JVM);
    }
}
