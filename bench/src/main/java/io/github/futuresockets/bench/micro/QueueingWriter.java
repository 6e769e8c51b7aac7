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

/** By hand, but well: who finds nobody writing writes for all that queue up meanwhile, many messages at once. */
final class QueueingWriter implements SharedWriter {
    /*
     * The monitor guards `queue` and `writing`, and nothing happens under it. `out` belongs to who has set `writing`; the
     * monitor hands it to the next one.
     */
    private record Entry(byte[] message, CompletableFuture<Void> done) {}

    private final SocketChannel channel;
    private final ByteBuffer out = ByteBuffer.allocateDirect(1 << 16);
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
