package io.github.futuresockets.impl.operation;

import io.github.futuresockets.IncompleteReadException;
import io.github.futuresockets.impl.common.Delimiter;
import io.github.futuresockets.impl.connection.Read;
import io.github.futuresockets.impl.connection.ReadSide;
import io.github.futuresockets.impl.transport.BufferPool;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** {@code discardUntil}: drops all bytes up to and including a delimiter. */
public final class Discard extends Read<Long> {
    private final Delimiter delimiter;

    // guarded by the read state
    private long dropped;

    /** Makes a read that drops bytes. */
    public Discard(ReadSide side, Delimiter delimiter) {
        super(side);
        this.delimiter = delimiter;
    }

    @Override
    public String name() {
        return "discardUntil";
    }

    @Override
    protected int wants() {
        return BufferPool.LARGE;
    }

    /**
     * Drops all bytes before the end of the stream or a failure. Because earlier bytes were dropped as they arrived,
     * the rest would depend on the pieces in which the stream arrived.
     */
    @Override
    protected boolean attempt(ByteBuffer in, int seen, @Nullable IOException ending) {
        if (super.attempt(in, seen, null)) {
            return true;
        }
        if (ending == null) {
            return false;
        }
        drop(in, in.remaining());
        return super.attempt(in, 0, ending);
    }

    @Override
    protected @Nullable Object take(ByteBuffer in, int seen, boolean ended) throws Exception {
        int found = delimiter.find(in, seen, Integer.MAX_VALUE);
        if (found >= 0) {
            drop(in, found);
            return dropped;
        }
        if (ended) {
            throw new IncompleteReadException(
                    describe() + ": the stream ended after " + dropped + " bytes, all of them dropped", in, -1);
        }
        drop(in, in.remaining() - delimiter.begun(in));
        return MORE;
    }

    private void drop(ByteBuffer in, int count) {
        in.position(in.position() + count);
        dropped += count;
    }
}
