package io.github.futuresockets.impl.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.LinkedBlockingQueue;

/** A channel that takes bytes on demand of a test. Without a demand, a writer waits. */
public final class SlowSink implements WritableByteChannel {
    /** The demands. A demand is a number of bytes to take, or a failure. */
    private final LinkedBlockingQueue<Object> orders = new LinkedBlockingQueue<>();

    // guarded by taken
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    // set by the test
    private volatile boolean eager;
    // changed by the writing thread
    private volatile int waiting;

    /** Demands {@code count} bytes from a single write. */
    public void take(int count) {
        orders.add(count);
    }

    /** Demands everything from now on. */
    public void takeAll() {
        eager = true;
        take(Integer.MAX_VALUE);
    }

    /** Demands a failure. */
    public void fail(IOException failure) {
        orders.add(failure);
    }

    /** Waits until the number of begun writes is {@code time}. */
    public void awaitWriter(int time) {
        Await.until(() -> "writer " + time, () -> waiting >= time);
    }

    /** Returns the taken bytes, as text. */
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
