package io.github.futuresockets.loop;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadPendingException;

/** The read of a channel. */
final class Reading extends Transfer {
    Reading(LoopSocketChannel channel, SelectorLoop loop) {
        super(channel, loop);
    }

    @Override
    long move(ByteBuffer buffer) throws IOException {
        return mayRead(buffer.remaining()) ? channel.tryRead(buffer) : nothing();
    }

    @Override
    long move(ByteBuffer[] buffers, long wanted) throws IOException {
        return mayRead(wanted) ? channel.read(buffers, wanted) : nothing();
    }

    private boolean mayRead(long wanted) {
        return wanted > 0 && channel.mayRead() && !channel.isInputShut();
    }

    private int nothing() {
        return channel.isInputShut() ? -1 : 0;
    }

    @Override
    void await() {
        channel.awaitReadable();
    }

    @Override
    RuntimeException alreadyPending() {
        return new ReadPendingException();
    }
}
