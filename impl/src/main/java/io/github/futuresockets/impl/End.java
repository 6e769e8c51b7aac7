package io.github.futuresockets.impl;

import java.io.IOException;
import java.nio.ByteBuffer;

/** The half-close in its turn behind the writes. Its users get copies: it cannot be taken back. */
class End extends Write {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    End(WriteSide side) {
        super(side, NOTHING.duplicate());
    }

    @Override
    String name() {
        return "shutdownOutput";
    }

    @Override
    final boolean isEnd() {
        return true;
    }

    @Override
    final int act() throws IOException {
        return side.connection.endOutput();
    }

    @Override
    final String rest() {
        return "";
    }
}
