package io.github.futuresockets.bench.peer;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a server written by hand reads into, and what it sends back: decoding and encoding, and no I/O. Both are direct, so
 * the JDK copies nothing on the way to the kernel.
 */
final class EchoBuffers {
    private final boolean frames;
    private final ByteBuffer in;
    private final ByteBuffer out;

    /**
     * Empty buffers.
     *
     * @param size how many bytes one read may bring; for frames and records of TLS more, if less than the largest of them
     */
    EchoBuffers(Protocol protocol, int size) {
        frames = protocol == Protocol.FRAMES;
        in = ByteBuffer.allocateDirect(Math.max(size, protocol.largestUnit()));
        out = frames ? ByteBuffer.allocateDirect(in.capacity()) : in.duplicate();
    }

    /** To read into, as it is: before its position is the start of a frame that is not complete. There always is room. */
    ByteBuffer in() {
        return in;
    }

    /** What is to be sent back for what has been read; gone when something is read again. */
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
     * Takes the next frame out of what has been read.
     *
     * @return its payload, a piece of the same buffer; null: it has not arrived yet, not all of it
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

    /** Takes so many bytes, without a copy. */
    static ByteBuffer take(ByteBuffer in, int length) {
        ByteBuffer taken = in.slice(in.position(), length);
        in.position(in.position() + length);
        return taken;
    }
}
