package io.github.futuresockets.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.util.Arrays;

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
     * Returns a codec for messages of a single byte. {@code int8().map(Byte::toUnsignedInt, Integer::byteValue)} is the
     * codec of unsigned bytes.
     *
     * @return the codec
     */
    public static Codec<Byte> int8() {
        return new Binary<>(1, ByteOrder.BIG_ENDIAN, bits -> (byte) bits, Byte::longValue);
    }

    /**
     * Returns a codec for numbers of two bytes, without separators. {@code int16(order).map(Short::toUnsignedInt,
     * Integer::shortValue)} is the codec of unsigned numbers.
     *
     * @param order the byte order
     * @return the codec
     */
    public static Codec<Short> int16(ByteOrder order) {
        return new Binary<>(2, order, bits -> (short) bits, Short::longValue);
    }

    /**
     * Returns a codec for numbers of four bytes, without separators.
     *
     * @param order the byte order
     * @return the codec
     */
    public static Codec<Integer> int32(ByteOrder order) {
        return new Binary<>(4, order, bits -> (int) bits, Integer::longValue);
    }

    /**
     * Returns a codec for numbers of eight bytes, without separators.
     *
     * @param order the byte order
     * @return the codec
     */
    public static Codec<Long> int64(ByteOrder order) {
        return new Binary<>(8, order, bits -> bits, Long::longValue);
    }

    /**
     * Returns a codec for IEEE 754 numbers of four bytes, without separators.
     *
     * @param order the byte order
     * @return the codec
     */
    public static Codec<Float> float32(ByteOrder order) {
        return new Binary<>(4, order, bits -> Float.intBitsToFloat((int) bits), Float::floatToRawIntBits);
    }

    /**
     * Returns a codec for IEEE 754 numbers of eight bytes, without separators.
     *
     * @param order the byte order
     * @return the codec
     */
    public static Codec<Double> float64(ByteOrder order) {
        return new Binary<>(8, order, Double::longBitsToDouble, Double::doubleToRawLongBits);
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
        requireDelimiter(delimiter, limit);
        return new Delimited(delimiter.clone(), limit);
    }

    /**
     * Returns a codec for messages that end with one of several delimiters. The decoded message does not include the
     * delimiter. A message may be empty.
     *
     * <p>The delimiter at the earliest place ends the message. If several delimiters begin at the place, the longest
     * counts. If the bytes end within a delimiter that would be longer or begin earlier, the read waits for the next
     * byte, unless the limit is reached or the stream ends. For example, CR alone is not decoded before the next byte
     * if the delimiters are CRLF, LF and CR.
     *
     * <p>The encoder appends the first delimiter of the list. If a decoder could find a delimiter elsewhere, the encoder
     * refuses the message.
     *
     * @param limit the largest number of bytes of a message, including the delimiter
     * @param delimiters the bytes that end a message, at least one delimiter of at least a single byte; copied
     * @return the codec
     * @throws IllegalArgumentException if there is no delimiter, a delimiter is empty, {@code limit} is less than the
     *     length of a delimiter, or another delimiter begins with the first delimiter
     */
    public static Codec<ByteBuffer> delimited(int limit, byte[]... delimiters) {
        require(delimiters.length > 0, "no delimiter");
        byte[][] copies = new byte[delimiters.length][];
        for (int i = 0; i < copies.length; i++) {
            copies[i] = delimiters[i].clone();
            requireDelimiter(copies[i], limit);
            require(
                    copies[i].length <= copies[0].length
                            || !Arrays.equals(copies[i], 0, copies[0].length, copies[0], 0, copies[0].length),
                    "delimiter " + i + " begins with the first delimiter");
        }
        return copies.length == 1 ? new Delimited(copies[0], limit) : new DelimitedByAny(copies, limit);
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
        return lines(charset, LineEnding.LF, limit);
    }

    /**
     * Returns a codec for lines of text whose encoder appends the given line ending. HTTP, SMTP, FTP and Redis require
     * {@link LineEnding#CRLF}. Otherwise the codec is the codec of {@link #lines(Charset, int)}: the decoder accepts LF
     * and CRLF, and the encoder refuses a line with LF.
     *
     * @param charset the charset of both directions
     * @param ending the line ending that the encoder appends
     * @param limit the largest number of bytes of a line, including the line ending
     * @return the codec
     * @throws IllegalArgumentException if {@code limit} is less than the length of the line ending, or {@code charset}
     *     cannot encode the line ending
     */
    public static Codec<String> lines(Charset charset, LineEnding ending, int limit) {
        return linesOf(charset, ending, limit);
    }

    /** Returns the codec of lines, for {@link Decoders} too. */
    static Lines linesOf(Charset charset, LineEnding ending, int limit) {
        require(
                charset.canEncode() && charset.newEncoder().canEncode(ending.text()),
                "the charset " + charset + " cannot encode a line ending");
        Lines lines = new Lines(charset, ending, limit);
        require(limit >= lines.shortest(), "limit " + limit + " is less than the length of a line ending");
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
        requireLimit(limit);
        return new LengthPrefixed(LengthField.of(prefixBytes).withOrder(order).withSkip(prefixBytes), limit);
    }

    /**
     * Returns a codec for messages with a length field behind a header, or with a length that counts other bytes, too.
     * If the length is shorter than the parts of the frame in front of the content, the read fails with
     * {@link java.net.ProtocolException}.
     *
     * <p>The encoder writes the length field:
     *
     * <ul>
     *   <li>If {@code skip} is 0, a message is a whole frame. The encoder writes the length at the place of the length
     *       field, whatever bytes the message has there.
     *   <li>If {@code skip} is the length of a field at offset 0, the encoder writes the field in front of the message.
     * </ul>
     *
     * <p>With another {@code skip}, no encoder could know the skipped bytes. {@link #lengthPrefixedDecoder} then is the
     * decoder.
     *
     * @param field the place and the meaning of the length
     * @param limit the largest number of bytes of a message. If {@code skip} is 0, the limit includes the header and
     *     the length field.
     * @return the codec
     * @throws IllegalArgumentException if no message has a length between the parts in front of the content and
     *     {@code limit}, or {@code skip} is another number
     */
    public static Codec<ByteBuffer> lengthPrefixed(LengthField field, int limit) {
        LengthPrefixed codec = prefixed(field, limit);
        require(
                codec.isEncodable(),
                "skip " + field.skip() + " drops bytes that an encoder needs; use lengthPrefixedDecoder");
        return codec;
    }

    /**
     * Returns the decoder of {@link #lengthPrefixed(LengthField, int)}, for any number of skipped bytes.
     *
     * @param field the place and the meaning of the length
     * @param limit the largest number of bytes of a message, without the skipped bytes
     * @return the decoder
     * @throws IllegalArgumentException if no message has a length between the parts in front of the content and
     *     {@code limit}
     */
    public static Decoder<ByteBuffer> lengthPrefixedDecoder(LengthField field, int limit) {
        return prefixed(field, limit);
    }

    private static LengthPrefixed prefixed(LengthField field, int limit) {
        requireLimit(limit);
        LengthPrefixed codec = new LengthPrefixed(field, limit);
        require(
                codec.longest() >= codec.shortest(),
                "the longest message of " + codec.longest() + " bytes is shorter than the shortest of "
                        + codec.shortest());
        return codec;
    }

    /**
     * Returns a codec for messages with a length in decimal digits of ASCII and a fixed width, for example
     * {@code 00042} with five digits. The length counts the bytes after the digits. A message may be empty.
     *
     * <p>The encoder fills the width with leading zeros. If the length has a sign, a space or another byte that is not
     * a digit, the read fails with {@link java.net.ProtocolException}.
     *
     * @param digits the number of digits, 1 to 18
     * @param limit the largest number of bytes of a message, without the digits
     * @return the codec
     * @throws IllegalArgumentException if {@code digits} is another number or {@code limit} is less than 1
     */
    public static Codec<ByteBuffer> decimalPrefixed(int digits, int limit) {
        require(digits >= 1 && digits <= 18, "a length of " + digits + " digits, not 1 to 18");
        requireLimit(limit);
        return new FixedDecimal(digits, limit);
    }

    /**
     * Returns a codec for messages with a length in decimal digits of ASCII and a delimiter between the length and the
     * content. The length counts the bytes after the delimiter. A message may be empty.
     *
     * <p>If the length has a sign, a space, a leading zero or no digit, or if other bytes than the delimiter follow the
     * digits, the read fails with {@link java.net.ProtocolException}. If the digits exceed {@code limit}, the read fails
     * with {@link FrameTooLongException} without waiting for the delimiter. {@link FrameTooLongException#seen} is then
     * a lower bound.
     *
     * @param delimiter the bytes that end the length, at least a single byte, not beginning with a digit; copied
     * @param limit the largest number of bytes of a message, without the length and the delimiter
     * @return the codec
     * @throws IllegalArgumentException if {@code delimiter} is empty or begins with a digit, or {@code limit} is less
     *     than 1
     */
    public static Codec<ByteBuffer> decimalPrefixed(byte[] delimiter, int limit) {
        require(delimiter.length > 0, "the delimiter is empty");
        require(!Decimal.isDigit(delimiter[0]), "the delimiter begins with a digit");
        requireLimit(limit);
        return new DelimitedDecimal(delimiter.clone(), new byte[0], limit);
    }

    /**
     * Returns a codec for netstrings: the length in decimal digits, a colon, the content and a comma, for example
     * {@code 5:hello,}. The rules of {@link #decimalPrefixed(byte[], int)} hold. If another byte than a comma follows
     * the content, the read fails with {@link java.net.ProtocolException}.
     *
     * @param limit the largest number of bytes of a content
     * @return the codec
     * @throws IllegalArgumentException if {@code limit} is less than 1
     */
    public static Codec<ByteBuffer> netstrings(int limit) {
        requireLimit(limit);
        return new DelimitedDecimal(new byte[] {':'}, new byte[] {','}, limit);
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

    private static void requireDelimiter(byte[] delimiter, int limit) {
        require(delimiter.length > 0, "the delimiter is empty");
        require(limit >= delimiter.length, "limit " + limit + " is less than the delimiter's length");
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
