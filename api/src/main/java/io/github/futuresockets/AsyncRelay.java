package io.github.futuresockets;

import io.github.futuresockets.future.OperationFuture;
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

/** A relay between two sockets. Each peer talks to the other peer, as through a proxy. */
public final class AsyncRelay {
    /** The maximum number of bytes of one read. */
    private static final int CHUNK = 65_536;

    private AsyncRelay() {}

    /**
     * Copies the bytes of each socket to the other socket, in both directions at once. If one stream ends, the output
     * of the other socket is shut down, and the other direction continues. If both streams have ended, both sockets are
     * closed.
     *
     * <p><b>Failures.</b> If one socket fails, the bytes received from this socket still reach the other socket. Then
     * both sockets are closed in good order. So a reply arrives even if its sender resets the connection afterwards.
     *
     * <p>The other peer sees a regular end of the stream. Because a TCP reset could destroy preceding bytes, the relay
     * passes no reset on. A protocol that must tell a whole stream from a truncated stream needs a length, an end mark
     * or TLS.
     *
     * <p>If the destination of a direction no longer takes bytes, further bytes of the source are read and dropped.
     *
     * <p><b>Concurrency.</b> Until the future is done, only the relay may read from or write to the sockets.
     *
     * <p><b>Memory.</b> At most one buffer of 64 KiB in each direction. So a peer that does not read delays the other
     * peer.
     *
     * <p><b>Cancellation and timeouts.</b> A {@code cancel} or a time-out of the future aborts both sockets. The
     * time-outs of the sockets stay in force.
     *
     * @param first one socket
     * @param second the other socket
     * @return the numbers of bytes moved, and the first failure if there is one. After a failure of a socket the future
     *     still succeeds
     */
    public static CompletableFuture<RelayReport> join(AsyncSocket first, AsyncSocket second) {
        Relay relay = new Relay(Objects.requireNonNull(first, "first"), Objects.requireNonNull(second, "second"));
        relay.begin();
        return relay;
    }

    /**
     * Relays as {@link #join(AsyncSocket, AsyncSocket)} does, with a common idle time-out. The time-out replaces the
     * {@linkplain AsyncSocket#idleTimeout idle time-outs} of both sockets. A byte received or sent by either socket
     * restarts the time-out for both.
     *
     * <p>If the time-out expires, both sockets are aborted. {@link RelayReport#failure} is a
     * {@link java.net.SocketTimeoutException}, and {@link AsyncSocket#closed} of each socket reports
     * {@link CloseReason.Kind#TIMED_OUT}.
     *
     * <p>If the sockets come from different implementations, each socket has this time-out separately.
     *
     * @param first one socket
     * @param second the other socket
     * @param idleTimeout the longest time without a byte in either direction; {@link Duration#ZERO}: off
     * @return the numbers of bytes moved, and the first failure if there is one
     * @throws IllegalArgumentException if the time-out is negative
     */
    public static CompletableFuture<RelayReport> join(AsyncSocket first, AsyncSocket second, Duration idleTimeout) {
        Settings.notNegative(idleTimeout);
        CompletableFuture<RelayReport> relay = join(first, second);
        // The time-out begins after the first reads have begun.
        boolean paired = !idleTimeout.isZero()
                && first instanceof PairedIdle pairable
                && pairable.idleTogether(second, idleTimeout);
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

        /**
         * True after a cancel. The canceller then aborts the sockets and completes the future, and the directions do
         * neither.
         */
        private volatile boolean withdrawn;

        Relay(AsyncSocket first, AsyncSocket second) {
            super(SocketContext.of(first));
            this.first = first;
            this.second = second;
            this.forward = new Direction(first, second);
            this.backward = new Direction(second, first);
        }

        void begin() {
            forward.begin();
            backward.begin();
        }

        /** Records a failure. Only the first failure is kept. */
        private void failed(Throwable failed) {
            IOException cause = failed instanceof IOException io ? io : new IOException(failed.toString(), failed);
            boolean ended = cause instanceof ClosedChannelException && cause.getCause() instanceof IOException;
            failure.compareAndSet(null, ended ? (IOException) cause.getCause() : cause);
        }

        /** Ends a direction. The end of the second direction completes the relay. */
        private void ended() {
            int left = running.decrementAndGet();
            closeIfFailed();
            if (left == 0 && !withdrawn) {
                first.close();
                second.close();
                deliver(new RelayReport(forward.moved.get(), backward.moved.get(), failure.get()));
            }
        }

        /**
         * Closes both sockets if there is a failure and at most one direction is running. A direction still running
         * after a failure could only drop bytes.
         */
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

        /** One direction of the relay. Its steps run one after the other. */
        private final class Direction {
            private final AsyncSocket from;
            private final AsyncSocket to;
            private final AtomicLong moved = new AtomicLong();

            /** True if the destination has failed. Further bytes are then read and dropped. */
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

            /**
             * Records that the destination has failed. If the failure has ended the destination, the other direction
             * still reads the received bytes and then the failure. A destination that is still open is closed.
             */
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
