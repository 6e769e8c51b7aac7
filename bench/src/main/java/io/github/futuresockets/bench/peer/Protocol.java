package io.github.futuresockets.bench.peer;

import io.github.futuresockets.bench.common.Arguments;
import io.github.futuresockets.bench.common.UsageException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import javax.net.ssl.SSLSocket;

/** A protocol of messages. Defines the form of a message and the echo of a server. */
public enum Protocol {
    /** Bytes without message bounds. A server sends all received bytes back. */
    ECHO(0, 64),

    /** A big-endian length of four bytes, then the payload. A server decodes each frame and encodes the frame again. */
    FRAMES(4, 32),

    /** The same as {@link #ECHO}, over TLS 1.3. */
    TLS(0, 64);

    /** The number of bytes of a frame's length. */
    static final int HEADER = 4;

    /** The maximum number of payload bytes of a frame. */
    public static final int LARGEST_FRAME = 1 << 16;

    /** The period of the sent bytes. A prime, so no buffer with a power of two as its size holds whole periods. */
    private static final int PRIME = 251;

    private final int header;
    private final int size;

    Protocol(int header, int size) {
        this.header = header;
        this.size = size;
    }

    public static Protocol from(Arguments arguments) throws UsageException {
        Protocol otherwise = arguments.flag("tls") ? TLS : ECHO;
        return named(arguments.text("protocol", otherwise.toString()));
    }

    public static Protocol named(String name) throws UsageException {
        for (Protocol each : values()) {
            if (each.toString().equals(name)) {
                return each;
            }
        }
        throw new UsageException("unknown protocol: " + name + " (there are " + names() + ")");
    }

    private static String names() {
        List<Protocol> all = Arrays.asList(values());
        return all.stream().map(Protocol::toString).collect(Collectors.joining(", "));
    }

    /** Returns the payload size of a message in bytes, if the arguments name no size. */
    public int defaultSize() {
        return size;
    }

    /** Returns the size of a message on the wire in bytes, including the length of a frame. */
    public int bytes(int payload) {
        return header + payload;
    }

    /** Returns a connected, blocking client socket. Over TLS, the handshake is complete. */
    public Socket connect(SocketAddress server) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(server);
            socket.setTcpNoDelay(true);
            if (this != TLS) {
                return socket;
            }
            SSLSocket encrypted = (SSLSocket) TlsIdentity.clientSockets().createSocket(socket, null, -1, true);
            encrypted.setSSLParameters(TlsIdentity.clientParameters());
            encrypted.startHandshake();
            return encrypted;
        } catch (Throwable e) {
            socket.close();
            throw e;
        }
    }

    /** Returns the minimum size of a read buffer. A smaller buffer may have no room for a whole frame or record. */
    int largestUnit() {
        return switch (this) {
            case ECHO -> 1;
            case FRAMES -> HEADER + LARGEST_FRAME;
            case TLS -> TlsStream.LARGEST_RECORD;
        };
    }

    /** Returns the period, in bytes, of the stream of messages of a connection. */
    public int period(int payload) {
        return this != FRAMES ? PRIME : PRIME * bytes(payload);
    }

    /**
     * Fills the buffer with the start of the stream of messages. Neighbouring payloads differ, unless the size of a
     * message is a multiple of the prime period.
     */
    public void fill(ByteBuffer stream, int payload) {
        for (int place = 0; stream.hasRemaining(); place++) {
            int offset = this != FRAMES ? place : place % bytes(payload);
            if (offset < header) {
                stream.put((byte) (payload >>> 8 * (header - 1 - offset)));
            } else {
                stream.put((byte) (place % PRIME));
            }
        }
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
