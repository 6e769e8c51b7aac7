package io.github.futuresockets;

import io.github.futuresockets.spi.OperationFuture;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Joins two sockets, so that each peer converses with the other: what a proxy does. */
public final class AsyncRelay {
    /** How much is read before it is written. */
    private static final int CHUNK = 65_536;

    private AsyncRelay() {}

    /**
     * Copies what comes from either socket to the other one, both ways at the same time. Where one stream ends, the output of
     * the other socket is shut down and the other direction goes on. When both have ended both sockets are closed; when a
     * read or a write fails, both are aborted.
     *
     * <p><b>Concurrency.</b> The sockets belong to the relay: nobody else reads or writes.
     *
     * <p><b>Memory.</b> At most one chunk of 64 KiB in each direction: who does not read holds up who sends.
     *
     * <p><b>Cancellation and timeouts.</b> Ending the future from outside aborts both sockets. Their own time-outs go on.
     *
     * @param first one socket
     * @param second the other one
     * @return what was moved, also when it has failed
     */
    public static CompletableFuture<RelayReport> join(AsyncSocket first, AsyncSocket second) {
        Relay relay = new Relay(Objects.requireNonNull(first, "first"), Objects.requireNonNull(second, "second"));
        relay.begin();
        return relay;
    }

    /**
     * The same, for as long as something moves.
     *
     * @param first one socket
     * @param second the other one
     * @param idleTimeout ends the relay when no byte has moved for so long, in neither direction; {@link Duration#ZERO}: off
     * @return what was moved, also when it has failed
     * @throws IllegalArgumentException if the time-out is negative
     */
    public static CompletableFuture<RelayReport> join(AsyncSocket first, AsyncSocket second, Duration idleTimeout) {
        Objects.requireNonNull(second, "second");
        // Each byte that moves is read from one of them and written to the other.
        first.idleTimeout(idleTimeout);
        second.idleTimeout(idleTimeout);
        return join(first, second);
    }

    private static final class Relay extends OperationFuture<RelayReport> {
        private final AsyncSocket first;
        private final AsyncSocket second;
        private final AtomicLong forward = new AtomicLong();
        private final AtomicLong backward = new AtomicLong();
        private final AtomicInteger running = new AtomicInteger(2);
        private final AtomicReference<@Nullable IOException> failure = new AtomicReference<>();

        /** Its canceller completes it. */
        private volatile boolean withdrawn;

        Relay(AsyncSocket first, AsyncSocket second) {
            super(Messages.contextOf(first));
            this.first = first;
            this.second = second;
        }

        void begin() {
            copy(first, second, forward);
            copy(second, first, backward);
        }

        private void copy(AsyncSocket from, AsyncSocket to, AtomicLong moved) {
            AsyncLoop.forEach(() -> from.readSome(CHUNK), some -> {
                        int length = some.remaining();
                        return to.write(some).thenRun(() -> moved.addAndGet(length));
                    })
                    .thenCompose(end -> to.shutdownOutput())
                    .whenComplete((end, failed) -> ended(failed));
        }

        private void ended(@Nullable Throwable failed) {
            if (failed != null) {
                IOException cause = failed instanceof IOException
                        ? (IOException) failed
                        : new IOException(failed.toString(), failed);
                failure.compareAndSet(null, cause);
                first.abort();
                second.abort();
            }
            if (running.decrementAndGet() == 0) {
                first.close();
                second.close();
                if (!withdrawn) {
                    deliver(new RelayReport(forward.get(), backward.get(), failure.get()));
                }
            }
        }

        @Override
        protected boolean withdraw() {
            withdrawn = true;
            first.abort();
            second.abort();
            return true;
        }

        @Override
        protected String describe() {
            return "relay between " + first + " and " + second;
        }
    }
}
