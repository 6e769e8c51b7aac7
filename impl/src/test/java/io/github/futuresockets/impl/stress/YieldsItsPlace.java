package io.github.futuresockets.impl.stress;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.Requests;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Requests with a deliberate bug. A cancelled request leaves the queue, and its reply completes another request. */
final class YieldsItsPlace implements Requests<Integer, Integer> {
    private final AsyncSocket socket;
    // Additions are guarded by this, in the order of the writes. Removals are not.
    private final ConcurrentLinkedQueue<CompletableFuture<Integer>> queue = new ConcurrentLinkedQueue<>();

    YieldsItsPlace(AsyncSocket socket) {
        this.socket = socket;
        socket.messages(Numbers.CODEC).forEach(reply -> {
            CompletableFuture<Integer> first = queue.poll();
            if (first != null) {
                first.complete(reply);
            }
            return null;
        });
    }

    /** Returns requests over the given socket. */
    static Requests<Integer, Integer> over(AsyncSocket socket) {
        return new YieldsItsPlace(socket);
    }

    @Override
    public synchronized CompletableFuture<Integer> request(Integer message) {
        CompletableFuture<Integer> call = new CompletableFuture<>();
        queue.add(call);
        call.whenComplete((reply, failure) -> queue.remove(call));
        socket.writeMessage(message, Numbers.CODEC);
        return call;
    }

    @Override
    public CompletableFuture<Void> writable() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<Void> ended() {
        return socket.closed().thenApply(reason -> null);
    }

    @Override
    public void close() {
        socket.close();
    }
}
