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
        ByteBuffer hello = ByteBuffer.allocate(records.remaining());
        ByteBuffer rest = records.duplicate();
        while (rest.hasRemaining()) {
            if (rest.get(rest.position()) != HANDSHAKE) {
                return "";
            }
            if (rest.remaining() < RECORD_HEADER) {
                return null;
            }
            int length = rest.getShort(rest.position() + 3) & 0xffff;
            if (length == 0) {
                return "";
            }
            rest.position(rest.position() + RECORD_HEADER);
            int here = Math.min(length, rest.remaining());
            hello.put(rest.slice().limit(here));
            rest.position(rest.position() + here);
        }
        return ofMessage(hello.flip());
    }

    private static @Nullable String ofMessage(ByteBuffer hello) {
        if (hello.hasRemaining() && hello.get(0) != CLIENT_HELLO) {
            return "";
        }
        if (hello.remaining() < 4 || hello.remaining() - 4 < (hello.getInt(0) & 0xffffff)) {
            return null;
        }
        try {
            hello.limit(4 + (hello.getInt() & 0xffffff));
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
