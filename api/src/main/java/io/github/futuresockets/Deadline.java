package io.github.futuresockets;

import io.github.futuresockets.future.IoContext;
import io.github.futuresockets.future.OperationFuture;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * A point in time for the end of a whole chain of operations. The same deadline is passed to each operation of the
 * chain. A separate time-out for each operation does not bound the chain, because a slow peer can use every time-out in
 * full.
 *
 * <p>The duration of a deadline begins with {@link #after}, in the time of the JVM. A simulated {@link MemoryNetwork}
 * is the exception. If the first future of this library passed to {@link #limit} belongs to such a network, the whole
 * duration begins with the call of {@code limit}, in the time of the network.
 *
 * <p><b>Concurrency.</b> All methods may be called from any thread.
 */
public final class Deadline {
    /*
     * The first limited future with an IoContext selects the time source: simulated time or System.nanoTime.
     * Transition: settled false -> true, by that call. If the time source is simulated, the call first sets `moment`.
     */

    /** The end of the deadline, in nanoseconds of {@code time}. */
    private record Moment(LongSupplier time, long end) {
        static Moment in(LongSupplier time, long nanos) {
            return new Moment(time, time.getAsLong() + nanos);
        }

        long left() {
            return Math.max(0, end - time.getAsLong());
        }
    }

    private final Duration allowed;
    private final long nanos;

    // written guarded by this, read by any thread

    private volatile Moment moment;
    /** True after the time source is selected. */
    private volatile boolean settled;

    private Deadline(long nanos, Duration allowed) {
        this.nanos = nanos;
        this.allowed = allowed;
        this.moment = Moment.in(System::nanoTime, nanos);
    }

    private long left(CompletableFuture<?> future) {
        IoContext context = settled ? null : OperationFuture.contextOf(future);
        if (context != null) {
            synchronized (this) {
                LongSupplier simulated = settled ? null : context.simulatedTime();
                if (simulated != null) {
                    moment = Moment.in(simulated, nanos);
                }
                settled = true;
            }
        }
        return moment.left();
    }

    /**
     * Returns a deadline that expires after {@code duration}.
     *
     * @param duration the time from now; if zero or less, the deadline has expired
     * @return a new deadline
     */
    public static Deadline after(Duration duration) {
        long nanos;
        try {
            nanos = Math.max(0, Math.min(duration.toNanos(), Long.MAX_VALUE / 2));
        } catch (ArithmeticException tooLong) {
            nanos = duration.isNegative() ? 0 : Long.MAX_VALUE / 2;
        }
        return new Deadline(nanos, duration);
    }

    /**
     * Returns the time until the deadline.
     *
     * @return the time that is left; zero after the deadline
     */
    public Duration remaining() {
        return Duration.ofNanos(moment.left());
    }

    /**
     * Returns true if the deadline has expired.
     *
     * @return true from the deadline on
     */
    public boolean isExpired() {
        return moment.left() == 0;
    }

    /**
     * Fails a future at the deadline, unless the future completes earlier. The failure is a {@link TimeoutException}
     * that names the deadline.
     *
     * <p>If the future belongs to an operation of this library, or is derived from such a future, the pending operation
     * is withdrawn. No data is lost (clause 5 of the {@linkplain io.github.futuresockets contract}).
     *
     * @param <T> the type of the result
     * @param future the future to limit
     * @return the same future
     */
    public <T> CompletableFuture<T> limit(CompletableFuture<T> future) {
        long left = left(future);
        if (left == 0) {
            future.completeExceptionally(late(future));
        } else if (future instanceof OperationFuture<T> operation) {
            operation.failAfter(left, TimeUnit.NANOSECONDS, () -> late(future));
        } else if (!future.isDone()) {
            try {
                CompletableFuture<Void> alarm =
                        new CompletableFuture<Void>().completeOnTimeout(null, left, TimeUnit.NANOSECONDS);
                alarm.thenRun(() -> future.completeExceptionally(late(future)));
                future.whenComplete((value, failure) -> alarm.cancel(false));
            } catch (Throwable noAlarm) {
                future.completeExceptionally(noAlarm);
            }
        }
        return future;
    }

    private TimeoutException late(CompletableFuture<?> future) {
        return new TimeoutException(
                OperationFuture.nameOf(future) + ": not done by the deadline, " + allowed + " after it was set");
    }

    @Override
    public String toString() {
        return "deadline in " + remaining() + ", " + allowed + " after it was set";
    }
}
