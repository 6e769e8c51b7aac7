package io.github.futuresockets.impl.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;

/**
 * The other end of a conversation: a blocking socket of the JDK, driven like a script, one call after the other. Nothing
 * of the library is in it.
 */
public final class Peer implements AutoCloseable {
    private final SocketChannel channel;
    private final SocketAddress local;
    private final SocketAddress remote;
    private final InputStream in;

    /** Speaks through a connected channel. */
    Peer(SocketChannel channel) {
        this.channel = channel;
        try {
            local = channel.getLocalAddress();
            remote = channel.getRemoteAddress();
            if (local instanceof InetSocketAddress) {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                channel.socket().setSoTimeout((int) Await.LIMIT.toMillis());
                in = channel.socket().getInputStream();
            } else {
                in = Channels.newInputStream(channel);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Calls a listener of the library. */
    public static Peer connect(SocketAddress listener) {
        try {
            return new Peer(SocketChannel.open(listener));
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
            ByteBuffer rest = ByteBuffer.wrap(bytes);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
        });
        return this;
    }

    /** Sends the end of the stream. */
    public Peer end() {
        run(channel::shutdownOutput);
        return this;
    }

    /** The next byte, or -1 at the end of the stream. */
    public int read() {
        int[] next = new int[1];
        run(() -> next[0] = in.read());
        return next[0];
    }

    /** Exactly {@code length} bytes. */
    public byte[] receive(int length) {
        byte[][] bytes = new byte[1][];
        run(() -> {
            bytes[0] = in.readNBytes(length);
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
        run(() -> bytes[0] = in.readAllBytes());
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
            while (in.read(scrap) >= 0) {
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
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            channel.close();
        });
    }

    /** The address of this end. */
    public SocketAddress address() {
        return local;
    }

    /** The address of the other end. */
    public SocketAddress remoteAddress() {
        return remote;
    }

    /** What comes from the other end. */
    public InputStream input() {
        return in;
    }

    @Override
    public void close() {
        run(channel::close);
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
