package io.github.futuresockets.impl.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;

/**
 * The other end of a conversation, driven by blocking calls in order. A peer is a blocking socket of the JDK without
 * code of the library, or a substitute without a kernel.
 */
public final class Peer implements AutoCloseable {
    private static volatile PeerTransports wires = PeerTransports.KERNEL;

    private final PeerTransports.PeerTransport wire;

    /** Creates a peer over a transport. */
    Peer(PeerTransports.PeerTransport wire) {
        this.wire = wire;
    }

    /** Sets the transports for all new peers of the JVM. */
    public static void use(PeerTransports those) {
        wires = those;
    }

    static PeerTransports wires() {
        return wires;
    }

    /** Connects to a listener of the library. */
    public static Peer connect(SocketAddress listener) {
        try {
            return new Peer(wires.connect(listener));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends text. If the kernel has room, the text is sent at once and as a single piece. */
    public Peer send(String text) {
        return send(text.getBytes(UTF_8));
    }

    /** Sends bytes. If the kernel has room, the bytes are sent at once and as a single piece. */
    public Peer send(byte... bytes) {
        run(() -> {
            wire.write(ByteBuffer.wrap(bytes));
        });
        return this;
    }

    /** Sends the end of stream. */
    public Peer end() {
        run(wire::end);
        return this;
    }

    /** Returns the next byte, or -1 at the end of stream. */
    public int read() {
        int[] next = new int[1];
        run(() -> next[0] = input().read());
        return next[0];
    }

    /** Returns exactly {@code length} bytes. */
    public byte[] receive(int length) {
        byte[][] bytes = new byte[1][];
        run(() -> {
            bytes[0] = input().readNBytes(length);
            if (bytes[0].length < length) {
                throw new EOFException("ended after " + bytes[0].length + " of " + length + " bytes");
            }
        });
        return bytes[0];
    }

    /** Returns exactly {@code length} bytes, as text. */
    public String text(int length) {
        return new String(receive(length), UTF_8);
    }

    /** Returns everything up to the end of stream. Fails after a reset. */
    public byte[] receiveAll() {
        byte[][] bytes = new byte[1][];
        run(() -> bytes[0] = input().readAllBytes());
        return bytes[0];
    }

    /** Returns everything up to the end of stream, as text. */
    public String textToEnd() {
        return new String(receiveAll(), UTF_8);
    }

    /** The end of a connection, as seen by the peer. */
    public enum Ending {
        /** End of stream. */
        END,
        /** A reset. */
        RESET
    }

    /** Reads until the connection has ended, and returns the kind of the end. */
    public Ending ending() {
        byte[] scrap = new byte[65_536];
        try {
            while (input().read(scrap) >= 0) {
                continue;
            }
            return Ending.END;
        } catch (SocketTimeoutException e) {
            throw new UncheckedIOException("still connected", e);
        } catch (IOException reset) {
            return Ending.RESET;
        }
    }

    /** Reads until the connection has ended, by an end of stream or by a reset. */
    public void awaitOver() {
        ending();
    }

    /** Ends the connection by a reset. */
    public void reset() {
        run(wire::reset);
    }

    /** Returns the address of the peer. */
    public SocketAddress address() {
        return wire.localAddress();
    }

    /** Returns the address of the library end. */
    public SocketAddress remoteAddress() {
        return wire.remoteAddress();
    }

    /** Returns the stream of received bytes. */
    public InputStream input() {
        return wire.input();
    }

    @Override
    public void close() {
        run(wire::close);
    }

    private interface Step {
        void run() throws IOException;
    }

    private static void run(Step step) {
        try {
            step.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
