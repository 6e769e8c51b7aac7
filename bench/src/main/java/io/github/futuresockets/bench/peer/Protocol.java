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

/** What the messages look like, and what a server does with them. */
public enum Protocol {
    /** Bytes without bounds: sent back as they come. */
    ECHO(0, 64),

    /** A big-endian length of four bytes and so many bytes of payload: each is decoded, and encoded again. */
    FRAMES(4, 32),

    /** As {@link #ECHO}, over TLS 1.3. */
    TLS(0, 64);

    /** The bytes of a frame's length. */
    static final int HEADER = 4;

    /** The most bytes of payload in a frame. */
    public static final int LARGEST_FRAME = 1 << 16;

    /** Prime: it fits no power of two that a buffer might have. */
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

    /** The payload of a message unless another is asked for. */
    public int defaultSize() {
        return size;
    }

    /** The bytes of a message on the wire. */
    public int bytes(int payload) {
        return header + payload;
    }

    /** A client that blocks, ready to speak. */
    public Socket connect(SocketAddress server) throws IOException {
        Socket socket = new Socket();
        socket.connect(server);
        socket.setTcpNoDelay(true);
        if (this != TLS) {
            return socket;
        }
        SSLSocket encrypted = (SSLSocket) TlsIdentity.clientSockets().createSocket(socket, null, -1, true);
        encrypted.setSSLParameters(TlsIdentity.clientParameters());
        encrypted.startHandshake();
        return encrypted;
    }

    /** A buffer with less room than this may have to wait for bytes that do not fit into it. */
    int largestUnit() {
        return switch (this) {
            case ECHO -> 1;
            case FRAMES -> HEADER + LARGEST_FRAME;
            case TLS -> TlsStream.LARGEST_RECORD;
        };
    }

    /** After so many bytes the stream of messages that a connection sends repeats itself. */
    public int period(int payload) {
        return this != FRAMES ? PRIME : PRIME * bytes(payload);
    }

    /** The first bytes of that stream, as many as there is room for; each payload differs from its neighbours. */
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
