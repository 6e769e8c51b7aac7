package io.github.futuresockets.impl.operation;

import io.github.futuresockets.codec.Encoder;
import io.github.futuresockets.impl.transport.BufferPool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Encodes messages by the encoder of the user into buffers of this library. */
final class Encoding {
    /** The most bytes of a heap buffer on common JVMs. */
    private static final int MOST = Integer.MAX_VALUE - 8;

    private Encoding() {}

    /**
     * Puts a message at the position of {@code out}, or returns the encoded message. If the encoder throws, {@code out}
     * is as before.
     */
    static <T> @Nullable ByteBuffer put(T message, Encoder<? super T> encoder, ByteBuffer out) throws IOException {
        Objects.requireNonNull(message, "message");
        int begin = out.position();
        int limit = out.limit();
        boolean done = false;
        try {
            ByteBuffer own = encoder.encode(message, out);
            done = own == null && out.limit() == limit && out.position() >= begin;
            if (own == null && !done) {
                throw new IllegalStateException("the encoder changed its buffer to " + out);
            }
            return own;
        } finally {
            // The buffer is pooled, so a changed order would reach the encoders of other connections.
            out.order(ByteOrder.BIG_ENDIAN);
            if (!done) {
                out.limit(limit).position(begin);
            }
        }
    }

    /** Returns the bytes of a message. */
    static <T> ByteBuffer single(T message, Encoder<? super T> encoder) throws IOException {
        Objects.requireNonNull(message, "message");
        return Objects.requireNonNull(encoder.encode(message), "the encoder gave null");
    }

    /**
     * Returns the bytes of all messages. If the buffer is direct, the caller has to release the buffer to the pool.
     * Otherwise the buffer is new.
     */
    static <T> ByteBuffer all(Iterable<? extends T> messages, Encoder<? super T> encoder, BufferPool chunks)
            throws IOException {
        ByteBuffer out = chunks.acquire(1);
        boolean done = false;
        try {
            for (T message : messages) {
                ByteBuffer own = put(message, encoder, out);
                if (own != null) {
                    out = withRoom(out, own.remaining(), chunks);
                    out.put(own);
                }
            }
            done = true;
            return out.flip();
        } finally {
            if (!done && out.isDirect()) {
                chunks.release(out);
            }
        }
    }

    /** Returns a buffer with the same bytes and room for {@code length} more. Releases the old buffer. */
    private static ByteBuffer withRoom(ByteBuffer out, int length, BufferPool chunks) throws IOException {
        if (out.remaining() >= length) {
            return out;
        }
        long needed = (long) out.position() + length;
        if (needed > MOST) {
            throw new IOException("the messages have more than " + MOST + " bytes together");
        }
        ByteBuffer larger = needed <= BufferPool.LARGE
                ? chunks.acquire(needed)
                : ByteBuffer.allocate((int) Math.min(MOST, Math.max(needed, 2L * out.position())));
        larger.put(out.flip());
        if (out.isDirect()) {
            chunks.release(out);
        }
        return larger;
    }
}
