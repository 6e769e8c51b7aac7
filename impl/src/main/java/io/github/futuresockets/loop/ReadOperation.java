package io.github.futuresockets.loop;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadPendingException;

/** The read of a channel. */
final class ReadOperation extends TransferOperation {
    /*
     * After a short read, only the next poll finds out if further bytes have arrived. On the loop's thread the next
     * poll is near, so a read waits for the poll. On any other thread a read makes an attempt. If bytes have arrived,
     * the attempt saves a change of threads, and a change of threads costs twenty times as much as a vain attempt.
     */

    ReadOperation(LoopSocketChannel channel, SelectorLoop loop) {
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

    /** Returns true if a system call is worth while. */
    private boolean mayRead(long wanted) {
        return wanted > 0
                && !channel.isInputShut()
                && (channel.mayRead() || !channel.registration.loop().inLoop());
    }

    /** Returns the result of a read without a system call: -1 after a shutdown of the input, otherwise 0. */
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
