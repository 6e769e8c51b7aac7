package io.github.futuresockets;

import io.github.futuresockets.spi.IoContext;
import io.github.futuresockets.spi.OperationFuture;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * A moment, in this JVM, until which something has to be done: handed down a chain of operations, however many there are. A
 * time-out that every operation has for itself lets a slow peer stretch the whole for ever.
 *
 * <p>A deadline is a moment in the time of the sockets whose future it {@linkplain #limit limits} first. In a simulated
 * {@link MemoryNetwork} its whole duration begins with that call, and passes as the network is advanced. For all other sockets
 * the duration begins with {@link #after}.
 */
public final class Deadline {
    /*
     * `end` is a moment of `time`. The first future that belongs to any sockets decides which time that is: under this
     * object's monitor `settled` is set, once, and `moment` changes if the time is a simulated one.
     */
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
    private volatile Moment moment;
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
     * The moment so long from now.
     *
     * @param duration zero or less: it is over
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
     * How long it is to the deadline.
     *
     * @return the time that is left; zero when it is over
     */
    public Duration remaining() {
        return Duration.ofNanos(moment.left());
    }

    /**
     * Whether it is over.
     *
     * @return true from the moment on
     */
    public boolean isExpired() {
        return moment.left() == 0;
    }

    /**
     * Has a future fail with a {@link TimeoutException} that names this deadline, unless it is done in time. Of an operation
     * of this library, or of a chain that was derived from one, the operation that is pending then is withdrawn, without a
     * loss: see clause 5 of the {@linkplain io.github.futuresockets contract}.
     *
     * @param <T> the type of the result
     * @param future what is to be done
     * @return the same future
     */
    public <T> CompletableFuture<T> limit(CompletableFuture<T> future) {
        long left = left(future);
        if (left == 0) {
            future.completeExceptionally(late(future));
        } else if (future instanceof OperationFuture<?>) {
            ((OperationFuture<T>) future).failAfter(left, TimeUnit.NANOSECONDS, () -> late(future));
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
