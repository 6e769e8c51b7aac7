package io.github.futuresockets.impl.support;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.concurrent.LinkedBlockingQueue;

/** A channel that gives bytes on demand of a test. Without bytes, a reader waits. */
public final class SlowSource implements ReadableByteChannel {
    private static final byte[] END = {};

    /** The bytes and failures for the next reads. */
    private final LinkedBlockingQueue<Object> given = new LinkedBlockingQueue<>();

    // changed by the reading thread
    private volatile int waiting;
    private volatile String thread = "";

    /** Gives bytes for a single read. */
    public void give(byte... bytes) {
        given.add(bytes);
    }

    /** Gives the end of stream. */
    public void end() {
        given.add(END);
    }

    /** Gives a failure for a single read. */
    public void fail(Throwable failure) {
        given.add(failure);
    }

    /** Waits until the number of begun reads is {@code time}. */
    public void awaitReader(int time) {
        Await.until(() -> "reader " + time, () -> waiting >= time);
    }

    /** Returns the name of the last reading thread. */
    public String thread() {
        return thread;
    }

    @Override
    public int read(ByteBuffer dst) throws IOException {
        thread = Thread.currentThread().getName();
        waiting++;
        Object next;
        try {
            next = given.take();
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
        if (next instanceof IOException) {
            throw (IOException) next;
        }
        if (next instanceof RuntimeException) {
            throw (RuntimeException) next;
        }
        byte[] bytes = (byte[]) next;
        dst.put(bytes);
        return next == END ? -1 : bytes.length;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {}
}
