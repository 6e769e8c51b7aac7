package io.github.futuresockets.bench.peer;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The read buffer and the reply buffer of a hand-written server. Decodes and encodes messages, and does no I/O.
 *
 * <p>Both buffers are direct, so the JDK makes no copy between a buffer and the kernel. Without frames, both buffers
 * share their memory. An instance is not thread-safe.
 */
final class EchoBuffers {
    private final boolean frames;
    private final ByteBuffer in;
    private final ByteBuffer out;

    /**
     * Allocates empty buffers.
     *
     * @param protocol the protocol of the server
     * @param size the maximum number of bytes of a read, raised to {@link Protocol#largestUnit} if smaller
     */
    EchoBuffers(Protocol protocol, int size) {
        frames = protocol == Protocol.FRAMES;
        in = ByteBuffer.allocateDirect(Math.max(size, protocol.largestUnit()));
        out = frames ? ByteBuffer.allocateDirect(in.capacity()) : in.duplicate();
    }

    /**
     * Returns the read buffer, ready for a read without a clear or flip. The bytes before its position are the start of
     * an incomplete frame. The buffer always has room.
     */
    ByteBuffer in() {
        return in;
    }

    /**
     * Returns the reply to the bytes read since the last call, with whole frames only for {@link Protocol#FRAMES}. The
     * reply is valid until the next read.
     *
     * @throws IOException if a frame is too long
     */
    ByteBuffer reply() throws IOException {
        in.flip();
        out.clear();
        if (frames) {
            for (ByteBuffer payload = decode(in); payload != null; payload = decode(in)) {
                out.putInt(payload.remaining()).put(payload);
            }
            in.compact();
            return out.flip();
        }
        out.limit(in.limit());
        in.clear();
        return out;
    }

    /**
     * Takes the next frame out of the read bytes.
     *
     * @return the payload, a slice of {@code in}; null if the frame is incomplete
     * @throws IOException if the length is negative or exceeds {@link Protocol#LARGEST_FRAME}
     */
    static @Nullable ByteBuffer decode(ByteBuffer in) throws IOException {
        if (in.remaining() < Protocol.HEADER) {
            return null;
        }
        int length = in.getInt(in.position());
        if (length < 0 || length > Protocol.LARGEST_FRAME) {
            throw new IOException("a frame of " + length + " bytes; the most is " + Protocol.LARGEST_FRAME);
        }
        if (in.remaining() - Protocol.HEADER < length) {
            return null;
        }
        in.getInt();
        return take(in, length);
    }

    /** Takes the next {@code length} bytes as a slice, without a copy. */
    static ByteBuffer take(ByteBuffer in, int length) {
        ByteBuffer taken = in.slice(in.position(), length);
        in.position(in.position() + length);
        return taken;
    }
}
