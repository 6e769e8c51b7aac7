package io.github.futuresockets.impl.stress;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.MessageSocket;
import io.github.futuresockets.impl.stress.Ending.Given;
import java.time.Duration;
import java.util.Collections;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * An end of a conversation in numbers. A thread sends and a thread receives, each until the conversation ends. Many
 * operations are cancelled or timed out, and counted.
 */
final class MessageTalker {
    private static final int MOST_BATCHES = 150;

    private final Counters counters;
    private final AsyncSocket socket;
    private final MessageSocket<Integer, Integer> messages;
    private final SplittableRandom sending;
    private final SplittableRandom receiving;
    private final Duration patience;

    MessageTalker(Counters counters, AsyncSocket socket, SplittableRandom random, Duration patience) {
        this.counters = counters;
        this.socket = socket;
        this.messages = socket.messages(Numbers.CODEC);
        this.sending = random.split();
        this.receiving = random.split();
        this.patience = patience;
    }

    /** Sends batches until the conversation ends, or until enough batches are sent. */
    void send() {
        for (int i = 0; i < MOST_BATCHES && socket.isOpen(); i++) {
            int length = sending.nextInt(40) == 0 ? 30_000 : sending.nextInt(100);
            CompletableFuture<Void> sent =
                    counters.started("sendAll of " + length, messages.sendAll(Collections.nCopies(length, i)));
            endSoon(sent, sending);
            if (sending.nextInt(3) == 0) {
                Patience.done(patience, socket.writable(), () -> "the queue of " + socket);
            }
        }
    }

    private static void endSoon(CompletableFuture<?> operation, SplittableRandom random) {
        switch (random.nextInt(6)) {
            case 0 -> operation.orTimeout(random.nextInt(400), TimeUnit.MICROSECONDS);
            case 1 -> {
                Patience.spin(random.nextInt(50_000));
                operation.cancel(false);
            }
            case 2 -> operation.thenApply(same -> same).cancel(false);
            default -> {}
        }
    }

    /** Receives messages until the conversation ends. */
    void receive() {
        boolean over = false;
        while (!over) {
            CompletableFuture<?> operation = receiving.nextBoolean()
                    ? counters.started("receiveMany", messages.receiveMany(receiving.nextInt(1, 100)))
                    : handle(receiving.split());
            endSoon(operation, receiving);
            Patience.done(patience, operation, () -> "a read of " + socket);
            Throwable failure = operation.handle((value, failed) -> failed).join();
            over = failure == null
                    ? operation.getNow(null) == null
                    : !(failure instanceof CancellationException
                            || failure instanceof TimeoutException
                            || failure instanceof Given);
        }
    }

    /** Handles some messages, with replies now and later, until a failure of the handler. */
    private CompletableFuture<Void> handle(SplittableRandom random) {
        int[] left = {random.nextInt(1, 500)};
        return counters.started("handle", messages.handle((number, replies) -> {
            if (--left[0] <= 0) {
                throw new Given();
            }
            CompletionStage<?> stage = switch (random.nextInt(12)) {
                case 0 -> {
                    replies.send(number);
                    yield null;
                }
                case 1 -> CompletableFuture.runAsync(() -> replies.send(number));
                case 2 -> {
                    CompletableFuture.runAsync(() -> replies.send(number));
                    yield CompletableFuture.completedFuture(null);
                }
                default -> null;
            };
            return stage;
        }));
    }
}
