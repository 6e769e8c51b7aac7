package io.github.futuresockets.impl.stress;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.futuresockets.MessageHandler;
import io.github.futuresockets.MessageSocket;
import io.github.futuresockets.Replies;
import io.github.futuresockets.impl.stress.Ending.Given;
import io.github.futuresockets.impl.support.Background;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * Rounds on one connection. The peer sends numbered lines in random pieces. In each round the reader takes lines by
 * another operation, and most rounds end the operation early. Each line must be taken once, in the order of the rounds.
 */
final class MessageRounds {
    /** The ways in which a handler loop ends before the end of the stream. */
    private enum Stop {
        CANCEL,
        CANCEL_DERIVED,
        TIMEOUT,
        CANCEL_BY_HANDLER,
        THROW,
        FAILED_STAGE,
        STAGE_FAILS_LATER
    }

    private static final Stop[] STOPS = Stop.values();

    private final ConnectionPair link;
    private final MessageSocket<Integer, Integer> messages;
    private final SplittableRandom random;
    private final Duration patience;
    private final int total;

    // written by any thread that takes a line
    /** The round that has taken the line, or 0. */
    private final AtomicIntegerArray takers;

    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicReference<String> wrong = new AtomicReference<>();

    // the reader's
    private int round;
    private int withdrawn;
    private boolean over;

    MessageRounds(ConnectionPair link, SplittableRandom random, int total, Duration patience) {
        this.link = link;
        this.messages = link.near().messages(NumberedLines.CODEC);
        this.random = random;
        this.total = total;
        this.patience = patience;
        this.takers = new AtomicIntegerArray(total);
    }

    /** Sends and takes all lines. Returns the number of rounds, and of rounds that were withdrawn. */
    String run() {
        SplittableRandom pieces = random.split();
        CompletableFuture<Void> sent = Background.run(() -> send(pieces));
        while (!over) {
            round++;
            SplittableRandom own = random.split();
            switch (random.nextInt(6)) {
                case 0 -> read(messages.receive(), List::of, own);
                case 1 -> read(link.near().readLine(), line -> List.of(NumberedLines.number(line)), own);
                case 2 -> handle(own, true);
                case 3 -> handle(own, false);
                default -> read(messages.receiveMany(own.nextBoolean() ? 200 : own.nextInt(1, 6)), lines -> lines, own);
            }
            require(wrong.get() == null, wrong.get());
        }
        awaitTaken(total);
        Patience.done(patience, sent, () -> "the sender");
        for (int i = 0; i < total; i++) {
            require(takers.get(i) > 0, "line " + i + " was not taken");
            require(
                    i == 0 || takers.get(i - 1) <= takers.get(i),
                    "round " + takers.get(i) + " has taken line " + i + " before round "
                            + takers.get(Math.max(0, i - 1)) + " has taken the line before");
        }
        require(wrong.get() == null, wrong.get());
        return round + " rounds, " + withdrawn + " withdrawn, for " + total + " lines";
    }

    /** Sends all lines. A limited number of lines is ahead of the reader, so that the reader often waits. */
    private void send(SplittableRandom pieces) {
        int next = 0;
        byte[] rest = new byte[0];
        while (next < total || rest.length > 0) {
            int lines = Math.min(total - next, pieces.nextInt(4) == 0 ? pieces.nextInt(200) : pieces.nextInt(1, 8));
            StringBuilder text = new StringBuilder(new String(rest, US_ASCII));
            for (int end = next + lines; next < end; next++) {
                text.append(NumberedLines.line(next)).append('\n');
            }
            byte[] all = text.toString().getBytes(US_ASCII);
            int cut = next == total ? all.length : pieces.nextInt(all.length + 1);
            link.far().send(Arrays.copyOf(all, cut));
            rest = Arrays.copyOfRange(all, cut, all.length);
            int known = next - (int) new String(rest, US_ASCII).lines().count();
            Patience.until(patience, () -> taken.get() > known - 400, () -> "the reader stands still at " + taken);
            if (pieces.nextInt(3) > 0) {
                Patience.spin(pieces.nextInt(40_000));
            }
        }
        link.far().end();
    }

    private void require(boolean condition, String problem) {
        if (!condition) {
            throw new AssertionError("round " + round + ": " + problem);
        }
    }

    private void take(int by, int number) {
        if (!takers.compareAndSet(number, 0, by)) {
            wrong.compareAndSet(null, "line " + number + " was taken in rounds " + takers.get(number) + " and " + by);
        }
        taken.incrementAndGet();
    }

