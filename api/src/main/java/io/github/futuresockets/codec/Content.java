package io.github.futuresockets.codec;

import java.nio.ByteBuffer;

/** Helpers for codecs with messages of plain bytes. */
final class Content {
    private Content() {}

    /** Reads the next {@code length} bytes into a new buffer, owned by the caller. */
    static ByteBuffer take(ByteBuffer in, int length) {
        byte[] bytes = new byte[length];
        in.get(bytes);
        return ByteBuffer.wrap(bytes);
    }

    /** Copies a message to the position of {@code out}. The position of the message is unchanged. */
    static void put(ByteBuffer out, ByteBuffer message) {
        int length = message.remaining();
        if (message.hasArray()) {
            out.put(message.array(), message.arrayOffset() + message.position(), length);
        } else {
            out.put(out.position(), message, message.position(), length);
            out.position(out.position() + length);
        }
    }

    /** Returns the length of an outgoing message, or throws if the length is more than the limit. */
    static int within(long length, int limit) throws FrameTooLongException {
        if (length > limit) {
            throw tooLong(limit, length);
        }
        return (int) length;
    }

    /** Returns the failure of an outgoing message of {@code length} bytes. */
    static FrameTooLongException tooLong(long limit, long length) {
        return new FrameTooLongException(
                "a message of " + length + " bytes, more than the " + limit + " allowed", limit, length);
    }

    /** Returns the failure of an incoming message with a length prefix above the limit. */
    static FrameTooLongException announced(long limit, String length, long seen) {
        return new FrameTooLongException(
                "a message of " + length + " bytes is announced, more than the " + limit + " allowed", limit, seen);
    }
}
