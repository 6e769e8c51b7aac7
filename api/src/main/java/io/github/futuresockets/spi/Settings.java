package io.github.futuresockets.spi;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.Resolver;
import java.net.SocketOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The settings of an {@link AsyncSockets.Builder}, for a provider. A duration of zero turns the time-out off.
 *
 * @param threads the number of I/O threads
 * @param threadFactory the factory of the I/O threads
 * @param executor the executor of completions, or null to complete a future on the thread that finishes the operation
 * @param connectTimeout the time-out of a whole connect
 * @param readTimeout the time-out of a pending read without progress
 * @param writeTimeout the time-out of pending writes without progress
 * @param idleTimeout the time-out of a connection without a byte in either direction
 * @param closeTimeout the time-out of an orderly close
 * @param writeQueueLimit the largest number of bytes in the write queue of a socket
 * @param onError receives the failures of served connections; null means that the provider logs the failures
 * @param resolver the resolver of host names, or null for the default of the provider
 * @param options the options of every socket that supports them; unmodifiable
 */
public record Settings(
        int threads,
        ThreadFactory threadFactory,
        @Nullable Executor executor,
        Duration connectTimeout,
        Duration readTimeout,
        Duration writeTimeout,
        Duration idleTimeout,
        Duration closeTimeout,
        long writeQueueLimit,
        @Nullable BiConsumer<? super AsyncSocket, ? super Throwable> onError,
        @Nullable Resolver resolver,
        Map<SocketOption<?>, Object> options) {

    /**
     * Checks a duration.
     *
     * @param timeout the duration
     * @return {@code timeout}
     * @throws IllegalArgumentException if the duration is negative
     */
    public static Duration notNegative(Duration timeout) {
        if (timeout.isNegative()) {
            throw new IllegalArgumentException("a timeout of " + timeout + " is negative");
        }
        return timeout;
    }
}
