package io.github.futuresockets.impl.operation;

import io.github.futuresockets.impl.connection.Read;
import io.github.futuresockets.impl.connection.ReadSide;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** {@code read} into several buffers: the arrived bytes, copied into the caller's buffers in their order. */
public final class Scatter extends Read<Integer> {
    private final ByteBuffer[] all;
    private final int room;

    /** Makes a read into the buffers of {@code all}. The array belongs to the read. */
    public Scatter(ReadSide side, ByteBuffer[] all) {
        super(side);
        this.all = all;
        this.room = room(all);
    }

    /** Returns the number of bytes for which the buffers have room, at most {@link Integer#MAX_VALUE}. */
    public static int room(ByteBuffer[] all) {
        long room = 0;
        for (ByteBuffer each : all) {
            room += each.remaining();
        }
        return (int) Math.min(room, Integer.MAX_VALUE);
    }

    @Override
    public String name() {
        return "read";
    }

    @Override
    protected int wants() {
        return room;
    }

    @Override
    protected @Nullable Object take(ByteBuffer in, int seen, boolean ended) {
        if (!in.hasRemaining()) {
            return ended ? (Object) (-1) : MORE;
        }
        int[] before = new int[all.length];
        int filled = 0;
        int count = 0;
        try {
            for (; filled < all.length && in.hasRemaining(); filled++) {
                before[filled] = all[filled].position();
                count += fill(all[filled], in);
            }
        } catch (Throwable e) {
            while (filled-- > 0) {
                all[filled].position(before[filled]);
            }
            throw e;
        }
        if (count == 0) {
            throw changed(in.remaining(), all[0]);
        }
        return count;
    }

    private static int fill(ByteBuffer dst, ByteBuffer in) {
        int length = Math.min(in.remaining(), dst.remaining());
        dst.put(dst.position(), in, in.position(), length);
        dst.position(dst.position() + length);
        in.position(in.position() + length);
        return length;
    }
}
