package io.github.futuresockets.impl;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLException;

/**
 * Encrypted bytes that have arrived. A record is decrypted where it lies; only one that is cut by the end of a chunk is put together
 * in a chunk of its own, which grows with the bytes that come and never with the length that the record claims.
 *
 * <p>Used by one fill at a time. While nothing has arrived it holds no memory.
 */
final class TlsRecords {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final int HEADER = 5;

    private final Chunks chunks;
    private ByteBuffer chunk = NOTHING;

    /** The beginning of a record, whose rest is to come: in the chunk, if that has any bytes. */
    private ByteBuffer cut = NOTHING;

    TlsRecords(Chunks chunks) {
        this.chunks = chunks;
    }

    /** Takes over what has arrived, behind a {@link #more} that was false. */
    void add(ByteBuffer arrived) {
        release(chunk);
        chunk = arrived;
    }

    /** The bytes from the beginning of the next record on. */
    ByteBuffer next() {
        return cut.hasRemaining() ? cut : chunk;
    }

    int size() {
        return cut.remaining() + chunk.remaining();
    }

    /** What {@link #next} gives is no whole record: whether there is more of it now. */
    boolean more() throws SSLException {
        if (cut.hasRemaining()) {
            // An engine may want more than one whole record: then it gets all there are, or each byte would have it
            // look again.
            int missing = missing(cut);
            int count = missing > 0 ? Math.min(missing, chunk.remaining()) : chunk.remaining();
            append(count);
            return count > 0;
        }
        append(chunk.remaining());
        return false;
    }

    /** Whether {@link #next} gives a whole record. */
    boolean isWhole() {
        return missing(next()) <= 0;
    }

    /** How many bytes are missing of the record that begins there, as far as is known. */
    private static int missing(ByteBuffer bytes) {
        int begin = bytes.position();
        int size = bytes.remaining();
        if (size < HEADER) {
            return HEADER - size;
        }
        int length = (bytes.get(begin + 3) & 0xff) << 8 | bytes.get(begin + 4) & 0xff;
        return HEADER + length - size;
    }

    private void append(int count) throws SSLException {
        if (count > 0) {
            makeRoom(count);
            int end = cut.limit();
            cut.limit(end + count);
            cut.put(end, chunk, chunk.position(), count);
            chunk.position(chunk.position() + count);
        }
        if (!chunk.hasRemaining()) {
            release(chunk);
            chunk = NOTHING;
        }
    }

    private void makeRoom(int count) throws SSLException {
        int size = cut.remaining();
        if (cut.capacity() - cut.limit() >= count) {
            return;
        }
        if (size + count > Chunks.LARGE) {
            throw new SSLException("a record of more than " + size + " bytes");
        }
        ByteBuffer larger = chunks.take(size + count);
        larger.put(cut).flip();
        release(cut);
        cut = larger;
    }

    /** A record has been taken out of {@link #next}. */
    void taken() {
        if (!cut.hasRemaining() && cut != NOTHING) {
            release(cut);
            cut = NOTHING;
        }
        if (!chunk.hasRemaining()) {
            release(chunk);
            chunk = NOTHING;
        }
    }

    /** Forgets everything. */
    void drop() {
        release(chunk);
        release(cut);
        chunk = NOTHING;
        cut = NOTHING;
    }

    private void release(ByteBuffer each) {
        if (each.isDirect()) {
            chunks.give(each);
        }
    }
}
