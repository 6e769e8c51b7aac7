package io.github.futuresockets.impl.stress;

import io.github.futuresockets.impl.stress.Ending.Given;
import io.github.futuresockets.impl.stress.Ending.Reach;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Rounds on one connection. In each round a read is issued, bytes arrive, and at about the same time the caller ends
 * the read. The bytes of the read and of the following reads must equal the sent bytes. The seed of the object and the
 * number of a round determine the random choices of the round. Confined to one thread.
 */
final class CancelRounds {
    private static final Ending[] ENDINGS = Ending.values();
    private static final String ALPHABET = "abcab\r\n\n\u0002\u0005";

    private enum End {
        TAKEN,
        WITHDRAWN,
        FAILED
    }

    /**
     * Returns at about the arrival of the bytes just sent. {@code usual} is a recent estimate of the delay in
     * nanoseconds.
     */
    interface Moment {
        void await(SplittableRandom random, double usual);
    }

    private final ConnectionPair link;
    private final long seed;
    private final Moment moment;
    private final Duration patience;
    private final SentBytes sent = new SentBytes();
    private ReadModel previous;
    private double usual = 10_000;
    private String round = "";

    CancelRounds(ConnectionPair link, long seed, Moment moment, Duration patience) {
        this.link = link;
        this.seed = seed;
        this.moment = moment;
        this.patience = patience;
    }

    void run(int rounds) {
        for (int number = 0; number < rounds; number++) {
            round(number);
        }
        if (sent.outstanding() > 0) {
            drain();
        }
        link.far().end();
        check(ReadModels.all(1), link.near().readAll(1), true);
    }

    /** Runs one round. The only effect of earlier rounds is the bytes that are still unread. */
    void round(int number) {
        SplittableRandom random = new SplittableRandom(seed + number);
        Ending ending = ENDINGS[random.nextInt(ENDINGS.length)];
        if (ending.reach == Reach.TIMED && random.nextInt(4) > 0) {
            ending = Ending.CANCEL;
        }
        ReadModel read = read(random);
        round = "round " + number + " with seed " + seed + ": " + ending + " of " + read;
        try {
            if (read instanceof TransferRead) {
                transfer(ending, (TransferRead) read, random);
            } else {
                read(ending, read, random);
            }
            if (random.nextInt(8) > 0) {
                drain();
            }
            if (previous != null) {
                previous.checkUntouched();
            }
            previous = null;
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(round + ": " + e.getMessage() + "; " + sent, e);
        }
    }

    private static ReadModel read(SplittableRandom random) {
        switch (random.nextInt(12)) {
            case 0:
                return ReadModels.all(random.nextBoolean() ? random.nextInt(1, 20) : 1 << 20);
            case 1:
                return ReadModels.readable();
            case 2:
                return new TransferRead(random.nextBoolean() ? Runnable::run : ForkJoinPool.commonPool());
            default:
                return ReadModels.random(random, 24);
        }
    }

    private void read(Ending ending, ReadModel read, SplittableRandom random) {
        CompletableFuture<?> root = read.issue(link.near());
        Boolean won = arrival(ending, root, read, random);
        if (ending.reach == Reach.NOTHING && read.expected(sent.rest(), false).isPending()) {
            won = root.cancel(false);
            require(won, "a cancel lost, but there was nothing that could have won: " + root);
        }
        if (Boolean.TRUE.equals(won)) {
            require(root.isDone(), "a cancel has won, but the read is not done: " + root);
        }
        Patience.done(patience, root, () -> "the read");
        End end = check(read, root, false);
        require(won == null || won == (end == End.WITHDRAWN), "the call returned " + won + ", but the read is " + end);
        require(
                ending.reach != Reach.NOTHING || won != null || end != End.WITHDRAWN,
                "withdrawn, but nobody did it: " + root);
        previous = end == End.TAKEN ? null : read;
        usual = end == End.TAKEN ? Math.max(500, usual * 0.95) : Math.min(100_000, usual * 1.05);
    }

