package io.github.futuresockets.impl;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that have arrived and nobody has taken yet. A single chunk stays what it is; only when more bytes come behind an
 * incomplete message they move to a heap buffer, which grows as they arrive.
 *
 * <p>A superclass of {@link ReadState}, which guards it, and no part of it, since each connection pays for each object.
 */
class Inbox {
    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    private final Loop loop;
    private ByteBuffer in = EMPTY;
    private int largest = 1;
    private int ask;

    Inbox(Loop loop) {
        this.loop = loop;
    }

    /** A read that can use so many bytes: so far may be read ahead from now on. */
    final void expect(int most) {
        largest = Math.max(largest, most);
    }

    /** The next fill: what is missing, in so large a chunk, or all that there is. */
    final void plan(int missing, int chunk, boolean all) {
        int most = missing > Chunks.LARGE / 2 ? Math.min(missing, chunk) : Chunks.LARGE;
        ask = all ? Chunks.LARGE : Math.min(largest, most);
    }

    /** How much to ask for, for the thread that fills. */
    final int ask() {
        return ask;
    }

    /** The bytes, from the position to the limit. */
    final ByteBuffer bytes() {
        return in;
    }

    final int size() {
        return in.remaining();
    }

    /** Takes over a filled chunk, for a read that wants {@code total} bytes; or, for want of memory, says so. */
    final @Nullable IOException add(ByteBuffer chunk, int total) {
        try {
            append(chunk, total);
            return null;
        } catch (Throwable e) {
            refuse(chunk);
            return new IOException("no memory for " + chunk.remaining() + " bytes behind " + in.remaining(), e);
        }
    }

    private void append(ByteBuffer chunk, int total) {
        if (!in.hasRemaining()) {
            drop();
            in = chunk;
            return;
        }
        int size = in.remaining() + chunk.remaining();
        if (in.isDirect() || in.capacity() - in.limit() < chunk.remaining()) {
            ByteBuffer larger = ByteBuffer.allocate(capacity(size, total));
            larger.put(in).flip();
            drop();
            in = larger;
        }
        int start = in.position();
        in.position(in.limit()).limit(start + size);
        in.put(chunk).position(start);
        refuse(chunk);
    }

    /** Doubles, so that the copies stay linear; but not past what is wanted, so that it can become the result itself. */
    private static int capacity(int size, int total) {
        int doubled = size > Integer.MAX_VALUE / 2 ? Integer.MAX_VALUE - 8 : 2 * size;
        return Math.max(size, Math.min(doubled, total));
    }

    /** Takes bytes back that were given away, in front of all others. */
    final void putBack(ByteBuffer bytes) {
        if (!in.hasRemaining()) {
            drop();
            in = bytes;
            return;
        }
        ByteBuffer all = ByteBuffer.allocate(bytes.remaining() + in.remaining());
        all.put(bytes).put(in).flip();
        refuse(bytes);
        drop();
        in = all;
    }

    /** Gives the bytes away, whole. */
    final ByteBuffer detach() {
        ByteBuffer all = in;
        in = EMPTY;
        return all;
    }

    /** Releases the memory if nothing is left in it. */
    final void releaseIfEmpty() {
        if (!in.hasRemaining() && in != EMPTY) {
            drop();
        }
    }

    /** Takes over a chunk that nobody will read. */
    final void refuse(ByteBuffer chunk) {
        if (chunk.isDirect()) {
            loop.chunks().give(chunk);
        }
    }

    /** Forgets the bytes. */
    final void drop() {
        ByteBuffer old = detach();
        refuse(old);
    }
}
