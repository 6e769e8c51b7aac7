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
 * The other end of a conversation, driven like a script, one call after the other: a blocking socket of the JDK, with nothing of
 * the library in it, or what stands for one where there is no kernel.
 */
public final class Peer implements AutoCloseable {
    private static volatile PeerTransports wires = PeerTransports.KERNEL;

    private final PeerTransports.PeerTransport wire;

    /** Speaks through a wire. */
    Peer(PeerTransports.PeerTransport wire) {
        this.wire = wire;
    }

    /** What peers of this JVM speak through from now on. */
    public static void use(PeerTransports those) {
        wires = those;
    }

    static PeerTransports wires() {
        return wires;
    }

    /** Calls a listener of the library. */
    public static Peer connect(SocketAddress listener) {
        try {
            return new Peer(wires.connect(listener));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends text, at once and in one piece if the kernel has room. */
    public Peer send(String text) {
        return send(text.getBytes(UTF_8));
    }

    /** Sends bytes, at once and in one piece if the kernel has room. */
    public Peer send(byte... bytes) {
        run(() -> {
            wire.write(ByteBuffer.wrap(bytes));
        });
        return this;
    }

    /** Sends the end of the stream. */
    public Peer end() {
        run(wire::end);
        return this;
    }

    /** The next byte, or -1 at the end of the stream. */
    public int read() {
        int[] next = new int[1];
        run(() -> next[0] = input().read());
        return next[0];
    }

    /** Exactly {@code length} bytes. */
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

    /** Exactly {@code length} bytes, as text. */
    public String text(int length) {
        return new String(receive(length), UTF_8);
    }

    /** Everything up to the end of the stream. A reset is an error here. */
    public byte[] receiveAll() {
        byte[][] bytes = new byte[1][];
        run(() -> bytes[0] = input().readAllBytes());
        return bytes[0];
    }

    /** Everything up to the end of the stream, as text. */
    public String textToEnd() {
        return new String(receiveAll(), UTF_8);
    }

    /** How a connection is over, as its peer sees it. */
    public enum Ending {
        /** By an end of the stream. */
        END,
        /** By a reset. */
        RESET
    }

    /** Reads on until the connection is over, and tells how. */
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

    /** Reads on until the connection is over, by an end of the stream or by a reset. */
    public void awaitOver() {
        ending();
    }

    /** Ends the connection by a reset. */
    public void reset() {
        run(wire::reset);
    }

    /** The address of this end. */
    public SocketAddress address() {
        return wire.localAddress();
    }

    /** The address of the other end. */
    public SocketAddress remoteAddress() {
        return wire.remoteAddress();
    }

    /** What comes from the other end. */
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
