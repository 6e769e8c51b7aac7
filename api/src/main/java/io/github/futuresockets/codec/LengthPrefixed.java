package io.github.futuresockets.codec;

import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** The codec of {@link Codecs#lengthPrefixed(LengthField, int)}. */
final class LengthPrefixed implements Sized<ByteBuffer> {
    private final int offset;
    /** The number of bytes of the length field. */
    private final int length;

    private final boolean bigEndian;
    private final int skip;

    /** The number of bytes of a frame, less the number in the length field. */
    private final long more;

    /** The smallest number of bytes of a frame. The header, the field and the skipped bytes are part of each frame. */
    private final long smallest;

    /** The largest number of bytes of a message, without the skipped bytes. Invariant: no overflow of skip + limit. */
    private final int limit;

    LengthPrefixed(LengthField field, int limit) {
        this.offset = field.offset();
        this.length = field.length();
        this.bigEndian = field.order() == ByteOrder.BIG_ENDIAN;
        this.skip = field.skip();
        this.more = (long) offset + length + field.adjustment();
        this.smallest = Math.max((long) offset + length, skip);
        this.limit = Math.min(limit, Integer.MAX_VALUE - skip);
    }

    /** Returns the number of bytes of the shortest message that the length field can describe. */
    long shortest() {
        return Math.max(smallest, more) - skip;
    }

    /** Returns the number of bytes of the longest message that the limit and the length field allow. */
    long longest() {
        return length == 8 ? limit : Math.min(limit, (1L << 8 * length) - 1 + more - skip);
    }

    /** Returns true if an encoder can create all bytes of a frame from the message. */
    boolean isEncodable() {
        return skip == 0 || offset == 0 && skip == length;
    }

    @Override
    public @Nullable ByteBuffer decode(ByteBuffer in, int seen) throws IOException {
        if (in.remaining() < offset + length) {
            return null;
        }
        long number = Unsigned.get(in, in.position() + offset, length, bigEndian);
        if (number < 0 || number > skip + limit - more) {
            throw tooLong(number);
        }
        long frame = number + more;
        if (frame < smallest) {
            throw new ProtocolException("a frame of " + frame + " bytes is announced, and has at least " + smallest);
        }
        if (in.remaining() < frame) {
            return null;
        }
        in.position(in.position() + skip);
        return Content.take(in, (int) frame - skip);
    }

    private IOException tooLong(long number) {
        long announced = number < 0 ? number : number + more - skip;
        return Content.announced(limit, Long.toUnsignedString(announced), announced < 0 ? Long.MAX_VALUE : announced);
    }

    @Override
    public int limit() {
        return skip + limit;
    }

    @Override
    public int size(ByteBuffer message) throws IOException {
        int content = message.remaining();
        if (content > longest()) {
            throw Content.tooLong(longest(), content);
        }
        if (content < shortest()) {
            throw new IOException("a message of " + content + " bytes, fewer than the shortest of " + shortest());
        }
        return skip + content;
    }

    @Override
    public void put(ByteBuffer message, ByteBuffer out) {
        int begin = out.position();
        Content.put(out.position(begin + skip), message);
        Unsigned.put(out, begin + offset, out.position() - begin - more, length, bigEndian);
    }
}
