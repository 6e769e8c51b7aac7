package io.github.futuresockets.bench;

import io.github.futuresockets.codec.Codec;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Frames of {@link Protocol#FRAMES}, as a user writes it who wants a payload of its own. */
final class FrameCodec implements Codec<ByteBuffer> {
    private static final int HEADER = 4;

    private final int limit;

    FrameCodec(int limit) {
        this.limit = limit;
    }

    @Override
    public @Nullable ByteBuffer decode(ByteBuffer in, int seen) throws IOException {
        if (in.remaining() < HEADER) {
            return null;
        }
        int length = in.getInt(in.position());
        if (length < 0 || length > limit) {
            throw new IOException("a frame of " + length + " bytes, at most " + limit + " are allowed");
        }
        if (in.remaining() - HEADER < length) {
            return null;
        }
        byte[] payload = new byte[length];
        in.position(in.position() + HEADER).get(payload);
        return ByteBuffer.wrap(payload);
    }

    @Override
    public int limit() {
        return HEADER + limit;
    }

    @Override
    public ByteBuffer encode(ByteBuffer payload) {
        int length = payload.remaining();
        ByteBuffer frame = ByteBuffer.allocate(HEADER + length).putInt(length);
        return frame.put(HEADER, payload, payload.position(), length).rewind();
    }
}
