package io.github.futuresockets;

import io.github.futuresockets.spi.OperationFuture;
import io.github.futuresockets.spi.PairedIdle;
import io.github.futuresockets.spi.Settings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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
     * the other socket is shut down and the other direction goes on. When both have ended, both sockets are closed.
     *
     * <p><b>Failures.</b> When one socket fails, all that had arrived from it still reaches the other one; then both are closed, in
     * good order. So an answer arrives although its sender has reset the connection behind it. TCP cannot send a reset behind
     * bytes without endangering these, so the other peer sees a regular end of the stream: a protocol that has to tell a whole stream
     * from one that was cut needs a length or an end mark, or TLS. What comes from a socket whose bytes nobody can take any more is
     * read and dropped meanwhile.
     *
     * <p><b>Concurrency.</b> The sockets belong to the relay: nobody else reads or writes.
     *
     * <p><b>Memory.</b> At most one chunk of 64 KiB in each direction: a peer that does not read holds up the one that sends.
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
     * The same, for as long as something moves. The time-out takes the place of the {@linkplain AsyncSocket#idleTimeout idle time-outs}
     * of the two sockets: a byte that comes from either socket, or leaves by it, counts for both. When it strikes, both sockets are
     * aborted, {@link RelayReport#failure} is a {@link java.net.SocketTimeoutException}, and {@link AsyncSocket#closed} of each tells
     * {@link CloseReason.Kind#TIMED_OUT}. Sockets of different libraries have the time-out each for itself.
     *
     * @param first one socket
     * @param second the other one
     * @param idleTimeout ends the relay when no byte has moved for so long, in neither direction; {@link Duration#ZERO}: off
     * @return what was moved, also when it has failed
     * @throws IllegalArgumentException if the time-out is negative
     */
    public static CompletableFuture<RelayReport> join(AsyncSocket first, AsyncSocket second, Duration idleTimeout) {
        Settings.notNegative(idleTimeout);
        CompletableFuture<RelayReport> relay = join(first, second);
        // Behind the first reads, so that the time does not begin before these.
        boolean paired = !idleTimeout.isZero()
                && first instanceof PairedIdle
                && ((PairedIdle) first).idleTogether(second, idleTimeout);
        if (!paired) {
            first.idleTimeout(idleTimeout);
            second.idleTimeout(idleTimeout);
        }
        return relay;
    }

    private static final class Relay extends OperationFuture<RelayReport> {
        private final AsyncSocket first;
        private final AsyncSocket second;
        private final Direction forward;
        private final Direction backward;
        private final AtomicInteger running = new AtomicInteger(2);
        private final AtomicReference<@Nullable IOException> failure = new AtomicReference<>();

        /** Its canceller completes it. */
        private volatile boolean withdrawn;

        Relay(AsyncSocket first, AsyncSocket second) {
            super(Messages.contextOf(first));
            this.first = first;
            this.second = second;
            this.forward = new Direction(first, second);
            this.backward = new Direction(second, first);
        }

        void begin() {
            forward.begin();
            backward.begin();
        }

        /** The first failure is the one that counts. */
        private void failed(Throwable failed) {
            IOException cause =
                    failed instanceof IOException ? (IOException) failed : new IOException(failed.toString(), failed);
            boolean ended = cause instanceof ClosedChannelException && cause.getCause() instanceof IOException;
            failure.compareAndSet(null, ended ? (IOException) cause.getCause() : cause);
        }

        /** A direction is over. */
        private void ended() {
            int left = running.decrementAndGet();
            closeIfFailed();
            if (left == 0 && !withdrawn) {
                first.close();
                second.close();
                deliver(new RelayReport(forward.moved.get(), backward.moved.get(), failure.get()));
            }
        }

        /** After a failure, one direction at the most still has something to pass on: the other one would only drop what comes. */
        private void closeIfFailed() {
            if (failure.get() != null && running.get() < 2 && !withdrawn) {
                first.close();
                second.close();
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

        /** One of the two. Its steps come one behind the other. */
        private final class Direction {
            private final AsyncSocket from;
            private final AsyncSocket to;
            private final AtomicLong moved = new AtomicLong();

            /** Nobody takes what comes. */
            private volatile boolean refused;

            Direction(AsyncSocket from, AsyncSocket to) {
                this.from = from;
                this.to = to;
            }

            void begin() {
                AsyncLoop.forEach(() -> from.readSome(CHUNK), this::pass).whenComplete(this::over);
            }

            private @Nullable CompletionStage<?> pass(ByteBuffer some) {
                if (refused) {
                    return null;
                }
                int length = some.remaining();
                return to.write(some).handle((none, failed) -> {
                    if (failed == null) {
                        moved.addAndGet(length);
                    } else {
                        refuse(failed);
                    }
                    return null;
                });
            }

            /** Of a socket that has failed, the other direction reads what has arrived, and then that it has failed. */
            private void refuse(Throwable failed) {
                refused = true;
                failed(failed);
                if (to.isOpen()) {
                    to.close();
                }
                closeIfFailed();
            }

            private void over(@Nullable Void none, @Nullable Throwable failed) {
                if (failed != null) {
                    failed(failed);
                    ended();
                } else if (refused) {
                    ended();
                } else {
                    to.shutdownOutput().whenComplete((end, late) -> {
                        if (late != null) {
                            refuse(late);
                        }
                        ended();
                    });
                }
            }
        }
    }
}
