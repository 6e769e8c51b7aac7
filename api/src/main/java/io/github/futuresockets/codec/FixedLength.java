package io.github.futuresockets.codec;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The codec of {@link Codecs#fixedLength}. */
final class FixedLength implements Sized<ByteBuffer> {
    private final int length;

    FixedLength(int length) {
        this.length = length;
    }

    @Override
    public @Nullable ByteBuffer decode(ByteBuffer in, int seen) {
        return in.remaining() < length ? null : Content.take(in, length);
    }

    @Override
    public int limit() {
        return length;
    }

    @Override
    public int size(ByteBuffer message) throws IOException {
        if (message.remaining() != length) {
            throw new IOException("a message of " + message.remaining() + " bytes, not of " + length);
        }
        return length;
    }

    @Override
    public void put(ByteBuffer message, ByteBuffer out) {
        Content.put(out, message);
    }
}
