package io.github.futuresockets.compose;

import io.github.futuresockets.future.OperationFuture;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A publisher of the results of reads, for a single subscriber. Each further subscriber receives {@code onError} with
 * an {@code IllegalStateException}. A read begins only on demand. A read with a null result completes the subscription.
 *
 * @param <T> the type of the items
 */
public final class PullPublisher<T> implements Flow.Publisher<T> {
    private final Supplier<? extends CompletableFuture<? extends @Nullable T>> source;
    private final AtomicBoolean taken = new AtomicBoolean();

    /**
     * Creates a publisher.
     *
     * @param source begins a read; the read's result is an item, or null at the end
     */
    public PullPublisher(Supplier<? extends CompletableFuture<? extends @Nullable T>> source) {
        this.source = source;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super T> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber");
        if (taken.compareAndSet(false, true)) {
            new Subscription<T>(source, subscriber).begin();
        } else {
            subscriber.onSubscribe(new Flow.Subscription() {
                @Override
                public void request(long count) {
                    // The subscription ended before its start.
                }

                @Override
                public void cancel() {
                    // The subscription ended before its start.
                }
            });
            subscriber.onError(new IllegalStateException("a connection can be read by one subscriber only"));
        }
    }

    private static final class Subscription<T> implements Flow.Subscription, BiConsumer<@Nullable T, Throwable> {
        /*
         * `drain` calls the subscriber. Therefore signals are serial (Reactive Streams, rule 1.3), and a request within
         * a signal does not deepen the stack (rule 3.3).
         *
         * `outcome` is the item of the completed read, NONE, or a Failure. `pending` holds the read from its start
         * until its outcome has been signalled.
         *
         * Cancel. `cancel` cancels `pending`. If the read cannot be withdrawn, its item is signalled. A read begins
         * within a call of `gate`, and only while `pending` is not cancelled. `cancel` waits for the call of another
         * thread. Therefore no read begins after the return of `cancel`.
         */
        private static final Object NONE = new Object();

        private record Failure(Throwable cause) {}

        // Shared by the drainer, the caller of request and cancel, and the thread that completes a read.
        private final Supplier<? extends CompletableFuture<? extends @Nullable T>> source;
        private final SerialDrain drain = new SerialDrain(this::advance);
        private final CancelSlot<CompletableFuture<?>> pending = CancelSlot.ofStage();
        private final CallGate gate = new CallGate();
        private final AtomicLong demand = new AtomicLong();
        private volatile @Nullable Object outcome = NONE;
        private volatile @Nullable Throwable illegal;

        // The drainer's alone.
        /** The subscriber, or null after the last signal (rule 3.13). */
        private Flow.@Nullable Subscriber<? super T> subscriber;

        /** True after the call of {@code onSubscribe}. */
        private boolean subscribed;

        Subscription(
                Supplier<? extends CompletableFuture<? extends @Nullable T>> source,
                Flow.Subscriber<? super T> subscriber) {
            this.source = source;
            this.subscriber = subscriber;
        }

        /** Calls {@code onSubscribe}, and then serves the demand. */
        void begin() {
            drain.drain();
        }

        @Override
        public void request(long count) {
            if (count < 1) {
                illegal =
                        new IllegalArgumentException("request(" + count + "): the demand must be positive (rule 3.9)");
            } else {
                demand.accumulateAndGet(count, (before, more) -> before + more < 0 ? Long.MAX_VALUE : before + more);
            }
            drain.drain();
        }

        @Override
        public void cancel() {
            pending.cancel();
            drain.drain();
            gate.awaitOther();
        }

        @Override
        public void accept(@Nullable T item, @Nullable Throwable failure) {
            outcome = failure == null ? item : new Failure(OperationFuture.bare(failure));
            drain.drain();
        }

        private void advance() {
            try {
                while (step()) {
                    continue;
                }
            } catch (Throwable e) {
                hasThrown(e);
            }
        }

        /** Performs a single action that is possible now. Returns false if there is none. */
        @SuppressWarnings("unchecked")
        private boolean step() {
            Flow.Subscriber<? super T> to = subscriber;
            if (to == null) {
                return false;
            }
            if (!subscribed) {
                subscribed = true;
                to.onSubscribe(this);
                return true;
            }
            Object ready = outcome;
            if (ready != NONE) {
                outcome = NONE;
                pending.clear();
                if (ready == null || ready instanceof Failure) {
                    end(to, ready == null ? null : ((Failure) ready).cause);
                    return false;
                }
                if (demand.get() != Long.MAX_VALUE) {
                    demand.decrementAndGet();
                }
                to.onNext((T) ready);
                return true;
            }
            CompletableFuture<?> read = pending.get();
            if (read != null) {
                // An illegal demand is signalled after the outcome of the pending read.
                if (illegal != null) {
                    CancelSlot.cancel(read);
                }
                return false;
            }
            if (pending.isCancelled()) {
                subscriber = null;
                return false;
            }
            if (illegal != null) {
                end(to, illegal);
                return false;
            }
            if (demand.get() == 0) {
                return false;
            }
            read();
            return true;
        }

        /** Begins a read, unless cancelled. */
        private void read() {
            gate.enter();
            try {
                if (!pending.isCancelled()) {
                    CompletableFuture<? extends @Nullable T> next =
                            Objects.requireNonNull(source.get(), "the source gave no read");
                    pending.set(next);
                    next.whenComplete(this);
                }
            } catch (Throwable e) {
                outcome = new Failure(e);
            } finally {
                gate.leave();
            }
        }

        private void end(Flow.Subscriber<? super T> to, @Nullable Throwable failure) {
            subscriber = null;
            if (pending.isCancelled()) {
                return;
            }
            if (failure == null) {
                to.onComplete();
            } else {
                to.onError(illegal != null ? illegal : failure);
            }
        }

        /** Ends the subscription after an exception of the subscriber. */
        private void hasThrown(Throwable thrown) {
            subscriber = null;
            pending.cancel();
            System.getLogger("io.github.futuresockets")
                    .log(
                            System.Logger.Level.ERROR,
                            "a subscriber has thrown, and counts as cancelled (rule 2.13)",
                            thrown);
        }
    }
}
