package io.github.futuresockets.impl.operation;

import io.github.futuresockets.impl.connection.Read;
import io.github.futuresockets.impl.connection.ReadSide;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** {@code peek}: a copy of the next bytes, which stay readable. Runs under the lock of the read state. */
public final class Peek extends Read<ByteBuffer> {
    /** The most bytes of a peek. */
    public static final int LIMIT = 65_536;

    /** The most peeks in a row at the same bytes. Without a limit, a loop over peeks would hold its thread. */
    private static final int MOST_LOOKS = 100;

    private final int length;

    /** Makes a peek at {@code length} bytes. */
    public Peek(ReadSide side, int length) {
        super(side);
        this.length = length;
    }

    @Override
    public String name() {
        return "peek";
    }

    @Override
    protected int wants() {
        return length;
    }

    @Override
    protected @Nullable Object take(ByteBuffer in, int seen, boolean ended) throws IOException {
        if (in.remaining() < length) {
            if (ended) {
                throw incomplete(in, length);
            }
            return MORE;
        }
        if (length > 0 && side.state().looks() > MOST_LOOKS) {
            throw new IllegalStateException(describe() + ": more than " + MOST_LOOKS
                    + " peeks in a row, and no read took one of the " + in.remaining() + " bytes");
        }
        byte[] bytes = new byte[length];
        in.get(in.position(), bytes);
        return ByteBuffer.wrap(bytes);
    }
}
