package io.github.futuresockets.codec;

import java.nio.ByteOrder;
import java.util.Objects;

/**
 * The place and the meaning of a binary length field, for {@link Codecs#lengthPrefixed(LengthField, int)}. Immutable.
 *
 * <p>A frame is a header of {@code offset} bytes, the length field of {@code length} bytes, and the rest. The bytes of
 * the whole frame are {@code offset + length + adjustment} and the unsigned number in the field. The decoded message is
 * the frame without its first {@code skip} bytes.
 *
 * <p>For example, a message of PostgreSQL is a byte with the type, then a length of four bytes. The length counts
 * itself and the content, but not the type:
 *
 * <pre>{@code
 * LengthField.of(4).withOffset(1).withAdjustment(-4)
 * }</pre>
 *
 * <p>The options correspond to {@code lengthFieldOffset}, {@code lengthFieldLength}, {@code lengthAdjustment} and
 * {@code initialBytesToStrip} of Netty's {@code LengthFieldBasedFrameDecoder}. In tokio's {@code LengthDelimitedCodec},
 * they are {@code length_field_offset}, {@code length_field_length}, {@code length_adjustment} and {@code num_skip}.
 *
 * @param offset the number of bytes in front of the length field
 * @param length the number of bytes of the length field, 1, 2, 3, 4 or 8
 * @param order the byte order of the length field
 * @param adjustment the number of bytes behind the length field, less the number in the field. If the number counts the
 *     field itself, the adjustment is {@code -length}. If the number counts the whole frame, the adjustment is
 *     {@code -(offset + length)}. If the number does not count a trailer, the adjustment is the length of the trailer.
 * @param skip the number of bytes at the front of the frame that the message does not include
 */
public record LengthField(int offset, int length, ByteOrder order, int adjustment, int skip) {
    /**
     * Creates the options.
     *
     * @param offset the number of bytes in front of the length field
     * @param length the number of bytes of the length field
     * @param order the byte order of the length field
     * @param adjustment the number of bytes behind the length field, less the number in the field
     * @param skip the number of bytes at the front of the frame that the message does not include
     * @throws IllegalArgumentException if {@code offset} or {@code skip} is negative, or {@code length} is not 1, 2, 3,
     *     4 or 8
     */
    public LengthField {
        Objects.requireNonNull(order, "order");
        if (length < 1 || length > 4 && length != 8) {
            throw new IllegalArgumentException("a length of " + length + " bytes, not 1, 2, 3, 4 or 8");
        }
        if (offset < 0 || skip < 0) {
            throw new IllegalArgumentException("a negative number: offset " + offset + ", skip " + skip);
        }
    }

    /**
     * Returns a length field at the front of the frame. The number is big-endian and counts the bytes behind the field.
     * The message is the whole frame, including the field.
     *
     * @param length the number of bytes of the length field, 1, 2, 3, 4 or 8
     * @return the options
     * @throws IllegalArgumentException if {@code length} is another number
     */
    public static LengthField of(int length) {
        return new LengthField(0, length, ByteOrder.BIG_ENDIAN, 0, 0);
    }

    /**
     * Returns the options with a header in front of the length field.
     *
     * @param offset the number of bytes of the header, at least 0
     * @return the new options
     * @throws IllegalArgumentException if {@code offset} is negative
     */
    public LengthField withOffset(int offset) {
        return new LengthField(offset, length, order, adjustment, skip);
    }

    /**
     * Returns the options with another byte order.
     *
     * @param order the byte order of the length field
     * @return the new options
     */
    public LengthField withOrder(ByteOrder order) {
        return new LengthField(offset, length, order, adjustment, skip);
    }

    /**
     * Returns the options with another adjustment.
     *
     * @param adjustment the number of bytes behind the length field, less the number in the field
     * @return the new options
     */
    public LengthField withAdjustment(int adjustment) {
        return new LengthField(offset, length, order, adjustment, skip);
    }

    /**
     * Returns the options with another number of bytes that the message does not include.
     *
     * @param skip the number of bytes at the front of the frame, at least 0
     * @return the new options
     * @throws IllegalArgumentException if {@code skip} is negative
     */
    public LengthField withSkip(int skip) {
        return new LengthField(offset, length, order, adjustment, skip);
    }
}
