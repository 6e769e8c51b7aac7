package io.github.futuresockets.impl.connection;

import java.io.IOException;

/**
 * The half-close, queued after all writes. Callers get copies of its future, so a cancel does not reach the half-close.
 */
final class ShutdownWrite extends ExclusiveWrite {
    // guarded by the write state
    /** True if the half-close belongs to a close. */
    boolean closing;

    ShutdownWrite(WriteSide side) {
        super(side, true);
    }

    @Override
    public String name() {
        return "shutdownOutput";
    }

    @Override
    protected int act() throws IOException {
        if (!side.connection.ending().endOutput()) {
            return AWAIT;
        }
        synchronized (side.state()) {
            exclusive = false;
        }
        return 0;
    }

    @Override
    protected String rest() {
        return "";
    }
}
