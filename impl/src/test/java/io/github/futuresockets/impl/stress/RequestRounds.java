package io.github.futuresockets.impl.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.futuresockets.Requests;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Peer;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Requests that are cancelled or timed out at the arrival of the replies. Each reply carries the number of its request.
 */
final class RequestRounds {
    private static final int AT_ONCE = 32;

    final AtomicInteger started = new AtomicInteger();
    final AtomicInteger succeeded = new AtomicInteger();
    final AtomicInteger late = new AtomicInteger();
    final AtomicInteger cancelled = new AtomicInteger();
    final AtomicInteger failed = new AtomicInteger();
    private final AtomicInteger wrong = new AtomicInteger();
    private final AtomicInteger twice = new AtomicInteger();
    private final Requests<Integer, Integer> requests;

    RequestRounds(Requests<Integer, Integer> requests) {
        this.requests = requests;
    }

    /** Sends all received bytes back, at times several replies together, until the end of the stream. */
    static void echo(Peer peer, long seed) throws IOException {
        answer(peer, seed, null);
    }

    /**
     * Answers as {@link #echo} does, with the replies that are sent together in any order. At times adds a negative
     * number without a request, and counts these numbers in {@code news}.
     */
    static void shuffle(Peer peer, long seed, AtomicInteger news) throws IOException {
        answer(peer, seed, news);
    }

    private static void answer(Peer peer, long seed, AtomicInteger news) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        DataInputStream in = new DataInputStream(peer.input());
        byte[] all = new byte[64 * Integer.BYTES];
        for (int count = in.read(all); count >= 0; count = in.read(all)) {
            while (count % Integer.BYTES > 0) {
                count += in.read(all, count, all.length - count);
            }
            Patience.spin(random.nextInt(20_000));
            byte[] replies = news == null ? Arrays.copyOf(all, count) : shuffled(all, count, random, news);
            int first = random.nextInt(replies.length / Integer.BYTES + 1) * Integer.BYTES;
            peer.send(Arrays.copyOf(replies, first));
            peer.send(Arrays.copyOfRange(replies, first, replies.length));
        }
    }

    private static byte[] shuffled(byte[] all, int count, SplittableRandom random, AtomicInteger news) {
        List<Integer> numbers = new ArrayList<>();
        for (ByteBuffer in = ByteBuffer.wrap(all, 0, count); in.hasRemaining(); ) {
            numbers.add(in.getInt());
        }
        if (random.nextInt(4) == 0) {
            numbers.add(-news.incrementAndGet());
        }
        Collections.shuffle(numbers, new Random(random.nextLong()));
        ByteBuffer out = ByteBuffer.allocate(numbers.size() * Integer.BYTES);
        numbers.forEach(out::putInt);
        return out.array();
    }

    /** Starts {@code count} requests, and cancels or times out some of the requests. */
    void run(int count, SplittableRandom random) {
        ArrayDeque<CompletableFuture<Integer>> open = new ArrayDeque<>();
        for (int i = 0; i < count; i++) {
            int number = started.incrementAndGet();
            CompletableFuture<Integer> call = requests.request(number);
            AtomicInteger ends = new AtomicInteger();
            call.whenComplete((reply, failure) -> {
                count(number, reply, failure);
                if (ends.incrementAndGet() > 1) {
                    twice.incrementAndGet();
                }
            });
            switch (random.nextInt(4)) {
                case 0 -> call.orTimeout(random.nextInt(200_000), TimeUnit.NANOSECONDS);
                case 1 -> {
                    Patience.spin(random.nextInt(60_000));
                    call.cancel(false);
                }
                default -> open.add(call);
            }
            if (open.size() == AT_ONCE) {
                CompletableFuture<Integer> oldest = open.remove();
                Patience.done(Await.LIMIT, oldest, () -> "request " + number);
            }
        }
    }

    private void count(int number, Integer reply, Throwable failure) {
        if (failure == null) {
            succeeded.incrementAndGet();
            if (reply != number) {
                wrong.incrementAndGet();
            }
        } else if (failure instanceof TimeoutException) {
            late.incrementAndGet();
        } else if (failure instanceof CancellationException) {
            cancelled.incrementAndGet();
        } else {
            failed.incrementAndGet();
        }
    }

    /** Checks that each request has ended exactly once, and none with the reply of another request. */
    void check(Duration limit) {
        Patience.until(
                limit,
                () -> succeeded.get() + late.get() + cancelled.get() + failed.get() >= started.get(),
                () -> "some never end: " + this);
        assertEquals(
                started.get(), succeeded.get() + late.get() + cancelled.get() + failed.get(), () -> "ends: " + this);
        assertEquals(0, wrong.get(), () -> "replies reached another request: " + this);
        assertEquals(0, twice.get(), () -> "ended twice: " + this);
    }

    @Override
    public String toString() {
        return started + " started: " + succeeded + " succeeded (" + wrong + " wrong), " + late + " late, " + cancelled
                + " cancelled, " + failed + " failed";
    }
}
