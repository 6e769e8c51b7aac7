package io.github.futuresockets.impl;

import io.github.futuresockets.FrameTooLongException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The reads that run no code of the user's. */
final class Reads {
    static final int LINE_LIMIT = 65_536;

    private Reads() {}

    /** A fresh buffer of the next {@code length} bytes, or {@code in} itself if it is nothing else than these. */
    private static ByteBuffer slice(ByteBuffer in, int length) {
        if (length > 0 && in.hasArray() && in.position() == 0 && in.limit() == length && in.array().length == length) {
            return in;
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return ByteBuffer.wrap(bytes);
    }

    /** {@code read}: what is there, into the caller's buffer. */
    static final class Into extends Read<Integer> {
        private final ByteBuffer dst;

        Into(ReadSide side, ByteBuffer dst) {
            super(side);
            this.dst = dst;
        }

        @Override
        String name() {
            return "read";
        }

        @Override
        int wants() {
            return dst.remaining();
        }

        @Override
        @Nullable ByteBuffer lent() {
            return Chunks.isWorthLending(dst) && side.transport.fillsLent() ? dst.slice() : null;
        }

        @Override
        void filled(int count) {
            try {
                dst.position(dst.position() + count);
                succeeds(count);
            } catch (IllegalArgumentException e) {
                fails(changed(count, dst));
            }
        }

        @Override
        @Nullable Object take(ByteBuffer in, int seen, boolean ended) {
            int length = Math.min(in.remaining(), dst.remaining());
            if (length == 0) {
                if (in.hasRemaining()) {
                    throw changed(in.remaining(), dst);
                }
                return ended ? (Object) (-1) : MORE;
            }
            dst.put(dst.position(), in, in.position(), length);
            dst.position(dst.position() + length);
            in.position(in.position() + length);
            return length;
        }
    }

    /** {@code readSome}: what is there, into a fresh buffer. */
    static final class Some extends Read<ByteBuffer> {
        private final int max;

        Some(ReadSide side, int max) {
            super(side);
            this.max = max;
        }

        @Override
        String name() {
            return "readSome";
        }

        @Override
        int wants() {
            return max;
        }

        @Override
        @Nullable Object take(ByteBuffer in, int seen, boolean ended) {
            if (!in.hasRemaining()) {
                return ended ? null : MORE;
            }
            return slice(in, Math.min(in.remaining(), max));
        }
    }

    /** {@code readFully} and {@code readExactly}: so many bytes. */
    static final class Exactly<T> extends Read<T> {
        private final int length;
        private final @Nullable ByteBuffer dst;

        Exactly(ReadSide side, int length, @Nullable ByteBuffer dst) {
            super(side);
            this.length = length;
            this.dst = dst;
        }

        @Override
        String name() {
            return dst == null ? "readExactly" : "readFully";
        }

        @Override
        int wants() {
            return length;
        }

        @Override
        @Nullable Object take(ByteBuffer in, int seen, boolean ended) throws Exception {
            if (in.remaining() < length) {
                if (ended) {
                    throw incomplete(in, length);
                }
                return MORE;
            }
            if (dst == null) {
                return slice(in, length);
            }
            if (dst.remaining() != length) {
                throw changed(length, dst);
            }
            dst.put(dst.position(), in, in.position(), length);
            dst.position(dst.position() + length);
            in.position(in.position() + length);
            return null;
        }
    }

    /** {@code readUntil}, {@code readLine} and {@code expectLine}: up to a delimiter. */
    static final class Until<T> extends Read<T> {
        enum Kind {
            READ_UNTIL,
            READ_LINE,
            EXPECT_LINE
        }

        private static final Delimiter LF = new Delimiter((byte) '\n');

        private final Kind kind;
        private final Delimiter delimiter;
        private final int limit;

        Until(ReadSide side, Delimiter delimiter, int limit) {
            super(side);
            this.kind = Kind.READ_UNTIL;
            this.delimiter = delimiter;
            this.limit = limit;
        }

        /** A line. */
        Until(ReadSide side, Kind kind) {
            super(side);
            this.kind = kind;
            this.delimiter = LF;
            this.limit = LINE_LIMIT;
        }

        @Override
        String name() {
            return kind == Kind.READ_UNTIL ? "readUntil" : kind == Kind.READ_LINE ? "readLine" : "expectLine";
        }

        @Override
        int wants() {
            return limit;
        }

        @Override
        @Nullable Object take(ByteBuffer in, int seen, boolean ended) throws Exception {
            int found = delimiter.find(in, seen, limit);
            if (found >= 0) {
                return kind == Kind.READ_UNTIL ? slice(in, found) : line(in, found, 1);
            }
            if (in.remaining() >= limit) {
                throw new FrameTooLongException(
                        describe() + ": no end within " + limit + " bytes", limit, in.remaining());
            }
            if (!ended) {
                return MORE;
            }
            if (kind != Kind.READ_UNTIL && in.hasRemaining()) {
                return line(in, in.remaining(), 0);
            }
            if (kind == Kind.READ_LINE) {
                return null;
            }
            throw incomplete(in, -1);
        }

        private static String line(ByteBuffer in, int length, int ending) {
            byte[] bytes = new byte[length];
            in.get(bytes);
            int end = length - ending;
            if (ending == 1 && end > 0 && bytes[end - 1] == '\r') {
                end--;
            }
            return new String(bytes, 0, end, StandardCharsets.UTF_8);
        }
    }

    /** {@code readAll}: to the end of the stream. */
    static final class All extends Read<ByteBuffer> {
        private final int limit;

        All(ReadSide side, int limit) {
            super(side);
            this.limit = limit;
        }

        @Override
        String name() {
            return "readAll";
        }

        @Override
        int wants() {
            return limit;
        }

        @Override
        @Nullable Object take(ByteBuffer in, int seen, boolean ended) throws Exception {
            if (in.remaining() > limit) {
                throw new FrameTooLongException(
                        describe() + ": more than " + limit + " bytes before the end", limit, in.remaining());
            }
            return ended ? slice(in, in.remaining()) : MORE;
        }
    }
}