    /**
     * Runs a transfer. The transferred bytes are the bytes in the sink, possibly some time after the future is done.
     */
    private void transfer(Ending ending, TransferRead read, SplittableRandom random) {
        CompletableFuture<?> root = read.issue(link.near());
        arrival(ending, root, read, random);
        if (ending.reach == Reach.NOTHING) {
            require(!root.isDone(), "a transfer ended, but nobody ended it: " + root);
            require(root.cancel(false), "a cancel lost against an end that has not come: " + root);
        }
        Patience.done(patience, root, () -> "the transfer");
        byte[] rest = sent.rest();
        byte[] left = readBeside(read, rest.length);
        byte[] both = concat(read.sink.taken(), left);
        if (!Arrays.equals(rest, both)) {
            throw new AssertionError("sent " + Expected.show(rest) + ", to the sink " + Expected.show(read.sink.taken())
                    + ", left " + Expected.show(left));
        }
        sent.take(rest.length);
    }

    /**
     * Reads the bytes that the transfer left. The number of bytes is known only after the last write of the transfer.
     */
    private byte[] readBeside(TransferRead read, int length) {
        byte[] left = new byte[0];
        while (left.length + read.sink.taken().length < length) {
            CompletableFuture<ByteBuffer> next = link.near().readSome(length);
            int so = left.length;
            Patience.until(
                    patience,
                    () -> next.isDone() || so + read.sink.taken().length >= length,
                    () -> "after a transfer " + (length - so - read.sink.taken().length) + " bytes are missing");
            if (!next.cancel(false)) {
                left = concat(left, ReadModel.fresh(next.join()));
            }
        }
        return left;
    }

    private Boolean arrival(Ending ending, CompletableFuture<?> root, ReadModel read, SplittableRandom random) {
        Supplier<Boolean> act = ending.prepare(root, read);
        byte[] chunk = chunk(random);
        if (ending.reach == Reach.TIMED) {
            long start = System.nanoTime();
            act.get();
            long arrival = Ending.TIMEOUT_NANOS + random.nextInt(-150_000, 50_000);
            LockSupport.parkNanos(arrival - 100_000);
            Patience.spin(arrival - (System.nanoTime() - start));
            send(chunk);
            return null;
        }
        send(chunk);
        moment.await(random, usual);
        return act.get();
    }

    private byte[] chunk(SplittableRandom random) {
        byte[] chunk = new byte[random.nextInt(1, 40)];
        for (int i = 0; i < chunk.length; i++) {
            chunk[i] = (byte) ALPHABET.charAt(random.nextInt(ALPHABET.length()));
        }
        if (random.nextBoolean()) {
            chunk[chunk.length - 1] = '\n';
        }
        return chunk;
    }

    private void send(byte[] chunk) {
        sent.append(chunk);
        link.far().send(chunk);
    }

    /** Reads all outstanding bytes at once. No other read may be pending, and no byte may be missing. */
    private void drain() {
        int outstanding = sent.outstanding();
        if (outstanding > 0) {
            ReadModel rest = ReadModels.exactly(outstanding);
            CompletableFuture<?> future = rest.issue(link.near());
            Patience.done(patience, future, () -> "the read of " + outstanding + " bytes that are left");
            check(rest, future, false);
            require(sent.outstanding() == 0, "the next read failed: " + future);
        } else {
            CompletableFuture<?> idle = link.near().readSome(1);
            require(idle.cancel(false), "the next read could not be issued, or found a byte that nobody sent: " + idle);
            require(idle.isCancelled(), "the next read could not be issued: " + idle);
        }
    }

    /** Returns the outcome of a read, and checks the delivered bytes, if there are any. */
    private End check(ReadModel read, CompletableFuture<?> root, boolean ended) {
        byte[] rest = sent.rest();
        Throwable failure = root.handle((value, error) -> error).join();
        if (failure == null) {
            Object value = root.getNow(null);
            if (read.isSentinel(value)) {
                read.checkUntouched();
                return End.WITHDRAWN;
            }
            sent.take(read.succeeded(value, rest, ended));
            return End.TAKEN;
        }
        read.checkUntouched();
        if (failure instanceof CancellationException
                || failure instanceof TimeoutException
                || failure instanceof Given) {
            return End.WITHDRAWN;
        }
        read.expected(rest, ended).failed(failure);
        return End.FAILED;
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new AssertionError(message);
        }
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
