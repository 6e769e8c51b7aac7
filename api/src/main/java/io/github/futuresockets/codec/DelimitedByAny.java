package io.github.futuresockets.codec;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The codec of {@link Codecs#delimited(int, byte[]...)}. */
final class DelimitedByAny implements Sized<ByteBuffer> {
    private final Delimiters delimiters;
    private final byte[] appended;
    private final int limit;

    DelimitedByAny(byte[][] delimiters, int limit) {
        this.delimiters = new Delimiters(delimiters);
        this.appended = delimiters[0];
        this.limit = limit;
    }

    @Override
    public @Nullable ByteBuffer decode(ByteBuffer in, int seen) {
        boolean last = in.remaining() >= limit;
        return take(in, in.position() + Math.min(in.remaining(), limit), seen, last);
    }

    /** Takes a message and its delimiter from the bytes before {@code end}, or returns null. */
    private @Nullable ByteBuffer take(ByteBuffer in, int end, int seen, boolean last) {
        int found = delimiters.find(in, end, seen, last);
        if (found < 0) {
            return null;
        }
        int length = delimiters.lengthAt(in, in.position() + found, end, last);
        ByteBuffer message = Content.take(in, found);
        in.position(in.position() + length);
        return message;
    }

    /**
     * {@inheritDoc}
     *
     * <p>If the stream ends within a longer delimiter, the shorter delimiter counts. Nothing may follow the shorter
     * delimiter, because all bytes belong to the last message.
     */
    @Override
    public @Nullable ByteBuffer end(ByteBuffer rest) {
        int begin = rest.position();
        ByteBuffer message = take(rest, rest.limit(), 0, true);
        if (rest.hasRemaining()) {
            rest.position(begin);
            return null;
        }
        return message;
    }

    @Override
    public int limit() {
        return limit;
    }

    @Override
    public int size(ByteBuffer message) throws IOException {
        return Content.within((long) message.remaining() + appended.length, limit);
    }

    /**
     * {@inheritDoc}
     *
     * <p>Searches the encoded bytes as the decoder does. If the bytes of the next message could change the result, the
     * message is refused.
     */
    @Override
    public void put(ByteBuffer message, ByteBuffer out) throws IOException {
        int begin = out.position();
        int length = message.remaining();
        Content.put(out, message);
        int end = out.put(appended).position();
        out.position(begin);
        boolean last = end - begin >= limit;
        if (delimiters.find(out, end, 0, last) != length
                || delimiters.lengthAt(out, begin + length, end, last) != appended.length) {
            throw new IOException("a delimiter would be found within the message of " + length + " bytes");
        }
        out.position(end);
    }
}
