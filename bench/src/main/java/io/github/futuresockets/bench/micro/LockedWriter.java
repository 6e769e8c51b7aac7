package io.github.futuresockets.bench.micro;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

/** A writer with a blocking channel and a lock. A thread holds the lock for the whole write of a message. */
final class LockedWriter implements SharedWriter {
    private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

    private final ReentrantLock lock = new ReentrantLock();

    // writes are guarded by lock
    private final SocketChannel channel;

    LockedWriter(SocketChannel channel) {
        this.channel = channel;
    }

    @Override
    public CompletableFuture<Void> write(byte[] message) {
        ByteBuffer src = ByteBuffer.wrap(message);
        lock.lock();
        try {
            while (src.hasRemaining()) {
                channel.write(src);
            }
            return DONE;
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
