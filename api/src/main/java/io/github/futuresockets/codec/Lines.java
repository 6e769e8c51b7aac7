package io.github.futuresockets.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The codec of {@link Codecs#lines(Charset, LineEnding, int)}. */
final class Lines implements Codec<String> {
    private final Charset charset;
    private final int limit;
    private final Delimiter lf;
    private final byte[] cr;

    /** The number of bytes of the byte order mark that the charset writes before a text. */
    private final int mark;

    private final boolean utf8;

    /** Each character below this number is a single byte of the same value. If 0, no character is. */
    private final int plain;

    /** The line ending that the encoder appends, LF or CRLF. */
    private final String ending;

    Lines(Charset charset, LineEnding ending, int limit) {
        byte[] feed = unit(charset, "\n");
        this.charset = charset;
        this.ending = ending.text();
        this.limit = limit;
        this.lf = new Delimiter(feed, feed.length);
        this.cr = unit(charset, "\r");
        this.mark = "\n".getBytes(charset).length - feed.length;
        this.utf8 = charset.equals(UTF_8);
        this.plain = charset.equals(ISO_8859_1) ? 0x100 : utf8 || charset.equals(US_ASCII) ? 0x80 : 0;
    }

    /** Returns the bytes of a character, without a byte order mark. */
    private static byte[] unit(Charset charset, String character) {
        byte[] one = character.getBytes(charset);
        int length = character.repeat(2).getBytes(charset).length - one.length;
        return Arrays.copyOfRange(one, one.length - length, one.length);
    }

    /** Returns the number of bytes of an empty line of the encoder. */
    int shortest() {
        return ending.length() == 1 ? lf.length() : cr.length + lf.length();
    }

    @Override
    public @Nullable String decode(ByteBuffer in, int seen) {
        return decode(in, seen, limit);
    }

    /** Decodes a line of at most {@code limit} bytes. */
    @Nullable String decode(ByteBuffer in, int seen, int limit) {
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
        byte[] bytes = line.concat(ending).getBytes(charset);
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

    @Override
    public @Nullable ByteBuffer encode(String line, ByteBuffer out) throws IOException {
        if (putDirect(line, out)) {
            return null;
        }
        ByteBuffer bytes = encode(line);
        if (bytes.remaining() > out.remaining()) {
            return bytes;
        }
        out.put(bytes);
        return null;
    }

    /**
     * Puts a line into {@code out} without a copy. Returns false if the line does not fit, is refused or needs the
     * encoder of its charset. The position is then unchanged.
     */
    private boolean putDirect(String line, ByteBuffer out) {
        int at = out.position();
        int end = at + Math.min(limit, out.remaining()) - ending.length();
        for (int i = 0; i < line.length(); i++) {
            char next = line.charAt(i);
            if (next < plain) {
                if (next == '\n' || at >= end) {
                    return false;
                }
                out.put(at++, (byte) next);
            } else {
                int code = line.codePointAt(i);
                if (!utf8 || Utf8.size(code) > end - at) {
                    return false;
                }
                at = Utf8.put(code, out, at);
                i += Character.charCount(code) - 1;
            }
        }
        if (plain == 0 || at > end) {
            return false;
        }
        out.position(at);
        for (int i = 0; i < ending.length(); i++) {
            out.put((byte) ending.charAt(i));
        }
        return true;
    }
}
