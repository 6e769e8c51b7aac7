package io.github.futuresockets;

import io.github.futuresockets.spi.OperationFuture;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Publishes what reads give, to one subscriber. */
final class ReadPublisher<T> implements Flow.Publisher<T> {
    private final Supplier<? extends CompletableFuture<? extends @Nullable T>> source;
    private final AtomicBoolean taken = new AtomicBoolean();

    ReadPublisher(Supplier<? extends CompletableFuture<? extends @Nullable T>> source) {
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
                    // It has ended before it began.
                }

                @Override
                public void cancel() {
                    // It has ended before it began.
                }
            });
            subscriber.onError(new IllegalStateException("a connection can be read by one subscriber only"));
        }
    }

    private static final class Subscription<T> implements Flow.Subscription, BiConsumer<@Nullable T, Throwable> {
        /*
         * `calls` counts the calls of `advance` that have not been served: who raises it from 0 signals the subscriber, and
         * looks again as often as others have come meanwhile. So signals are serial (rule 1.3) and a request from within
         * one does not deepen the stack (3.3). `outcome` is the item of the read that is done, NONE, or a Failure; there is
         * a read in `pending` from the moment it is begun until its outcome has been signalled.
         *
         * Cancelling sets `cancelled` and then cancels the read that it finds; the driver sets `pending` and then looks at
         * `cancelled`: one of the two cancels it. A read that could not be withdrawn any more has its item, which is signalled.
         * A canceller waits for the call that begins a read, on the thread in `beginning`, so that nothing is read any more
         * when it returns.
         */
        private static final Object NONE = new Object();

        private record Failure(Throwable cause) {}

        private final Supplier<? extends CompletableFuture<? extends @Nullable T>> source;
        private final AtomicInteger calls = new AtomicInteger();
        private final AtomicLong demand = new AtomicLong();
        private volatile @Nullable Object outcome = NONE;
        private volatile @Nullable CompletableFuture<? extends @Nullable T> pending;
        private volatile @Nullable Thread beginning;
        private volatile @Nullable Throwable illegal;
        private volatile boolean cancelled;
        /** Null when nothing is to be signalled any more (rule 3.13). The driver's. */
        private Flow.@Nullable Subscriber<? super T> subscriber;

        Subscription(
                Supplier<? extends CompletableFuture<? extends @Nullable T>> source,
                Flow.Subscriber<? super T> subscriber) {
            this.source = source;
            this.subscriber = subscriber;
        }

        void begin() {
            calls.set(1);
            try {
                subscriber.onSubscribe(this);
            } catch (Throwable e) {
                hasThrown(e);
            }
            drive();
        }

        @Override
        public void request(long count) {
            if (count < 1) {
                illegal =
                        new IllegalArgumentException("request(" + count + "): the demand must be positive (rule 3.9)");
            } else {
                demand.accumulateAndGet(count, (before, more) -> before + more < 0 ? Long.MAX_VALUE : before + more);
            }
            advance();
        }

        @Override
        public void cancel() {
            cancelled = true;
            CompletableFuture<?> read = pending;
            if (read != null) {
                read.cancel(false);
            }
            advance();
            for (Thread other = beginning; other != null && other != Thread.currentThread(); other = beginning) {
                Thread.yield();
            }
        }

        @Override
        public void accept(@Nullable T item, @Nullable Throwable failure) {
            outcome = failure == null ? item : new Failure(OperationFuture.bare(failure));
            advance();
        }

        private void advance() {
            if (calls.getAndIncrement() == 0) {
                drive();
            }
        }

        private void drive() {
            int served = 1;
            do {
                try {
                    while (step()) {
                        continue;
                    }
                } catch (Throwable e) {
                    hasThrown(e);
                }
                served = calls.addAndGet(-served);
            } while (served > 0);
        }

        /** Does one thing that can be done now; false if there is none. */
        @SuppressWarnings("unchecked")
        private boolean step() {
            Flow.Subscriber<? super T> to = subscriber;
            if (to == null) {
                return false;
            }
            Object ready = outcome;
            if (ready != NONE) {
                outcome = NONE;
                pending = null;
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
            if (pending != null) {
                // Illegal demand is told behind the item that may be on its way.
                if (illegal != null) {
                    pending.cancel(false);
                }
                return false;
            }
            if (cancelled) {
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

        private void read() {
            beginning = Thread.currentThread();
            try {
                if (!cancelled) {
                    CompletableFuture<? extends @Nullable T> next = source.get();
                    pending = next;
                    if (cancelled) {
                        next.cancel(false);
                    }
                    next.whenComplete(this);
                }
            } catch (Throwable e) {
                outcome = new Failure(e);
            } finally {
                beginning = null;
            }
        }

        private void end(Flow.Subscriber<? super T> to, @Nullable Throwable failure) {
            subscriber = null;
            if (cancelled) {
                return;
            }
            if (failure == null) {
                to.onComplete();
            } else {
                to.onError(illegal != null ? illegal : failure);
            }
        }

        private void hasThrown(Throwable thrown) {
            subscriber = null;
            cancelled = true;
            System.getLogger("io.github.futuresockets")
                    .log(
                            System.Logger.Level.ERROR,
                            "a subscriber has thrown, and counts as cancelled (rule 2.13)",
                            thrown);
        }
    }
}
