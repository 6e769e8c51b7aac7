package io.github.futuresockets.loop;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadPendingException;

/** The read of a channel. */
final class Reading extends Transfer {
    /*
     * Whether bytes have come since the last read came back short is not known before the next poll. On the loop's thread that poll
     * is near. On any other, an attempt that finds some saves a change of threads, which costs twenty times as much as an attempt
     * that finds none.
     */

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
        return wanted > 0
                && !channel.isInputShut()
                && (channel.mayRead() || !channel.registration.loop().inLoop());
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
