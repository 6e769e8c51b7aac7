package io.github.futuresockets.impl.operation;

import io.github.futuresockets.impl.connection.Read;
import io.github.futuresockets.impl.connection.ReadSide;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** {@code readAtLeast}: the arrived bytes in the caller's buffer, once a minimum has arrived. */
public final class ReadAtLeast extends Read<Integer> {
    private final ByteBuffer dst;
    private final int least;
    private final int room;

    /** Makes a read of at least {@code least} bytes into {@code dst}. */
    public ReadAtLeast(ReadSide side, ByteBuffer dst, int least) {
        super(side);
        this.dst = dst;
        this.least = least;
        this.room = dst.remaining();
    }

    @Override
    public String name() {
        return "readAtLeast";
    }

    @Override
    protected int wants() {
        return room;
    }

    @Override
    protected @Nullable Object take(ByteBuffer in, int seen, boolean ended) throws IOException {
        if (in.remaining() < least) {
            if (ended) {
                throw incomplete(in, least);
            }
            return MORE;
        }
        int length = Math.min(in.remaining(), room);
        if (dst.remaining() != room) {
            throw changed(length, dst);
        }
        dst.put(dst.position(), in, in.position(), length);
        dst.position(dst.position() + length);
        in.position(in.position() + length);
        return length;
    }
}
