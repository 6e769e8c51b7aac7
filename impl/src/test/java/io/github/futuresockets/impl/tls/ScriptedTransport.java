package io.github.futuresockets.impl.tls;

import static org.junit.jupiter.api.Assertions.assertSame;

import io.github.futuresockets.impl.transport.IoLoop;
import io.github.futuresockets.impl.transport.Transport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A transport below TLS that a test drives: the test lets bytes arrive, gives room for bytes, and sends the signals.
 * Keeps the buffer of a write without room until the next write, as a transport may. Used by one thread at a time.
 */
final class ScriptedTransport implements Transport {
    private static final Object END = new Object();

    private final ScriptedLoop loop;
    private final Deque<Object> input = new ArrayDeque<>();
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();

    /** The receiver of the signals. */
    Listener listener;

    /** The requests for signals that no signal has answered. */
    int readRequests;

    int writeRequests;

    /** The number of calls of {@link #write}. */
    int writes;

    /** The number of bytes for which there is room. */
    int room = Integer.MAX_VALUE;

    /** The buffer of the last write, if there was no room. */
    ByteBuffer lent;

    /** The failure of each write and of each end of the output. */
    IOException broken;

    /** Runs within each write, before the result. */
    Runnable duringWrite = () -> {};

    /** Runs within each request for a signal of arrived bytes. */
    Runnable duringAwaitReadable = () -> {};

    /** Runs within each request for a signal of room. */
    Runnable duringAwaitWritable = () -> {};

    boolean outputEnded;
    boolean outputEndedAsLast;

    /** The callback of the close, until the test calls it. */
    Runnable closed;

    boolean released;

    ScriptedTransport(ScriptedLoop loop) {
        this.loop = loop;
    }

    /** Lets bytes arrive, without a signal. */
    ScriptedTransport arrive(byte[] bytes) {
        input.add(bytes);
        return this;
    }

    /** Lets the end of stream arrive, without a signal. */
    ScriptedTransport end() {
        input.add(END);
        return this;
    }

    /** Lets the next read fail, without a signal. */
    ScriptedTransport fail(IOException failure) {
        input.add(failure);
        return this;
    }

    /** Returns true if no arrived bytes are left. */
    boolean isDrained() {
        return input.isEmpty();
    }

    /** Sends the signal for input. */
    void readable() {
        readRequests = 0;
        listener.readable();
    }

    /** Sends the signal for output. */
    void writable() {
        writeRequests = 0;
        listener.writable();
    }

    /** Returns the bytes that have been written since the last call. */
    byte[] written() {
        byte[] all = output.toByteArray();
        output.reset();
        return all;
    }

    @Override
    public void listen(Listener who) {
        listener = who;
    }

    @Override
    public ByteBuffer read(int max, boolean ask) throws IOException {
        if (closed != null) {
            throw new ClosedChannelException();
        }
        Object next = input.poll();
        if (next == null) {
            return NOTHING;
        }
        if (next instanceof IOException failure) {
            throw failure;
        }
        if (next == END) {
            input.add(END);
            return null;
        }
        byte[] bytes = (byte[]) next;
        return loop.chunks().acquire(bytes.length).put(bytes).flip();
    }

    @Override
    public void awaitReadable() {
        readRequests++;
        duringAwaitReadable.run();
    }

    @Override
    public int write(ByteBuffer src) throws IOException {
        writes++;
        duringWrite.run();
        if (lent != null) {
            assertSame(lent, src, "the buffer of the write that has found no room");
        }
        if (broken != null) {
            throw broken;
        }
        if (closed != null) {
            throw new ClosedChannelException();
        }
        int count = Math.min(room, src.remaining());
        for (int i = 0; i < count; i++) {
            output.write(src.get());
        }
        room -= count;
        lent = count == 0 ? src : null;
        return count;
    }

    @Override
    public void awaitWritable() {
        writeRequests++;
        duringAwaitWritable.run();
    }

    @Override
    public boolean shutdownOutput(boolean last) throws IOException {
        if (broken != null) {
            throw broken;
        }
        outputEnded = room > 0;
        outputEndedAsLast = outputEnded && last;
        return outputEnded;
    }

    @Override
    public void close(boolean reset, Runnable whenClosed) {
        closed = whenClosed;
    }

    @Override
    public void released() {
        released = true;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <T> void setOption(SocketOption<T> name, T value) {
        throw new UnsupportedOperationException();
    }

    @Override
    public SocketAddress localAddress() {
        return InetSocketAddress.createUnresolved("here", 1);
    }

    @Override
    public SocketAddress remoteAddress() {
        return InetSocketAddress.createUnresolved("there", 2);
    }

    @Override
    public IoLoop loop() {
        return loop;
    }
}
