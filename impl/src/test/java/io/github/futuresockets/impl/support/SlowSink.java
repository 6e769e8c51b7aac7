package io.github.futuresockets.impl.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.LinkedBlockingQueue;

/** A channel that takes what a test says, when it says so; until then who writes to it waits. */
public final class SlowSink implements WritableByteChannel {
    /** What it does: takes so many bytes, or fails. */
    private final LinkedBlockingQueue<Object> orders = new LinkedBlockingQueue<>();

    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    private volatile boolean eager;
    private volatile int waiting;

    /** Takes so many bytes, of one write. */
    public void take(int count) {
        orders.add(count);
    }

    /** Takes everything from now on. */
    public void takeAll() {
        eager = true;
        take(Integer.MAX_VALUE);
    }

    /** Fails. */
    public void fail(IOException failure) {
        orders.add(failure);
    }

    /** Waits until somebody has begun to write for that time. */
    public void awaitWriter(int time) {
        Await.until(() -> "writer " + time, () -> waiting >= time);
    }

    /** What it has taken. */
    public String taken() {
        synchronized (taken) {
            return taken.toString(UTF_8);
        }
    }

    @Override
    public int write(ByteBuffer src) throws IOException {
        waiting++;
        Object order = Integer.MAX_VALUE;
        if (!eager || !orders.isEmpty()) {
            try {
                order = orders.take();
            } catch (InterruptedException e) {
                throw new IOException("interrupted", e);
            }
        }
        if (order instanceof IOException) {
            throw (IOException) order;
        }
        byte[] bytes = new byte[Math.min(src.remaining(), (Integer) order)];
        src.get(bytes);
        synchronized (taken) {
            taken.writeBytes(bytes);
        }
        return bytes.length;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {}
}
