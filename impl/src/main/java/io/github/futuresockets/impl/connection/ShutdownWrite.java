package io.github.futuresockets.impl.connection;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The half-close, queued after all writes. Callers get copies of its future, so a cancel does not reach the half-close.
 */
class ShutdownWrite extends Write {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    ShutdownWrite(WriteSide side) {
        super(side, NOTHING.duplicate());
    }

    @Override
    public String name() {
        return "shutdownOutput";
    }

    @Override
    protected final boolean isEnd() {
        return true;
    }

    @Override
    protected final int act() throws IOException {
        return side.connection.ending().endOutput() ? 0 : AWAIT;
    }

    @Override
    protected final String rest() {
        return "";
    }
}
