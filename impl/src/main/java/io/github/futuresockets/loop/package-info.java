/**
 * An asynchronous channel provider of our own: event loops over selectors behind the types of NIO.2.
 *
 * <p>{@link io.github.futuresockets.loop.LoopChannelProvider} is useful alone, for programs that are written against
 * {@link java.nio.channels.AsynchronousSocketChannel}; the sockets of this library use its channels by readiness, through
 * {@link io.github.futuresockets.loop.ReadinessChannel}.
 */
@NullMarked
package io.github.futuresockets.loop;

import org.jspecify.annotations.NullMarked;
