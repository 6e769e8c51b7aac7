package io.github.futuresockets;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The first thing that a client says, before anything is encrypted: RFC 8446, 4.1.2, and its name of the server, RFC 6066, 3. */
final class ClientHello {
    private static final int HANDSHAKE = 22;
    private static final int CLIENT_HELLO = 1;
    private static final int RECORD_HEADER = 5;
    private static final int MESSAGE_HEADER = 4;
    private static final int VERSION_AND_RANDOM = 34;
    private static final int SERVER_NAME = 0;
    private static final int HOST_NAME = 0;

    private ClientHello() {}

    /**
     * The server that a client asks for, in lower case.
     *
     * @param records all that has come, from the first byte on; they stay where they are
     * @return empty if none is named, or this is nothing that a client says; null: it goes on
     */
    static @Nullable String serverName(ByteBuffer records) {
        // The type and the length of the message, which may be cut into records, too.
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
            if (length == 0) {
                return "";
            }
            if (records.limit() - at - RECORD_HEADER < length) {
                return null;
            }
            for (int i = 0; i < length && bytes + i < MESSAGE_HEADER; i++) {
                header |= (records.get(at + RECORD_HEADER + i) & 0xff) << 8 * (MESSAGE_HEADER - 1 - bytes - i);
            }
            bytes += length;
        }
        if (bytes == 0) {
            return null;
        }
        if (header >>> 24 != CLIENT_HELLO) {
            return "";
        }
        return bytes < MESSAGE_HEADER + (header & 0xffffff) ? null : ofMessage(withoutHeaders(records.duplicate()));
    }

    /** Only when all of it is there: whoever sends byte after byte must not have all of them copied each time. */
    private static ByteBuffer withoutHeaders(ByteBuffer records) {
        ByteBuffer hello = ByteBuffer.allocate(records.remaining());
        while (records.hasRemaining()) {
            int length = lengthAt(records, records.position());
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
            hello.limit(MESSAGE_HEADER + (hello.getInt() & 0xffffff));
            skip(hello, VERSION_AND_RANDOM);
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

    /** What is behind a length of two bytes. */
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
