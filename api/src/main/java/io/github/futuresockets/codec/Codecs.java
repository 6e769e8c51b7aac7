package io.github.futuresockets.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;

/**
 * The usual ways to make messages of a stream of bytes. For every codec of this class:
 *
 * <p><b>Limits.</b> Nothing is unbounded. A message that is too long fails the read with
 * {@link io.github.futuresockets.FrameTooLongException}, one that announces its length as soon as it has done so: before
 * any of it is awaited and before memory is taken for it. What was read stays readable.
 *
 * <p><b>Writing.</b> What the decoder would refuse, or would take for another message, the encoder refuses with an
 * {@code IOException} that says why; a write that it is for then fails, and so does the conversation.
 *
 * <p><b>Buffers.</b> A message that is read is a fresh heap buffer of its own: big-endian, at position 0, and
 * {@code array()} is exactly the content. A message that is written lasts from its position to its limit; it is copied,
 * once, and stays as it is, so it may be sent to many sockets and changed as soon as the call returns.
 *
 * <p><b>Cost.</b> Linear in the bytes, however they arrive: a search goes on where it has ended.
 *
 * <p>An argument out of range is an {@code IllegalArgumentException} at once. To make messages of another type of the
 * bytes, see {@link Codec#map}.
 */
public final class Codecs {
    private Codecs() {}

    /**
     * Messages of one length, with nothing between them.
     *
     * @param length the number of bytes of each message, at least 1; the encoder refuses any other
     * @return the codec
     * @throws IllegalArgumentException if {@code length} is less than 1
     */
    public static Codec<ByteBuffer> fixedLength(int length) {
        require(length >= 1, "length " + length + " is less than 1");
        return new FixedLength(length);
    }

    /**
     * Messages that end with a delimiter, which is not part of them. A message may be empty. The encoder adds the
     * delimiter, and refuses a message in which, or on whose border, it would be found too early.
     *
     * @param delimiter the bytes that end a message, at least one; copied
     * @param limit the most bytes of a message, the delimiter counted in
     * @return the codec
     * @throws IllegalArgumentException if {@code delimiter} is empty or {@code limit} is less than its length
     */
    public static Codec<ByteBuffer> delimited(byte[] delimiter, int limit) {
        require(delimiter.length > 0, "the delimiter is empty");
        require(limit >= delimiter.length, "limit " + limit + " is less than the delimiter's length");
        return new Delimited(delimiter.clone(), limit);
    }

    /**
     * Lines of text that end with LF or CRLF, both stripped; a CR elsewhere is data. A last line without its LF is given
     * as it is. Malformed input becomes the charset's replacement, usually U+FFFD, as in the JDK's readers; so does, in a
     * line that is written, what the charset cannot say, usually by a question mark.
     *
     * <p>The encoder adds LF and refuses a line that holds one. A line that ends with CR goes out with CRLF.
     *
     * <p>Where LF takes several bytes, as in UTF-16, it is found only on the border of a code unit. Charsets that begin a
     * text with a byte order mark, such as UTF-16, are read and written in the order that they have without a mark,
     * and no mark is written; one in front of a line is read over if it tells the same order.
     *
     * @param charset of both directions
     * @param limit the most bytes of a line, its ending counted in
     * @return the codec
     * @throws IllegalArgumentException if {@code limit} is less than the length of LF, or {@code charset} cannot write one
     */
    public static Codec<String> lines(Charset charset, int limit) {
        require(
                charset.canEncode() && charset.newEncoder().canEncode('\n'),
                "the charset " + charset + " cannot encode a line feed");
        Lines lines = new Lines(charset, limit);
        require(limit >= lines.shortest(), "limit " + limit + " is less than the length of a line feed");
        return lines;
    }

    /**
     * Messages behind their length, which counts the bytes that follow it. A message may be empty. Lengths are unsigned.
     *
     * @param prefixBytes how many bytes the length has: 1, 2, 3, 4 or 8
     * @param order the order of these bytes
     * @param limit the most bytes of a message, the length not counted in
     * @return the codec
     * @throws IllegalArgumentException if {@code prefixBytes} is another number or {@code limit} is less than 1
     */
    public static Codec<ByteBuffer> lengthPrefixed(int prefixBytes, ByteOrder order, int limit) {
        require(
                prefixBytes >= 1 && prefixBytes <= 4 || prefixBytes == 8,
                "a length of " + prefixBytes + " bytes, not 1, 2, 3, 4 or 8");
        requireLimit(limit);
        return new LengthPrefixed(prefixBytes, order, limit);
    }

    /**
     * Messages behind their length in unsigned LEB128, as Protocol Buffers have it: seven bits in each byte, the lowest
     * first, the top bit set in all but the last. The length counts the bytes that follow it. A message may be empty.
     *
     * <p>A length that takes more bytes than it needs, or more than ten, fails the read with
     * {@link java.net.ProtocolException}. Of a length that has not ended where the limit would have, no more is awaited: it
     * is a {@link io.github.futuresockets.FrameTooLongException}, which tells the whole length if that has come by then.
     *
     * @param limit the most bytes of a message, the length not counted in
     * @return the codec
     * @throws IllegalArgumentException if {@code limit} is less than 1
     */
    public static Codec<ByteBuffer> varintPrefixed(int limit) {
        requireLimit(limit);
        return new VarintPrefixed(limit);
    }

    private static void requireLimit(int limit) {
        require(limit >= 1, "limit " + limit + " is less than 1");
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
