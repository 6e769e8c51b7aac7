package io.github.futuresockets.impl.stress;

import io.github.futuresockets.MessageSocket;
import io.github.futuresockets.impl.support.Await;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Batches of numbers for {@code sendAll}, by several writers. Each batch consists of its writer, its number, its length,
 * and as many numbers. So a reader recognises a batch that is torn, mixed up, repeated or out of order.
 */
final class SentBatches {
    private final Counters counters = new Counters();
    private final Set<Long> succeeded = ConcurrentHashMap.newKeySet();
    private final AtomicInteger cancelled = new AtomicInteger();

    // the reader's
    private final Set<Long> received = ConcurrentHashMap.newKeySet();
    private int torn;

    /** Sends batches, and cancels or times out many of the writes. */
    void send(MessageSocket<Integer, Integer> messages, int writer, int count, SplittableRandom random) {
        for (int number = 0; number < count; number++) {
            int length = random.nextInt(50) == 0 ? random.nextInt(40_000) : random.nextInt(1, 400);
            long id = (long) writer << 32 | number;
            CompletableFuture<Void> sent =
                    counters.started("sendAll of " + length, messages.sendAll(batch(writer, number, length)));
            sent.whenComplete((none, failure) -> {
                if (failure == null) {
                    succeeded.add(id);
                }
            });
            switch (random.nextInt(6)) {
                case 0 -> sent.orTimeout(random.nextInt(300), TimeUnit.MICROSECONDS);
                case 1 -> cancel(sent);
                case 2, 3 -> {
                    Patience.spin(random.nextInt(60_000));
                    cancel(sent);
                }
                default -> Patience.done(Await.LIMIT, messages.socket().writable(), () -> "the queue");
            }
        }
    }

    private void cancel(CompletableFuture<Void> sent) {
        if (sent.cancel(false)) {
            cancelled.incrementAndGet();
        }
    }

    private static List<Integer> batch(int writer, int number, int length) {
        List<Integer> batch = new ArrayList<>(length + 3);
        batch.add(writer);
        batch.add(number);
        batch.add(length);
        for (int i = 0; i < length; i++) {
            batch.add(filler(writer, number, i));
        }
        return batch;
    }

    private static int filler(int writer, int number, int index) {
        return (writer * 31 + number) * 31 + index;
    }

    /** Reads batches until the connection ends. The end may come within a batch, which then counts as torn. */
    void receive(InputStream stream, int writers) {
        int[] last = new int[writers];
        Arrays.fill(last, -1);
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(stream))) {
            while (true) {
                in.mark(1);
                if (in.read() < 0) {
                    return;
                }
                in.reset();
                receive(in, last);
            }
        } catch (EOFException within) {
            torn++;
        } catch (IOException reset) {
            torn++;
        }
    }

    private void receive(DataInputStream in, int[] last) throws IOException {
        int writer = in.readInt();
        int number = in.readInt();
        int length = in.readInt();
        String batch = "batch " + number + " of writer " + writer;
        if (writer < 0 || writer >= last.length || number <= last[writer] || length < 0 || length > 40_000) {
            throw new AssertionError(batch + " with length " + length + " is no batch in order");
        }
        last[writer] = number;
        for (int i = 0; i < length; i++) {
            if (in.readInt() != filler(writer, number, i)) {
                throw new AssertionError(batch + " is torn at " + i + " of " + length);
            }
        }
        received.add((long) writer << 32 | number);
    }

    /** Checks the batches after a regular end of the connection. */
    void checkWhole() {
        counters.balance(Await.LIMIT);
        if (torn > 0 || !received.containsAll(succeeded)) {
            throw new AssertionError("torn " + torn + ", missing batches: " + this);
        }
    }

    /** Checks the batches after an abort. The end may have lost batches and torn one. */
    void checkEnded() {
        counters.balance(Await.LIMIT);
    }

    int cancelled() {
        return cancelled.get();
    }

    @Override
    public String toString() {
        return counters + ", " + received.size() + " received";
    }
}