    /** Takes a list of lines without a gap. */
    private void takeAll(int by, List<Integer> lines) {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i) != lines.get(0) + i) {
                wrong.compareAndSet(null, "round " + by + " has a gap: " + lines);
            }
            take(by, lines.get(i));
        }
    }

    /** Ends a round of a read. */
    private <T> void read(CompletableFuture<T> read, Function<T, List<Integer>> lines, SplittableRandom own) {
        boolean timed = false;
        switch (own.nextInt(4)) {
            case 0 -> {
                read.orTimeout(own.nextInt(400), TimeUnit.MICROSECONDS);
                timed = true;
            }
            case 1, 2 -> {
                Patience.spin(own.nextInt(50_000));
                read.cancel(false);
            }
            default -> {}
        }
        Throwable failure = outcome(read, "the read");
        if (failure == null) {
            T result = read.join();
            over = result == null;
            if (!over) {
                List<Integer> all = lines.apply(result);
                takeAll(round, all);
                awaitTaken(all.get(0) + all.size());
            }
            return;
        }
        withdrawn++;
        require(failure instanceof CancellationException || timed && failure instanceof TimeoutException, "" + failure);
    }

    /** Waits for the handlers of cancelled rounds. */
    private void awaitTaken(int lines) {
        Patience.until(
                patience,
                () -> taken.get() >= lines,
                () -> "round " + round + ": only " + taken + " of the first " + lines + " lines were taken");
    }

    private Throwable outcome(CompletableFuture<?> future, String what) {
        Patience.done(patience, future, () -> "round " + round + ": " + what + " at " + taken);
        return future.handle((value, failure) -> failure).join();
    }

    private void handle(SplittableRandom own, boolean replying) {
        Turn turn = new Turn(own);
        CompletableFuture<Void> done = replying
                ? messages.handle(turn)
                : messages.forEach(number -> {
                    try {
                        return turn.message(number, null);
                    } catch (Given e) {
                        throw new CompletionException(e);
                    }
                });
        turn.self = done;
        Stop stop = turn.stop;
        if (stop == Stop.TIMEOUT) {
            done.orTimeout(turn.delay / 100, TimeUnit.MICROSECONDS);
        } else if (stop == Stop.CANCEL) {
            Patience.spin(turn.delay);
            done.cancel(false);
        } else if (stop == Stop.CANCEL_DERIVED) {
            CompletableFuture<String> derived = done.thenApply(none -> "");
            Patience.spin(turn.delay);
            derived.cancel(false);
        }
        Throwable failure = outcome(done, stop + " of a handler");
        if (failure == null) {
            over = true;
            return;
        }
        withdrawn++;
        boolean right = switch (stop) {
            case CANCEL, CANCEL_DERIVED, CANCEL_BY_HANDLER -> failure instanceof CancellationException;
            case TIMEOUT -> failure instanceof TimeoutException;
            default ->
                failure instanceof Given
                        || failure instanceof CompletionException && failure.getCause() instanceof Given;
        };
        require(right, stop + " ended with " + failure);
    }

    /** The handler of a round. Calls are sequential. */
    private final class Turn implements MessageHandler<Integer, Integer> {
        private final int by = round;
        private final SplittableRandom own;
        private final Stop stop;
        private final int delay;
        private int left;
        private int next = -1;
        private volatile CompletableFuture<Void> self;

        Turn(SplittableRandom own) {
            this.own = own;
            this.stop = STOPS[own.nextInt(STOPS.length)];
            this.left = own.nextInt(4) == 0 ? own.nextInt(1, 150) : own.nextInt(1, 20);
            this.delay = own.nextInt(100_000);
        }

        @Override
        public CompletionStage<?> message(Integer number, Replies<Integer> replies) throws Given {
            if (next >= 0 && next != number) {
                wrong.compareAndSet(null, "round " + by + " got line " + number + " instead of " + next);
            }
            next = number + 1;
            take(by, number);
            if (stop.compareTo(Stop.TIMEOUT) > 0 && --left <= 0) {
                CompletableFuture<Void> mine = self;
                switch (stop) {
                    case THROW -> throw new Given();
                    case FAILED_STAGE -> {
                        return CompletableFuture.failedFuture(new Given());
                    }
                    case STAGE_FAILS_LATER -> {
                        CompletableFuture<Void> stage = new CompletableFuture<>();
                        ForkJoinPool.commonPool().execute(() -> stage.completeExceptionally(new Given()));
                        return stage;
                    }
                    default -> {
                        // The handler may run before the call has returned its future.
                        if (mine != null) {
                            mine.cancel(false);
                            return null;
                        }
                    }
                }
            }
            return switch (own.nextInt(8)) {
                case 0 -> CompletableFuture.completedFuture(null);
                case 1 -> CompletableFuture.runAsync(() -> Patience.spin(2_000));
                case 2 -> stop.compareTo(Stop.CANCEL_BY_HANDLER) > 0 ? readBeside() : null;
                default -> null;
            };
        }

        /** Reads the next lines within the handler. Only if no other thread reads after a cancel. */
        private CompletionStage<?> readBeside() {
            return messages.receiveMany(own.nextInt(1, 4)).whenComplete((lines, failure) -> {
                if (lines != null) {
                    takeAll(by, lines);
                    next += lines.size();
                } else if (failure != null) {
                    wrong.compareAndSet(null, "a read of the handler in round " + by + ": " + failure);
                }
            });
        }
    }
}
