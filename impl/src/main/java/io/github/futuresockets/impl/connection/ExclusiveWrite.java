package io.github.futuresockets.impl.connection;

import java.io.IOException;

/** A write without bytes of its own that needs the flush for itself, until its step has ended. */
abstract class ExclusiveWrite extends Write {
    /** Result of {@link #act}: the transport has no room, and the flush waits for its signal. */
    protected static final int AWAIT = -1;

    /** Result of {@link #act}: the calling thread owns the flush no longer. */
    protected static final int OFFLOADED = -2;

    /** Makes a write. If {@code exclusive} is false, the write ends in its turn without a step. */
    ExclusiveWrite(WriteSide side, boolean exclusive) {
        super(side, NONE);
        this.exclusive = exclusive;
    }

    /**
     * Takes the step of the write. On the thread that owns the flush.
     *
     * @return the number of sent bytes, or {@link #AWAIT}, or {@link #OFFLOADED}
     * @throws IOException if the transport fails
     */
    protected abstract int act() throws IOException;

    /** Returns 0, because the write has no bytes. */
    @Override
    protected long taken(long count) {
        return 0;
    }
}
