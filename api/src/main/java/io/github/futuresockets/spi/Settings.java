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
 * What the user of an {@link AsyncSockets.Builder} has chosen, or its defaults. A duration of zero means off.
 *
 * @param threads how many I/O threads
 * @param threadFactory what makes them
 * @param executor where futures are completed; null: on the thread that finishes the operation
 * @param connectTimeout bounds a whole connect
 * @param readTimeout bounds a read without progress
 * @param writeTimeout bounds waiting writes without progress
 * @param idleTimeout bounds the time in which no byte moves
 * @param closeTimeout bounds an orderly close
 * @param writeQueueLimit how many bytes may wait on one socket
 * @param onError is told what a served conversation has failed with; null: it is logged
 * @param resolver finds the addresses of names; null: as the provider does
 * @param options for every socket that has them; nobody changes the map any more
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
     * @return the same
     * @throws IllegalArgumentException if it is negative
     */
    public static Duration notNegative(Duration timeout) {
        if (timeout.isNegative()) {
            throw new IllegalArgumentException("a timeout of " + timeout + " is negative");
        }
        return timeout;
    }
}
