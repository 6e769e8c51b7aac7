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

    /** An engine refuses a longer message and says why. At most 64 KiB of records are kept, headers included. */
    private static final int LONGEST = 48 << 10;

    private static final int SERVER_NAME = 0;
    private static final int HOST_NAME = 0;

    private ClientHello() {}

    /**
     * The server that a client asks for, in lower case.
     *
     * @param records the bytes that have come, from the first one on, and maybe more than the first message; they stay where they are
     * @return empty if none is named, or if the bytes are not the beginning of a ClientHello; null: more bytes are needed
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

    /** Whether the bytes of a message that have come, its header at first, may be those of a ClientHello of a sound length. */
    private static boolean mayBeginHello(int header, int bytes) {
        return bytes == 0 || header >>> 24 == CLIENT_HELLO && (header & 0xffffff) <= LONGEST;
    }

    /** Only when all of it is there: whoever sends byte after byte must not have all of them copied each time. */
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
