package io.github.futuresockets.future;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Runs two actions at the same moment, many times, with a small random offset. */
public final class Races {
    /** The maximum number of rounds. With a core for each thread, all rounds fit into {@link #NANOS}. */
    private static final int ROUNDS = 30_000;

    private static final long NANOS = TimeUnit.MILLISECONDS.toNanos(700);
    private static final int SPREAD = 8;

    /** A round of two racing actions, and a check after the return of both actions. */
    public record Round(Runnable one, Runnable two, Runnable check) {}

    /** A barrier for two threads. The threads spin, because a parked thread resumes late. */
    private static final class Meeting {
        private final AtomicInteger arrived = new AtomicInteger();
        private volatile int phase;

        void arrive(AtomicReference<@Nullable Throwable> failure) {
            int current = phase;
            if (arrived.incrementAndGet() == 2) {
                arrived.set(0);
                phase = current + 1;
                return;
            }
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(50);
            for (int turns = 1; phase == current; turns++) {
                Thread.onSpinWait();
                if (turns % 200 == 0) {
                    Thread.yield();
                    if (failure.get() != null || System.nanoTime() > end) {
                        throw new AssertionError("the other thread did not come");
                    }
                }
            }
        }
    }

    private final Meeting start = new Meeting();
    private final Meeting end = new Meeting();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile @Nullable Round current;
    private volatile int delay;

    private Races() {}

    /**
     * Runs the rounds that {@code make} creates from random numbers.
     *
     * @param name the property, for the message with the seed of a failed race
     */
    public static void run(String name, Function<SplittableRandom, Round> make) throws InterruptedException {
        long seed = Long.getLong("futuresockets.test.seed", System.nanoTime());
        new Races().run(name, make, seed, Long.getLong("futuresockets.stress.scale", 1));
    }

    private void run(String name, Function<SplittableRandom, Round> make, long seed, long scale)
            throws InterruptedException {
        SplittableRandom random = new SplittableRandom(seed);
        Thread other = new Thread(this::second, "other side of the race");
        other.setDaemon(true);
        other.start();
        long over = System.nanoTime() + NANOS * scale;
        long round = 0;
        try {
            for (; round < ROUNDS * scale && System.nanoTime() < over; round++) {
                Round next = make.apply(random);
                // Small offsets are the most frequent, because a race is decided within a few nanoseconds.
                int most = 1 << random.nextInt(SPREAD);
                int skew = random.nextInt(-most, most + 1);
                delay = Math.max(0, skew);
                current = next;
                start.arrive(failure);
                spin(Math.max(0, -skew));
                next.one().run();
                end.arrive(failure);
                next.check().run();
            }
            current = null;
            start.arrive(failure);
        } catch (Throwable e) {
            Throwable cause = failure.get() == null ? e : failure.get();
            failure.set(cause);
            throw new AssertionError(
                    name + ", round " + round + ": repeat with -Dfuturesockets.test.seed=" + seed, cause);
        } finally {
            other.join();
        }
    }

    private void second() {
        try {
            for (; ; ) {
                start.arrive(failure);
                Round round = current;
                if (round == null) {
                    return;
                }
                spin(delay);
                round.two().run();
                end.arrive(failure);
            }
        } catch (Throwable e) {
            failure.compareAndSet(null, e);
        }
    }

    private static void spin(int turns) {
        for (int i = 0; i < turns; i++) {
            Thread.onSpinWait();
        }
    }
}
