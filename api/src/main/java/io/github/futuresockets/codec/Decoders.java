package io.github.futuresockets.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.ProtocolException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/**
 * The pieces of a decoder written by hand: lines, texts and bytes, each taken from the position of a buffer. For
 * example, a decoder of the bulk strings of Redis:
 *
 * <pre>{@code
 * Decoder<String> strings = Decoder.limited(1 << 20, (in, seen) -> {
 *     if (in.get() != '$') {
 *         throw new ProtocolException("no bulk string");
 *     }
 *     int length = Decoders.length(Decoders.complete(Decoders.line(in)), 1 << 20);
 *     String text = Decoders.complete(Decoders.text(in, length));
 *     Decoders.complete(Decoders.line(in));
 *     return text;
 * });
 * }</pre>
 *
 * <p><b>Incomplete pieces.</b> If a piece is incomplete, the method returns null and the position is unchanged. A
 * decoder then returns null, or calls {@link #complete} to wait for more bytes.
 *
 * <p><b>Limits.</b> A decoder sees at most {@link Decoder#limit} bytes, so each piece is within the limit. No method
 * allocates memory for an incomplete piece.
 *
 * <p><b>Cost.</b> The decoder is called again when more bytes have arrived, and each call searches from the start of
 * the message. If a message may be long and arrive slowly, {@link Codecs} and {@link Decoder#then} continue a search
 * instead.
 */
public final class Decoders {
    private static final Lines LINES = new Lines(UTF_8, LineEnding.LF, Integer.MAX_VALUE);
    private static final Lines LINES_OF_LATIN_1 = new Lines(ISO_8859_1, LineEnding.LF, Integer.MAX_VALUE);

    private Decoders() {}

    /**
     * Requires a complete piece. The exception tells the reader to wait for more bytes, as a null result of
     * {@link Decoder#decode} does. So nested methods need no check for null.
     *
     * @param <T> the type of the piece
     * @param piece a piece, or null if the piece is incomplete
     * @return the piece
     * @throws BufferUnderflowException if {@code piece} is null
     */
    public static <T> T complete(@Nullable T piece) {
        if (piece == null) {
            throw new BufferUnderflowException();
        }
        return piece;
    }

    /**
     * Takes a line of UTF-8 that ends with LF or CRLF.
     *
     * @param in the bytes from the start of the line on
     * @return the line without the line ending, or null if the line is incomplete
     */
    public static @Nullable String line(ByteBuffer in) {
        return LINES.decode(in, 0);
    }

    /**
     * Takes a line that ends with LF or CRLF, by the rules of {@link Codecs#lines(Charset, int)}.
     *
     * @param in the bytes from the start of the line on
     * @param charset the charset of the line
     * @param limit the largest number of bytes of the line, including the line ending
     * @return the line without the line ending, or null if the line is incomplete
     * @throws FrameTooLongException if the first {@code limit} bytes have no line ending
     * @throws IllegalArgumentException if {@code limit} is less than the length of LF, or {@code charset} cannot encode
     *     LF
     */
    public static @Nullable String line(ByteBuffer in, Charset charset, int limit) throws FrameTooLongException {
        String line = lines(charset, limit).decode(in, 0, limit);
        if (line == null && in.remaining() >= limit) {
            throw new FrameTooLongException("a line is not complete within " + limit + " bytes", limit, in.remaining());
        }
        return line;
    }

    private static Lines lines(Charset charset, int limit) {
        if (limit > 0 && charset.equals(UTF_8)) {
            return LINES;
        }
        return limit > 0 && charset.equals(ISO_8859_1)
                ? LINES_OF_LATIN_1
                : Codecs.linesOf(charset, LineEnding.LF, limit);
    }

    /**
     * Takes a number of bytes.
     *
     * @param in the bytes
     * @param length the number of bytes, for example from the head of a message
     * @return a new heap buffer with the bytes, owned by the caller. Null if {@code in} has fewer bytes.
     * @throws ProtocolException if {@code length} is negative
     */
    public static @Nullable ByteBuffer bytes(ByteBuffer in, int length) throws ProtocolException {
        if (length < 0) {
            throw new ProtocolException("a negative length, " + length);
        }
        return in.remaining() < length ? null : Content.take(in, length);
    }

    /**
     * Takes a text of UTF-8 of a number of bytes. Malformed bytes become U+FFFD.
     *
     * @param in the bytes
     * @param length the number of bytes, for example from the head of a message
     * @return the text, or null if {@code in} has fewer bytes
     * @throws ProtocolException if {@code length} is negative
     */
    public static @Nullable String text(ByteBuffer in, int length) throws ProtocolException {
        return text(bytes(in, length));
    }

    /**
     * Takes the bytes before a delimiter, and the delimiter.
     *
     * @param in the bytes
     * @param delimiter the bytes of the delimiter, at least a single byte
     * @return a new heap buffer with the bytes before the delimiter, owned by the caller. Null if {@code in} has no
     *     delimiter.
     * @throws IllegalArgumentException if {@code delimiter} is empty
     */
    public static @Nullable ByteBuffer bytesUntil(ByteBuffer in, byte... delimiter) {
        if (delimiter.length == 0) {
            throw new IllegalArgumentException("the delimiter is empty");
        }
        return new Delimited(delimiter, Integer.MAX_VALUE).decode(in, 0);
    }

    /**
     * Takes the text of UTF-8 before a delimiter, and the delimiter. Malformed bytes become U+FFFD. For example, a
     * string of C is {@code textUntil(in, (byte) 0)}.
     *
     * @param in the bytes
     * @param delimiter the bytes of the delimiter, at least a single byte
     * @return the text before the delimiter, or null if {@code in} has no delimiter
     * @throws IllegalArgumentException if {@code delimiter} is empty
     */
    public static @Nullable String textUntil(ByteBuffer in, byte... delimiter) {
        return text(bytesUntil(in, delimiter));
    }

    private static @Nullable String text(@Nullable ByteBuffer bytes) {
        return bytes == null ? null : new String(bytes.array(), UTF_8);
    }

    /**
     * Parses a length in decimal digits of ASCII. Leading zeros are allowed. {@link Integer#parseInt(String)} also
     * accepts signs and the digits of other scripts, so another program may read another length.
     *
     * @param digits the digits
     * @param limit the largest allowed length
     * @return the length, from 0 to {@code limit}
     * @throws ProtocolException if {@code digits} is empty or has another character
     * @throws FrameTooLongException if the length is larger than {@code limit}
     */
    public static int length(CharSequence digits, int limit) throws IOException {
        if (digits.length() == 0) {
            throw new ProtocolException("a length without a digit");
        }
        long length = 0;
        for (int i = 0; i < digits.length(); i++) {
            length = Math.min(10 * length + Decimal.digit(digits.charAt(i)), Long.MAX_VALUE / 100);
        }
        if (length > limit) {
            throw Content.announced(limit, digits.toString(), length);
        }
        return (int) length;
    }
}
