package io.github.futuresockets.impl.connection;

import java.nio.ByteBuffer;

/** A write of a pooled buffer, sent without a copy. The write releases the buffer if no byte of the buffer was staged. */
public final class PooledWrite extends Write {
    // guarded by the write state
    private boolean recycled;

    private PooledWrite(WriteSide side, ByteBuffer chunk) {
        super(side, NONE);
        refill(chunk);
    }

    /**
     * Makes a write of the bytes of a pooled buffer or of a heap buffer, and takes over the buffer. A pooled buffer with
     * few bytes is released, and the write has a copy, if the bytes would wait for the peer.
     */
    public static Write of(WriteSide side, ByteBuffer bytes) {
        ByteBuffer exact = Batch.exact(side, bytes);
        return exact.isDirect() ? new PooledWrite(side, exact) : new Write(side, exact);
    }

    private void recycle() {
        synchronized (side.state()) {
            if (recycled || unstaged() == 0) {
                return;
            }
            recycled = true;
        }
        side.loop().chunks().release(source());
    }

    @Override
    protected void fail(Throwable failure) {
        recycle();
        super.fail(failure);
    }

    @Override
    protected boolean withdraw() {
        boolean withdrawn = super.withdraw();
        if (withdrawn) {
            recycle();
        }
        return withdrawn;
    }
}
