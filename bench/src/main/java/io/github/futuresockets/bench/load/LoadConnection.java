package io.github.futuresockets.bench.load;

import io.github.futuresockets.bench.peer.SocketStream;
import io.github.futuresockets.bench.peer.SocketStreams;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.HdrHistogram.Histogram;

/** A connection of the load generator that sends messages and checks every byte of the echo. */
final class LoadConnection implements LoadClient {
    /*
     * The most bytes of a read or a write. Each byte of the stream is known, in both directions, so a lost, doubled or
     * displaced part is detected. Because the period of the stream divides no power of two, a displacement by a power
     * of two, the usual size of a buffer, is detected too.
     */
    private static final int WINDOW = 1 << 18;

    /** The most messages in flight on a connection of an open loop. */
    private static final int MOST_BEHIND = 1 << 12;

    /** The buffers and streams that all connections of a thread share. They keep no bytes from a call to the next. */
    static final class Scratch {
        private final SocketStreams streams;
        private final int period;
        private final ByteBuffer out;
        private final ByteBuffer expected;
        private final ByteBuffer in = ByteBuffer.allocateDirect(WINDOW);

        Scratch(Shape shape, SocketStreams streams) {
            this.streams = streams;
            period = shape.protocol().period(shape.size());
            out = ByteBuffer.allocateDirect(WINDOW + period);
            shape.protocol().fill(out, shape.size());
            expected = out.duplicate();
        }
    }

    private final Scratch scratch;
    private final Histogram latencies;
    private final SocketChannel channel;
    private final SocketStream stream;
    private final SelectionKey key;
    private final int size;
    /** A ring with the start of each message in flight. In an open loop the start is the planned time. */
    private final long[] begun;

    private final boolean closedLoop;
    private long issued;
    private long sent;
    private long received;
    private long completed;

    LoadConnection(int port, Shape shape, Selector selector, Scratch scratch, Histogram latencies) throws IOException {
        this.scratch = scratch;
        this.latencies = latencies;
        size = shape.bytes();
        closedLoop = !shape.isOpenLoop();
        begun = new long[closedLoop ? shape.depth() : MOST_BEHIND];
        channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        stream = scratch.streams.client(channel);
        // The channel still blocks here, so the handshake is complete on return.
        stream.handshake();
        channel.configureBlocking(false);
        key = channel.register(selector, SelectionKey.OP_READ, this);
    }

    @Override
    public void begin() throws IOException {
        if (closedLoop) {
            issue(begun.length, System.nanoTime());
            write();
        }
    }

    @Override
    public void send(long due) throws IOException {
        if (issued - completed == begun.length) {
            throw new IOException("the server is " + begun.length + " messages behind on " + this);
        }
        issue(1, due);
        write();
    }

    /** Reads the available bytes. In a closed loop a new message follows each complete message. */
    @Override
    public int ready() throws IOException {
        int complete = key.isReadable() ? read() : 0;
        write();
        return complete;
    }

    private int read() throws IOException {
        ByteBuffer in = scratch.in.clear();
        int count = stream.read(in);
        if (count < 0) {
            throw new IOException("the server ended " + this + " after " + received + " bytes");
        }
        check(in.flip());
        received += count;
        // The limit is not `sent`: a TLS stream may have encrypted and sent bytes that its write did not report.
        if (received > issued * size) {
            throw new IOException("of " + issued * size + " bytes " + received + " came back on " + this);
        }
        long now = System.nanoTime();
        int complete = (int) (received / size - completed);
        for (int i = 0; i < complete; i++) {
            latencies.recordValue(now - begun[(int) (completed++ % begun.length)]);
        }
        if (closedLoop) {
            issue(complete, now);
        }
        return complete;
    }

    private void check(ByteBuffer in) throws IOException {
        int phase = (int) (received % scratch.period);
        int wrong = in.mismatch(scratch.expected.limit(phase + in.remaining()).position(phase));
        if (wrong >= 0) {
            throw new IOException("byte " + (received + wrong) + " on " + this + " is not the one that was sent");
        }
    }

    private void issue(int messages, long now) {
        for (int i = 0; i < messages; i++) {
            begun[(int) (issued++ % begun.length)] = now;
        }
    }

    private void write() throws IOException {
        long owed = issued * size - sent;
        while (owed > 0) {
            int phase = (int) (sent % scratch.period);
            int length = (int) Math.min(owed, WINDOW);
            int written = stream.write(scratch.out.limit(phase + length).position(phase));
            sent += written;
            owed -= written;
            if (written < length) {
                break;
            }
        }
        int wanted = owed > 0 ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ;
        if (key.interestOps() != wanted) {
            key.interestOps(wanted);
        }
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }

    @Override
    public String toString() {
        return channel.socket().getLocalSocketAddress() + " -> "
                + channel.socket().getRemoteSocketAddress();
    }
}
