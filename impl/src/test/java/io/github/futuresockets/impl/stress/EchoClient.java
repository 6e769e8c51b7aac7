package io.github.futuresockets.impl.stress;

import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Background;
import io.github.futuresockets.impl.support.Peer;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A client that sends numbers with random pauses, and receives each number once. The remainder of a number by 3 tells
 * the way of its reply:
 *
 * <ul>
 *   <li>0: a reply within the call of the handler.
 *   <li>1: a reply by another thread, which does not hold up the next message.
 *   <li>2: a reply by the other thread, before the stage of the handler completes.
 * </ul>
 */
final class EchoClient {
    private static final int MOST_AHEAD = 3_000;

    private final Peer peer;
    private final int count;
    private final AtomicInteger received = new AtomicInteger();

    EchoClient(Peer peer, int count) {
        this.peer = peer;
        this.count = count;
    }

    /** Sends all numbers, and checks all replies. */
    void run(SplittableRandom random) {
        SplittableRandom own = random.split();
        CompletableFuture<Void> sent = Background.run(() -> send(own));
        try {
            receive(random);
        } catch (IOException e) {
            throw new AssertionError("after " + received + " of " + count + " replies: " + e, e);
        }
        sent.join();
    }

    private void send(SplittableRandom random) {
        for (int next = 0; next < count; ) {
            ByteBuffer some = ByteBuffer.allocate(Integer.BYTES * Math.min(count - next, 1 + random.nextInt(100)));
            while (some.hasRemaining()) {
                some.putInt(next++);
            }
            peer.send(some.array());
            int known = next;
            Patience.until(
                    Await.LIMIT, () -> received.get() > known - MOST_AHEAD, () -> "no replies after " + received);
            Patience.spin(random.nextInt(30_000));
        }
        peer.end();
    }

    private void receive(SplittableRandom random) throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(peer.input(), 1_024));
        BitSet seen = new BitSet();
        int[] last = {-1, -1};
        for (int i = 0; i < count; i++) {
            int number = in.readInt();
            require(number >= 0 && number < count && !seen.get(number), number + " came twice, or was not sent");
            seen.set(number);
            int thread = number % 3 == 0 ? 0 : 1;
            require(number > last[thread], number + " of the same thread came after " + last[thread]);
            last[thread] = number;
            int held = number / 3 * 3 - 1;
            require(
                    number % 3 > 0 || held < 0 || seen.get(held),
                    number + " came before " + held + ", which holds it up");
            received.incrementAndGet();
            if (random.nextInt(500) == 0) {
                Patience.spin(random.nextInt(200_000));
            }
        }
        require(in.read() < 0, "a reply too many");
    }

    private static void require(boolean condition, String problem) {
        if (!condition) {
            throw new AssertionError(problem);
        }
    }
}
