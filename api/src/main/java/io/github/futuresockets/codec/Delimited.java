package io.github.futuresockets.codec;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The codec of {@link Codecs#delimited}. */
final class Delimited implements Sized<ByteBuffer> {
    private final Delimiter delimiter;
    private final int limit;

    Delimited(byte[] delimiter, int limit) {
        this.delimiter = new Delimiter(delimiter, 1);
        this.limit = limit;
    }

    @Override
    public @Nullable ByteBuffer decode(ByteBuffer in, int seen) {
        int found = delimiter.find(in, seen, limit);
        if (found < 0) {
            return null;
        }
        ByteBuffer message = Content.take(in, found - delimiter.length());
        in.position(in.position() + delimiter.length());
        return message;
    }

    @Override
    public int limit() {
        return limit;
    }

    @Override
    public int size(ByteBuffer message) throws IOException {
        return Content.within((long) message.remaining() + delimiter.length(), limit);
    }

    /**
     * {@inheritDoc}
     *
     * <p>Searches the encoded bytes as the decoder does, because the delimiter may begin in the message and end in the
     * appended delimiter.
     */
    @Override
    public void put(ByteBuffer message, ByteBuffer out) throws IOException {
        int begin = out.position();
        Content.put(out, message);
        delimiter.put(out);
        int end = out.position();
        int found = delimiter.find(out.position(begin), 0, end - begin);
        if (found < end - begin) {
            throw new IOException("the delimiter would be found within the message, after "
                    + (found - delimiter.length()) + " of its " + message.remaining() + " bytes");
        }
        out.position(end);
    }
}
