package io.github.futuresockets.impl.tls;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A parser of the first message of a TLS client (RFC 8446, 4.1.2). Finds the name of the server that the client asks
 * for (RFC 6066, 3).
 */
final class ClientHello {
    private static final int HANDSHAKE = 22;
    private static final int CLIENT_HELLO = 1;
    private static final int RECORD_HEADER = 5;
    private static final int MESSAGE_HEADER = 4;
    private static final int VERSION_AND_RANDOM = 34;

    /**
     * The longest message to parse, in bytes. A longer message goes to the engine, which refuses it with a reason. At
     * most 64 KiB of records are kept, headers included.
     */
    private static final int MAX_LENGTH = 48 << 10;

    private static final int SERVER_NAME = 0;
    private static final int HOST_NAME = 0;

    private ClientHello() {}

    /**
     * Returns the server name that a client asks for, in lower case.
     *
     * @param records the received bytes from the first byte of the stream on, maybe with bytes after the first message;
     *     not changed
     * @return the name; empty if the client gives no name, or if the bytes do not begin a ClientHello; null if more
     *     bytes are needed
     */
    static @Nullable String serverName(ByteBuffer records) {
        // The type and the length of the message. These four bytes may be spread over several records.
        int header = 0;
        int bytes = 0;
        for (int at = records.position(); at < records.limit(); at += RECORD_HEADER + lengthAt(records, at)) {
            if (records.get(at) != HANDSHAKE) {
                return "";
            }
            if (records.limit() - at < RECORD_HEADER) {
                return null;
            }
            int length = lengthAt(records, at);
            int here = Math.min(length, records.limit() - at - RECORD_HEADER);
            for (int i = 0; i < here && bytes + i < MESSAGE_HEADER; i++) {
                header |= (records.get(at + RECORD_HEADER + i) & 0xff) << 8 * (MESSAGE_HEADER - 1 - bytes - i);
            }
            bytes += here;
            if (length == 0 || !mayBeginHello(header, bytes)) {
                return "";
            }
            int total = MESSAGE_HEADER + (header & 0xffffff);
            if (bytes >= MESSAGE_HEADER && bytes >= total) {
                return ofMessage(message(records.duplicate(), total));
            }
            if (here < length) {
                return null;
            }
        }
        return null;
    }

    /**
     * Returns true if the first bytes of a message may belong to a ClientHello of at most {@link #MAX_LENGTH} bytes.
     */
    private static boolean mayBeginHello(int header, int bytes) {
        return bytes == 0 || header >>> 24 == CLIENT_HELLO && (header & 0xffffff) <= MAX_LENGTH;
    }

    /**
     * Copies a complete message out of its records. Called once per message, because a copy for each received byte
     * would let a slow sender cost much time.
     */
    private static ByteBuffer message(ByteBuffer records, int total) {
        ByteBuffer hello = ByteBuffer.allocate(total);
        while (hello.hasRemaining()) {
            int length = Math.min(lengthAt(records, records.position()), hello.remaining());
            skip(records, RECORD_HEADER);
            hello.put(records.slice().limit(length));
            skip(records, length);
        }
        return hello.flip();
    }

    private static int lengthAt(ByteBuffer records, int record) {
        return (records.get(record + 3) & 0xff) << 8 | records.get(record + 4) & 0xff;
    }

    private static String ofMessage(ByteBuffer hello) {
        try {
            skip(hello, MESSAGE_HEADER + VERSION_AND_RANDOM);
            skip(hello, hello.get() & 0xff);
            skip(hello, hello.getShort() & 0xffff);
            skip(hello, hello.get() & 0xff);
            return hello.hasRemaining() ? ofExtensions(next(hello)) : "";
        } catch (BufferUnderflowException wrong) {
            return "";
        }
    }

    private static String ofExtensions(ByteBuffer extensions) {
        while (extensions.hasRemaining()) {
            int type = extensions.getShort() & 0xffff;
            ByteBuffer content = next(extensions);
            if (type == SERVER_NAME) {
                ByteBuffer names = next(content);
                if (names.get() == HOST_NAME) {
                    return StandardCharsets.US_ASCII
                            .decode(next(names))
                            .toString()
                            .toLowerCase(Locale.ROOT);
                }
                return "";
            }
        }
        return "";
    }

    /** Takes a length of two bytes, and returns as many bytes after the length. */
    private static ByteBuffer next(ByteBuffer from) {
        int length = from.getShort() & 0xffff;
        ByteBuffer content = from.slice();
        skip(from, length);
        return content.limit(length);
    }

    private static void skip(ByteBuffer from, int count) {
        if (count > from.remaining()) {
            throw new BufferUnderflowException();
        }
        from.position(from.position() + count);
    }
}
