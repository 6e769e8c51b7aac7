package io.github.futuresockets.impl.support;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.concurrent.LinkedBlockingQueue;

/** A channel that gives what a test says, when it says so; until then who reads it waits. */
public final class SlowSource implements ReadableByteChannel {
    private static final byte[] END = {};

    /** What it gives: bytes, or a failure. */
    private final LinkedBlockingQueue<Object> given = new LinkedBlockingQueue<>();

    private volatile int waiting;
    private volatile String thread = "";

    /** Gives bytes. */
    public void give(byte... bytes) {
        given.add(bytes);
    }

    /** Ends. */
    public void end() {
        given.add(END);
    }

    /** Fails. */
    public void fail(Throwable failure) {
        given.add(failure);
    }

    /** Waits until somebody has begun to read for that time. */
    public void awaitReader(int time) {
        Await.until(() -> "reader " + time, () -> waiting >= time);
    }

    /** The name of the last thread that has read. */
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
