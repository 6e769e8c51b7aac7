package io.github.futuresockets.impl;

import io.github.futuresockets.IncompleteReadException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** {@code discardUntil}: drops what comes, up to a delimiter. */
final class Discard extends Read<Long> {
    private final Delimiter delimiter;
    private long dropped;

    Discard(ReadSide side, Delimiter delimiter) {
        super(side);
        this.delimiter = delimiter;
    }

    @Override
    String name() {
        return "discardUntil";
    }

    @Override
    int wants() {
        return Chunks.LARGE;
    }

    /** Whatever ends the stream, nothing is left in front of it: how much was there would depend on how it came. */
    @Override
    boolean attempt(ByteBuffer in, int seen, @Nullable IOException ending) {
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
    @Nullable Object take(ByteBuffer in, int seen, boolean ended) throws Exception {
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
