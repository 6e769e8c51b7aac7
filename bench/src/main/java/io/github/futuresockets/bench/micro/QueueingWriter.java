package io.github.futuresockets.bench.micro;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A writer with a blocking channel and a queue, as an experienced programmer would write by hand. If no thread is
 * writing, a caller writes its own message and all messages that other threads add meanwhile. A system call takes as
 * many messages as fit into a buffer.
 */
final class QueueingWriter implements SharedWriter {
    /*
     * A thread that changes `writing` from false to true is the writing thread. The writing thread uses `out` and
     * `channel`, and resets `writing` when the queue is empty. No message is written and no future is completed under
     * the lock.
     */
    private record Entry(byte[] message, CompletableFuture<Void> done) {}

    // the writing thread's alone, except that any thread closes the channel
    private final SocketChannel channel;
    private final ByteBuffer out = ByteBuffer.allocateDirect(1 << 16);

    // guarded by this
    private final Queue<Entry> queue = new ArrayDeque<>();
    private boolean writing;

    QueueingWriter(SocketChannel channel) {
        this.channel = channel;
    }

    @Override
    public CompletableFuture<Void> write(byte[] message) {
        if (message.length > out.capacity()) {
            throw new IllegalArgumentException("a message of " + message.length + " bytes");
        }
        Entry entry = new Entry(message, new CompletableFuture<>());
        synchronized (this) {
            queue.add(entry);
            if (writing) {
                return entry.done;
            }
            writing = true;
        }
        for (List<Entry> batch = next(); batch != null; batch = next()) {
            write(batch);
        }
        return entry.done;
    }

    /** Takes messages from the queue, up to the size of {@code out}. If the queue is empty, resets {@code writing}. */
    private synchronized @Nullable List<Entry> next() {
        if (queue.isEmpty()) {
            writing = false;
            return null;
        }
        List<Entry> batch = new ArrayList<>();
        int room = out.capacity();
        for (Entry each = queue.peek(); each != null && each.message.length <= room; each = queue.peek()) {
            room -= each.message.length;
            batch.add(queue.remove());
        }
        return batch;
    }

    private void write(List<Entry> batch) {
        try {
            out.clear();
            batch.forEach(each -> out.put(each.message));
            out.flip();
            while (out.hasRemaining()) {
                channel.write(out);
            }
            batch.forEach(each -> each.done.complete(null));
        } catch (IOException e) {
            batch.forEach(each -> each.done.completeExceptionally(e));
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
