package io.github.futuresockets.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;

/**
 * The factory of ready-made codecs. {@link Codec#map} adapts a codec to another message type. The following holds for
 * every codec of the factory.
 *
 * <p><b>Limits.</b> Every message has a limit. If a message is longer than its limit, the read fails with
 * {@link FrameTooLongException} and the bytes stay readable. If the length is a prefix of the message, the read fails
 * as soon as the prefix has arrived. No content is awaited, and no memory is allocated for the content.
 *
 * <p><b>Writing.</b> The encoder never creates bytes that the decoder would refuse or would decode to a different
 * message. For such a message the encoder throws an {@code IOException} with the reason, so the write fails and the
 * connection ends.
 *
 * <p><b>Buffers.</b> A decoded buffer is a new heap buffer, owned by the caller. The buffer is big-endian and at
 * position 0, and {@code array()} is exactly the content. An encoder copies a buffer from its position to its limit,
 * and leaves the position unchanged. So the buffer may be sent to many sockets, and may be changed as soon as the call
 * returns.
 *
 * <p><b>Cost.</b> The cost is linear in the number of bytes, even if the bytes arrive one by one, because a search for
 * a delimiter continues at the end of the previous search.
 */
public final class Codecs {
    private Codecs() {}

    /**
     * Returns a codec for messages of a fixed length, without separators.
     *
     * @param length the number of bytes of each message, at least 1. The encoder refuses a message of another length.
     * @return the codec
     * @throws IllegalArgumentException if {@code length} is less than 1
     */
    public static Codec<ByteBuffer> fixedLength(int length) {
        require(length >= 1, "length " + length + " is less than 1");
        return new FixedLength(length);
    }

    /**
     * Returns a codec for messages that end with a delimiter. The decoded message does not include the delimiter. A
     * message may be empty.
     *
     * <p>The encoder appends the delimiter. If a decoder would find the delimiter before the end of the encoded bytes,
     * the encoder refuses the message. The early match may lie within the message, or begin in the message and end in
     * the appended delimiter.
     *
     * @param delimiter the bytes that end a message, at least a single byte; copied
     * @param limit the largest number of bytes of a message, including the delimiter
     * @return the codec
     * @throws IllegalArgumentException if {@code delimiter} is empty or {@code limit} is less than its length
     */
    public static Codec<ByteBuffer> delimited(byte[] delimiter, int limit) {
        require(delimiter.length > 0, "the delimiter is empty");
        require(limit >= delimiter.length, "limit " + limit + " is less than the delimiter's length");
        return new Delimited(delimiter.clone(), limit);
    }

    /**
     * Returns a codec for lines of text that end with LF or CRLF. The decoded line does not include the line ending. A
     * CR elsewhere is data. If the stream ends without LF, the remaining bytes are the last line, unchanged.
     *
     * <p>The encoder appends LF and refuses a line with LF. If the line ends with CR, the encoded line ends with CRLF.
     *
     * <p>Malformed input is decoded to the replacement of the charset, usually U+FFFD, as by the readers of the JDK. A
     * character that the charset cannot encode is encoded as the replacement of the charset, usually a question mark.
     *
     * <p>If LF takes several bytes, as in UTF-16, LF is found only at a multiple of its length from the start of the
     * line. For a charset with a byte order mark, such as UTF-16, both directions use the byte order that the charset
     * has without a mark. No mark is written. A mark at the start of a line is skipped if the mark has the same byte
     * order.
     *
     * @param charset the charset of both directions
     * @param limit the largest number of bytes of a line, including the line ending
     * @return the codec
     * @throws IllegalArgumentException if {@code limit} is less than the length of LF, or {@code charset} cannot encode
     *     LF
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
     * Returns a codec for messages with a length prefix. The length is unsigned and counts the bytes after the prefix.
     * A message may be empty.
     *
     * @param prefixBytes the number of bytes of the prefix, 1, 2, 3, 4 or 8
     * @param order the byte order of the prefix
     * @param limit the largest number of bytes of a message, without the prefix
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
     * Returns a codec for messages with a length prefix in unsigned LEB128, as in Protocol Buffers. Each byte of the
     * prefix has seven bits of the length, the lowest bits first. The top bit is set in every byte but the last. The
     * length counts the bytes after the prefix. A message may be empty.
     *
     * <p>If the prefix has more bytes than necessary, more than ten bytes or a value of more than 64 bits, the read
     * fails with {@link java.net.ProtocolException}. If the prefix has as many bytes as the prefix of {@code limit} and
     * continues, the read fails with {@link FrameTooLongException} without waiting for the rest of the prefix.
     * {@link FrameTooLongException#seen} is then the exact length if the whole prefix has arrived, and otherwise a
     * lower bound.
     *
     * @param limit the largest number of bytes of a message, without the prefix
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
