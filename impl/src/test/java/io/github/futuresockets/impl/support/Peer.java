package io.github.futuresockets.impl.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;

/**
 * The other end of a conversation: a blocking socket of the JDK, driven like a script, one call after the other. Nothing
 * of the library is in it.
 */
public final class Peer implements AutoCloseable {
    private final Socket socket;

    /** Speaks through a connected socket. */
    public Peer(Socket socket) {
        this.socket = socket;
        run(() -> {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) Await.LIMIT.toMillis());
        });
    }

    /** Calls a listener of the library. */
    public static Peer connect(SocketAddress listener) {
        Socket socket = new Socket();
        run(() -> socket.connect(listener, (int) Await.LIMIT.toMillis()));
        return new Peer(socket);
    }

    /** Sends text, at once and in one piece if the kernel has room. */
    public Peer send(String text) {
        return send(text.getBytes(UTF_8));
    }

    /** Sends bytes, at once and in one piece if the kernel has room. */
    public Peer send(byte... bytes) {
        run(() -> socket.getOutputStream().write(bytes));
        return this;
    }

    /** Sends the end of the stream. */
    public Peer end() {
        run(socket::shutdownOutput);
        return this;
    }

    /** The next byte, or -1 at the end of the stream. */
    public int read() {
        int[] next = new int[1];
        run(() -> next[0] = socket.getInputStream().read());
        return next[0];
    }

    /** Exactly {@code length} bytes. */
    public byte[] receive(int length) {
        byte[][] bytes = new byte[1][];
        run(() -> {
            bytes[0] = socket.getInputStream().readNBytes(length);
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
        run(() -> bytes[0] = socket.getInputStream().readAllBytes());
        return bytes[0];
    }

    /** Everything up to the end of the stream, as text. */
    public String textToEnd() {
        return new String(receiveAll(), UTF_8);
    }

    /** Reads on until the connection is over, by an end of the stream or by a reset. */
    public void awaitOver() {
        byte[] scrap = new byte[65_536];
        try {
            while (socket.getInputStream().read(scrap) >= 0) {
                continue;
            }
        } catch (SocketTimeoutException e) {
            throw new UncheckedIOException("still connected", e);
        } catch (IOException reset) {
            return;
        }
    }

    /** Ends the connection by a reset. */
    public void reset() {
        run(() -> {
            socket.setSoLinger(true, 0);
            socket.close();
        });
    }

    /** The address of this end. */
    public InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    /** The socket, for what is not here. */
    public Socket socket() {
        return socket;
    }

    @Override
    public void close() {
        run(socket::close);
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
