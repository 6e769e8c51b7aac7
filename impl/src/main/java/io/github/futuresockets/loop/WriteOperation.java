package io.github.futuresockets.loop;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritePendingException;

/** The write of a channel. */
final class WriteOperation extends TransferOperation {
    WriteOperation(LoopSocketChannel channel, SelectorLoop loop) {
        super(channel, loop);
    }

    @Override
    long move(ByteBuffer buffer) throws IOException {
        return channel.tryWrite(buffer);
    }

    @Override
    long move(ByteBuffer[] buffers, long wanted) throws IOException {
        return channel.write(buffers, wanted);
    }

    @Override
    void await() {
        channel.awaitWritable();
    }

    @Override
    RuntimeException alreadyPending() {
        return new WritePendingException();
    }
}
