/**
 * Adapters between the port and channels: the channels of the JDK (provider {@code nio2}) and of the loop provider.
 *
 * <p>{@link ChannelNetwork} opens sockets and listeners. {@link Nio2Transport} adapts completion handlers.
 * {@link ReadinessTransport} adapts readiness channels. {@link LoopWatchdog} logs a callback that blocks an I/O thread.
 *
 * <p>Depends on {@code transport}, {@code common}, {@code observe} and the loop provider. Transports are used by the thread
 * of their loop. The watchdog has a thread for the whole JVM, and the monitor of its class is a leaf.
 */
@NullMarked
package io.github.futuresockets.impl.channel;

import org.jspecify.annotations.NullMarked;
