package io.github.futuresockets.codec;

import io.github.futuresockets.FrameTooLongException;
import java.nio.ByteBuffer;

/** Messages that are nothing but bytes. */
final class Content {
    private Content() {}

    /** The next {@code length} bytes, as a message of the caller's own. */
    static ByteBuffer take(ByteBuffer in, int length) {
        byte[] bytes = new byte[length];
        in.get(bytes);
        return ByteBuffer.wrap(bytes);
    }

    /** Puts a message where {@code out} stands, and leaves the message as it is. */
    static void put(ByteBuffer out, ByteBuffer message) {
        int length = message.remaining();
        out.put(out.position(), message, message.position(), length);
        out.position(out.position() + length);
    }

    /** What a message that is to be written fails with. */
    static FrameTooLongException tooLong(long limit, long length) {
        return new FrameTooLongException(
                "a message of " + length + " bytes, more than the " + limit + " allowed", limit, length);
    }

    /** What a message fails with that is not there yet. */
    static FrameTooLongException announced(long limit, String length, long seen) {
        return new FrameTooLongException(
                "a message of " + length + " bytes is announced, more than the " + limit + " allowed", limit, seen);
    }
}
