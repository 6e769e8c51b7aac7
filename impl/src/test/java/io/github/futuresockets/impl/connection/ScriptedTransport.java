package io.github.futuresockets.impl.connection;

import io.github.futuresockets.impl.transport.DirectTransport;
import io.github.futuresockets.impl.transport.IoLoop;
import io.github.futuresockets.impl.transport.Transport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * A transport that a test drives: the test lets bytes arrive, gives room for bytes, and sends the signals. Counts the
 * calls of the core. Not thread-safe, except for tests that use one thread at a time.
 */
final class ScriptedTransport implements Transport, DirectTransport {
    /** An arrived end of stream. */
    private static final Object END = new Object();

    private final ManualLoop loop;

    /** The input that has arrived: byte arrays, failures and the end. */
    private final Deque<Object> input = new ArrayDeque<>();

    private final ByteArrayOutputStream output = new ByteArrayOutputStream();

    /** The sizes of the reads of the core. A negative size is a read that has asked the kernel. */
    final List<Integer> reads = new ArrayList<>();

    /** The number of calls of {@link #write}. */
    int writes;

    /** The requests for signals that no signal has answered. */
    int readRequests;

    int writeRequests;

    /** The number of bytes for which there is room. */
    int room = Integer.MAX_VALUE;

    /** Runs within each read, before the result. */
    Runnable duringRead = () -> {};

    /** Runs within each write, before the result. */
    Runnable duringWrite = () -> {};

    /** Runs within each request for input. */
    Runnable duringReadRequest = () -> {};

    /** Runs within the end of the output, and within the close. */
    Runnable duringEnd = () -> {};

    Runnable duringClose = () -> {};

    /** Runs within each request for room. */
    Runnable duringWriteRequest = () -> {};

    /** Runs within each request for the local address. */
    Runnable duringAddress = () -> {};

    /** The buffer of the last write. */
    ByteBuffer offered;

    /** True if a read that finds nothing is conclusive. */
    boolean settles = true;

    /** The task of the last {@link #settles}, or null. */
    Runnable settling;

    boolean withinRecord;

    /** True if buffers of callers are read and written directly. */
    boolean direct;

    IOException broken;
    boolean outputEnded;
    Boolean closedWithReset;

    /** The callback of the close, until the test calls it. */
    Runnable closed;

    /** True if the close ends within the call. */
    boolean closesAtOnce = true;

    boolean released;
    private Listener listener;

    ScriptedTransport(ManualLoop loop) {
        this.loop = loop;
    }

    /** Lets bytes arrive, without a signal. */
    ScriptedTransport arrive(String bytes) {
        input.add(bytes.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

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

    /** Sends the signal for input on the loop. */
    void readable() {
        readRequests = 0;
        loop.onLoop(listener::readable);
    }

    /** Sends the signal for output on the loop. */
    void writable() {
        writeRequests = 0;
        loop.onLoop(listener::writable);
    }

    /** Does something with the listener, as a transport may. */
    void signal(Consumer<Listener> what) {
        what.accept(listener);
    }

    /** Returns the bytes that the core has written. */
    String written() {
        return output.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void listen(Listener who) {
        listener = who;
    }

    @Override
    public ByteBuffer read(int max, boolean ask) throws IOException {
        reads.add(ask ? -max : max);
        duringRead.run();
        if (closedWithReset != null) {
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
        ByteBuffer chunk = loop.chunks().acquire(Math.min(max, bytes.length));
        int count = Math.min(Math.min(max, bytes.length), chunk.capacity());
        chunk.put(bytes, 0, count).flip();
        if (count < bytes.length) {
            input.addFirst(java.util.Arrays.copyOfRange(bytes, count, bytes.length));
        }
        return chunk;
    }

    @Override
    public boolean settles(Runnable then) {
        if (!settles) {
            settling = then;
        }
        return settles;
    }

    @Override
    public boolean isWithinRecord() {
        return withinRecord;
    }

    @Override
    public void awaitReadable() {
        readRequests++;
        duringReadRequest.run();
    }

    @Override
    public int write(ByteBuffer src) throws IOException {
        writes++;
        offered = src;
        duringWrite.run();
        if (broken != null) {
            throw broken;
        }
        if (closedWithReset != null) {
            throw new ClosedChannelException();
        }
        int count = Math.min(room, src.remaining());
        for (int i = 0; i < count; i++) {
            output.write(src.get());
        }
        room -= count;
        return count;
    }

    @Override
    public void awaitWritable() {
        writeRequests++;
        duringWriteRequest.run();
    }

    @Override
    public boolean shutdownOutput(boolean last) {
        duringEnd.run();
        outputEnded = room > 0;
        return outputEnded;
    }

    @Override
    public void close(boolean reset, Runnable whenClosed) {
        closedWithReset = reset;
        closed = whenClosed;
        duringClose.run();
        if (closesAtOnce) {
            whenClosed.run();
        }
    }

    @Override
    public void released() {
        released = true;
    }

    @Override
    public DirectTransport direct() {
        return direct ? this : null;
    }

    @Override
    public boolean mayRead() {
        return true;
    }

    @Override
    public int read(ByteBuffer dst) throws IOException {
        ByteBuffer chunk = read(dst.remaining(), false);
        if (chunk == null) {
            return -1;
        }
        int count = chunk.remaining();
        dst.put(chunk);
        return count;
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
        duringAddress.run();
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
