package io.github.futuresockets.codec;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** {@link Codecs#lines}. */
final class Lines implements Codec<String> {
    private final Charset charset;
    private final int limit;
    private final Delimiter lf;
    private final byte[] cr;

    /** How many bytes the charset puts in front of a text. */
    private final int mark;

    Lines(Charset charset, int limit) {
        byte[] feed = unit(charset, "\n");
        this.charset = charset;
        this.limit = limit;
        this.lf = new Delimiter(feed, feed.length);
        this.cr = unit(charset, "\r");
        this.mark = "\n".getBytes(charset).length - feed.length;
    }

    /** The bytes of one character, without a mark in front. */
    private static byte[] unit(Charset charset, String character) {
        byte[] one = character.getBytes(charset);
        int length = character.repeat(2).getBytes(charset).length - one.length;
        return Arrays.copyOfRange(one, one.length - length, one.length);
    }

    /** The length of an empty line. */
    int shortest() {
        return lf.length();
    }

    @Override
    public @Nullable String decode(ByteBuffer in, int seen) {
        int found = lf.find(in, seen, limit);
        if (found < 0) {
            return null;
        }
        byte[] bytes = new byte[found];
        in.get(bytes);
        int end = found - lf.length();
        int before = end - cr.length;
        if (before >= 0 && Arrays.equals(bytes, before, end, cr, 0, cr.length)) {
            end = before;
        }
        return new String(bytes, 0, end, charset);
    }

    @Override
    public String end(ByteBuffer rest) {
        byte[] bytes = new byte[rest.remaining()];
        rest.get(bytes);
        return new String(bytes, charset);
    }

    @Override
    public int limit() {
        return limit;
    }

    @Override
    public ByteBuffer encode(String line) throws IOException {
        byte[] bytes = line.concat("\n").getBytes(charset);
        int length = bytes.length - mark;
        if (length > limit) {
            throw Content.tooLong(limit, length);
        }
        ByteBuffer out = ByteBuffer.wrap(bytes, mark, length);
        if (lf.find(out, 0, limit) < length) {
            throw new IOException("the line holds a line feed");
        }
        return out;
    }
}
