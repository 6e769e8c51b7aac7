package io.github.futuresockets.impl.stress;

import io.github.futuresockets.codec.Decoder;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/** Decoders in each style that the interface allows, with names. */
public final class Decoders {
    private Decoders() {}

    /** Returns a decoder for a byte of length and then the content. Signals missing bytes by an underflow. */
    public static Decoder<ByteBuffer> prefixed() {
        return new Named("prefixed", 65_536) {
            @Override
            public ByteBuffer decode(ByteBuffer in, int seen) {
                byte[] content = new byte[in.get() & 0xff];
                in.get(content);
                return ByteBuffer.wrap(content);
            }
        };
    }

    /** Returns a decoder for {@code length} bytes. Signals missing bytes by null, after moving the position. */
    public static Decoder<ByteBuffer> fixed(int length, int limit) {
        return new Named("fixed " + length + " of " + limit, limit) {
            @Override
            public ByteBuffer decode(ByteBuffer in, int seen) {
                byte[] content = new byte[Math.min(length, in.remaining())];
                in.get(content);
                return content.length < length ? null : ByteBuffer.wrap(content);
            }
        };
    }

    /**
     * Returns a decoder for lines. Each call searches only the new bytes. The end of the stream also ends a message.
     */
    public static Decoder<ByteBuffer> lines() {
        return new Named("lines", 1_000) {
            @Override
            public ByteBuffer decode(ByteBuffer in, int seen) {
                for (int i = in.position() + seen; i < in.limit(); i++) {
                    if (in.get(i) == '\n') {
                        byte[] content = new byte[i + 1 - in.position()];
                        in.get(content);
                        return ByteBuffer.wrap(content);
                    }
                }
                return null;
            }

            @Override
            public ByteBuffer end(ByteBuffer rest) {
                byte[] content = new byte[rest.remaining()];
                rest.get(content);
                return ByteBuffer.wrap(content);
            }
        };
    }

    /** Returns a decoder with a bug: the decoder consumes one byte more than the message has. */
    public static Decoder<ByteBuffer> dropping(Decoder<ByteBuffer> decoder) {
        return (in, seen) -> {
            ByteBuffer message = decoder.decode(in, seen);
            if (message != null && in.hasRemaining()) {
                in.get();
            }
            return message;
        };
    }

    static Expected expected(Decoder<ByteBuffer> decoder, byte[] rest, boolean ended) {
        if (rest.length == 0) {
            return ended ? Expected.value(null, 0) : Expected.notYet(rest, false, 0);
        }
        ByteBuffer in = ByteBuffer.wrap(rest, 0, Math.min(rest.length, decoder.limit()));
        try {
            ByteBuffer message = decode(decoder, in);
            if (message != null) {
                return Expected.value(message.array(), in.position());
            }
            if (rest.length >= decoder.limit()) {
                return Expected.tooLong(decoder.limit());
            }
            ByteBuffer last = ended ? decoder.end(ByteBuffer.wrap(rest)) : null;
            return last == null ? Expected.notYet(rest, ended, -1) : Expected.value(last.array(), rest.length);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static ByteBuffer decode(Decoder<ByteBuffer> decoder, ByteBuffer in) throws IOException {
        try {
            return decoder.decode(in, 0);
        } catch (BufferUnderflowException incomplete) {
            return null;
        }
    }

    private abstract static class Named implements Decoder<ByteBuffer> {
        private final String name;
        private final int limit;

        Named(String name, int limit) {
            this.name = name;
            this.limit = limit;
        }

        @Override
        public int limit() {
            return limit;
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
