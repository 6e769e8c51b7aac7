package io.github.futuresockets.bench.peer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * A TLS stream from a bare {@link SSLEngine} over a socket. The baseline for the cost of TLS in Java.
 *
 * <p>Delegated tasks of the engine run within the call. The scratch buffers belong to the thread. A stream has memory
 * of its own only for the start of an incomplete record and for unsent records.
 */
public final class TlsStream implements SocketStream {
    /** An upper bound for the size of a TLS record, in bytes. */
    public static final int LARGEST_RECORD = 1 << 15;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /**
     * The buffers of a thread for records received or sent within a call. Both buffers are on the heap, because the
     * ciphers of the JDK work on arrays.
     */
    static final class Scratch {
        private final ByteBuffer in = ByteBuffer.allocate(1 << 17);
        private final ByteBuffer out = ByteBuffer.allocate(1 << 17);
    }

    private final SocketChannel channel;
    private final SSLEngine engine;
    private final Scratch scratch;
    /** The start of an incomplete record, null if there is none. */
    private @Nullable ByteBuffer incomplete;
    /** The records not yet taken by the socket, null if there are none. */
    private @Nullable ByteBuffer unsent;
    /** The number of plain-text bytes in {@link #unsent}. */
    private int unsentPlain;

    TlsStream(SocketChannel channel, SSLEngine engine, Scratch scratch) throws SSLException {
        this.channel = channel;
        this.engine = engine;
        this.scratch = scratch;
        engine.beginHandshake();
    }

    @Override
    public int handshake() throws IOException {
        ByteBuffer in = arrived().flip();
        try {
            while (flush()) {
                switch (engine.getHandshakeStatus()) {
                    case NEED_TASK -> runTasks();
                    case NEED_WRAP -> {
                        engine.wrap(NOTHING, scratch.out.clear());
                        send();
                    }
                    case NEED_UNWRAP -> {
                        if (!unwrapHandshake(in)) {
                            return SelectionKey.OP_READ;
                        }
                    }
                    default -> {
                        return 0;
                    }
                }
            }
            return SelectionKey.OP_WRITE;
        } finally {
            keep(in);
        }
    }

    /** Returns false if the engine needs more bytes and the socket has none. */
    private boolean unwrapHandshake(ByteBuffer in) throws IOException {
        SSLEngineResult result = engine.unwrap(in, NOTHING);
        switch (result.getStatus()) {
            case OK:
                return true;
            case CLOSED:
                throw new SSLException("the handshake was ended by the other side");
            default:
                in.compact().limit(LARGEST_RECORD);
                int count = channel.read(in);
                in.flip();
                if (count < 0) {
                    throw new SSLException("the connection has ended amid the handshake");
                }
                return count > 0;
        }
    }

    @Override
    public int read(ByteBuffer dst) throws IOException {
        int before = dst.position();
        ByteBuffer in = arrived();
        // At most the bytes with room in dst, because the plain text of a record is shorter than the record.
        int count = channel.read(in.limit(Math.min(in.capacity(), dst.remaining())));
        in.flip();
        try {
            while (in.hasRemaining()) {
                SSLEngineResult result = engine.unwrap(in, dst);
                if (result.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
                    runTasks();
                }
                if (result.getStatus() != SSLEngineResult.Status.OK) {
                    break;
                }
            }
        } finally {
            keep(in);
        }
        int plain = dst.position() - before;
        return plain == 0 && (count < 0 || engine.isInboundDone()) ? -1 : plain;
    }

    @Override
    public int write(ByteBuffer src) throws IOException {
        int before = src.position();
        if (!flush()) {
            return 0;
        }
        src.position(before + unsentPlain);
        unsentPlain = 0;
        while (src.hasRemaining()) {
            int from = src.position();
            ByteBuffer out = scratch.out.clear();
            do {
                SSLEngineResult result = engine.wrap(src, out);
                if (result.bytesProduced() == 0) {
                    throw new SSLException("the engine sends nothing: " + result);
                }
            } while (src.hasRemaining() && out.remaining() >= LARGEST_RECORD);
            if (!send()) {
                unsentPlain = src.position() - from;
                src.position(from);
                break;
            }
        }
        return src.position() - before;
    }

    private boolean send() throws IOException {
        ByteBuffer out = scratch.out.flip();
        channel.write(out);
        unsent = rest(out);
        return unsent == null;
    }

    private boolean flush() throws IOException {
        if (unsent != null) {
            channel.write(unsent);
            if (unsent.hasRemaining()) {
                return false;
            }
            unsent = null;
        }
        return true;
    }

    private ByteBuffer arrived() {
        ByteBuffer in = scratch.in.clear();
        if (incomplete != null) {
            in.put(incomplete);
            incomplete = null;
        }
        return in;
    }

    private void keep(ByteBuffer in) {
        incomplete = rest(in);
    }

    private static @Nullable ByteBuffer rest(ByteBuffer of) {
        return of.hasRemaining() ? ByteBuffer.allocate(of.remaining()).put(of).flip() : null;
    }

    private void runTasks() {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    /** Closes the socket, after a close_notify if the socket has room. */
    @Override
    public void close() throws IOException {
        try (channel) {
            engine.closeOutbound();
            if (channel.isConnected() && flush()) {
                engine.wrap(NOTHING, scratch.out.clear());
                channel.write(scratch.out.flip());
            }
        } catch (IOException e) {
            // Ignored, because the other side is gone already and needs no close_notify.
        }
    }
}
