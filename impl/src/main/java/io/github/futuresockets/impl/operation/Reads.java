package io.github.futuresockets.impl.operation;

import io.github.futuresockets.codec.FrameTooLongException;
import io.github.futuresockets.impl.common.Delimiter;
import io.github.futuresockets.impl.connection.Read;
import io.github.futuresockets.impl.connection.ReadSide;
import io.github.futuresockets.impl.transport.BufferPool;
import io.github.futuresockets.impl.transport.DirectTransport;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The reads that run no user code. Their attempts run under the lock of the read state. */
public final class Reads {
    /** The longest line, in bytes. */
    static final int LINE_LIMIT = 65_536;

    private Reads() {}

    /**
     * Takes the next {@code length} bytes as a buffer for the user. Returns {@code in} itself, without a copy, if
     * {@code in} is a heap buffer of exactly these bytes.
     */
    private static ByteBuffer slice(ByteBuffer in, int length) {
        if (length > 0 && in.hasArray() && in.position() == 0 && in.limit() == length && in.array().length == length) {
            return in;
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return ByteBuffer.wrap(bytes);
    }

    /** {@code read}: the arrived bytes, copied or directly filled into the caller's buffer. */
    public static final class Into extends Read<Integer> {
        private final ByteBuffer dst;

        /** Makes a read into {@code dst}. */
        public Into(ReadSide side, ByteBuffer dst) {
            super(side);
            this.dst = dst;
        }

        @Override
        public String name() {
            return "read";
        }

        @Override
        protected int wants() {
            return dst.remaining();
        }

        @Override
        protected @Nullable ByteBuffer lent() {
            DirectTransport direct =
                    BufferPool.isWorthLending(dst) ? side.transport().direct() : null;
            return direct != null && direct.mayRead() ? dst.slice() : null;
        }

        @Override
        protected void filled(int count) {
            try {
                dst.position(dst.position() + count);
                succeeds(count);
            } catch (IllegalArgumentException e) {
                fails(changed(count, dst));
            }
        }

        @Override
        protected @Nullable Object take(ByteBuffer in, int seen, boolean ended) {
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

    /** {@code readSome}: the arrived bytes, in a fresh buffer. */
    public static final class Some extends Read<ByteBuffer> {
        private final int max;

        /** Makes a read of at most {@code max} bytes. */
        public Some(ReadSide side, int max) {
            super(side);
            this.max = max;
        }

        @Override
        public String name() {
            return "readSome";
        }

        @Override
        protected int wants() {
            return max;
        }

        @Override
        protected @Nullable Object take(ByteBuffer in, int seen, boolean ended) {
            if (!in.hasRemaining()) {
                return ended ? null : MORE;
            }
            return slice(in, Math.min(in.remaining(), max));
        }
    }

    /**
     * {@code readFully} and {@code readExactly}: a fixed number of bytes.
     *
     * @param <T> the result, which is Void or a buffer
     */
    public static final class Exactly<T> extends Read<T> {
        private final int length;
        private final @Nullable ByteBuffer dst;

        /** Makes a read of {@code length} bytes, into {@code dst} or, if {@code dst} is null, into a fresh buffer. */
        public Exactly(ReadSide side, int length, @Nullable ByteBuffer dst) {
            super(side);
            this.length = length;
            this.dst = dst;
        }

        @Override
        public String name() {
            return dst == null ? "readExactly" : "readFully";
        }

        @Override
        protected int wants() {
            return length;
        }

        @Override
        protected @Nullable Object take(ByteBuffer in, int seen, boolean ended) throws Exception {
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

    /**
     * {@code readUntil}, {@code readUntilOrNull}, {@code readLine} and {@code expectLine}: the bytes up to a delimiter.
     *
     * @param <T> the result, which is a buffer or a String
     */
    public static final class Until<T> extends Read<T> {
        /** The method of the user. */
        public enum Kind {
            /** Returns the bytes with the delimiter. Fails at an end of stream before the delimiter. */
            READ_UNTIL("readUntil"),
            /** Returns the bytes with the delimiter, or null at the end of stream. Fails at an end within the bytes. */
            READ_UNTIL_OR_NULL("readUntilOrNull"),
            /** Returns a line without its end, or null at the end of stream. */
            READ_LINE("readLine"),
            /** Returns a line without its end. Fails at the end of stream. */
            EXPECT_LINE("expectLine");

            private final String method;

            Kind(String method) {
                this.method = method;
            }

            private boolean isLine() {
                return this == READ_LINE || this == EXPECT_LINE;
            }

            private boolean hasNullAtEnd() {
                return this == READ_LINE || this == READ_UNTIL_OR_NULL;
            }
        }

        private static final Delimiter LF = new Delimiter((byte) '\n');

        private final Kind kind;
        private final Delimiter delimiter;
        private final int limit;

        /** Makes a read of at most {@code limit} bytes up to a delimiter, which is LF for a line. */
        public Until(ReadSide side, Kind kind, Delimiter delimiter, int limit) {
            super(side);
            this.kind = kind;
            this.delimiter = delimiter;
            this.limit = limit;
        }

        /** Makes a read of a line. */
        public Until(ReadSide side, Kind kind) {
            this(side, kind, LF, LINE_LIMIT);
        }

        @Override
        public String name() {
            return kind.method;
        }

        @Override
        protected int wants() {
            return limit;
        }

        @Override
        protected @Nullable Object take(ByteBuffer in, int seen, boolean ended) throws Exception {
            int found = delimiter.find(in, seen, limit);
            if (found >= 0) {
                return kind.isLine() ? line(in, found, 1) : slice(in, found);
            }
            if (in.remaining() >= limit) {
                throw new FrameTooLongException(
                        describe() + ": no end within " + limit + " bytes", limit, in.remaining());
            }
            if (!ended) {
                return MORE;
            }
            if (kind.isLine() && in.hasRemaining()) {
                return line(in, in.remaining(), 0);
            }
            if (kind.hasNullAtEnd() && !in.hasRemaining()) {
                return null;
            }
            throw incomplete(in, -1);
        }

        /**
         * Takes a line of {@code length} bytes, of which the last {@code ending} are the line feed. Drops a CR before.
         */
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

    /** {@code readAll}: all bytes up to the end of stream. */
    public static final class All extends Read<ByteBuffer> {
        private final int limit;

        /** Makes a read of at most {@code limit} bytes. */
        public All(ReadSide side, int limit) {
            super(side);
            this.limit = limit;
        }

        @Override
        public String name() {
            return "readAll";
        }

        @Override
        protected int wants() {
            return limit;
        }

        @Override
        protected @Nullable Object take(ByteBuffer in, int seen, boolean ended) throws Exception {
            if (in.remaining() > limit) {
                throw new FrameTooLongException(
                        describe() + ": more than " + limit + " bytes before the end", limit, in.remaining());
            }
            return ended ? slice(in, in.remaining()) : MORE;
        }
    }
}
