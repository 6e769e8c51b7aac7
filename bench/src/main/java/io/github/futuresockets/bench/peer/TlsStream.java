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
 * A bare engine over a socket: the least that TLS costs in Java. Its tasks run within the call.
 *
 * <p>The buffers are the thread's; a stream has memory of its own only for the start of a record, and for what the socket did not
 * take.
 */
public final class TlsStream implements SocketStream {
    /** More than the most bytes that a record takes. */
    public static final int LARGEST_RECORD = 1 << 15;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** Records that have just arrived, and that are just being sent. Not direct: the ciphers of the JDK work on arrays. */
    static final class Scratch {
        private final ByteBuffer in = ByteBuffer.allocate(1 << 17);
        private final ByteBuffer out = ByteBuffer.allocate(1 << 17);
    }

    private final SocketChannel channel;
    private final SSLEngine engine;
    private final Scratch scratch;
    private @Nullable ByteBuffer incomplete;
    private @Nullable ByteBuffer unsent;
    /** How many bytes of plain text are in {@link #unsent}. */
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

    /** False if there is no whole record. */
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
        // Plain text is shorter, so all that is read finds room.
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

    /** With a close_notify if there is room for it. */
    @Override
    public void close() throws IOException {
        try (channel) {
            engine.closeOutbound();
            if (channel.isConnected() && flush()) {
                engine.wrap(NOTHING, scratch.out.clear());
                channel.write(scratch.out.flip());
            }
        } catch (IOException e) {
            // The other side is gone already, which is all that this would have brought about.
        }
    }
}
