package io.github.futuresockets;

import io.github.futuresockets.codec.Decoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The decoder of a stream of messages. Each message takes at least one byte; otherwise the same message would come for ever. */
record Advancing<T>(AsyncReader reader, Decoder<? extends T> decoder) implements Decoder<T> {
    Advancing {
        int limit = decoder.limit();
        if (limit < 1) {
            throw new IllegalArgumentException("the decoder's limit " + limit + " is less than 1");
        }
    }

    @Override
    public @Nullable T decode(ByteBuffer in, int seen) throws IOException {
        int begin = in.position();
        T message = decoder.decode(in, seen);
        if (message != null && in.position() == begin) {
            Object peer = reader instanceof AsyncSocket ? ((AsyncSocket) reader).remoteAddress() : reader;
            throw new IllegalStateException("messages from " + peer + ": the decoder "
                    + decoder.getClass().getName() + " made a message and took none of the " + in.remaining()
                    + " bytes");
        }
        return message;
    }

    @Override
    public @Nullable T end(ByteBuffer rest) throws IOException {
        return decoder.end(rest);
    }

    @Override
    public int limit() {
        return decoder.limit();
    }
}
