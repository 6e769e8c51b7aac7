/**
 * The providers {@code nio2} and {@code loop}: transports and listeners over the channels of the JDK, and over the
 * channels of the loop provider.
 *
 * <p>Where to find the code for a question:
 * <ul>
 *   <li>How is a connection opened, and on which loop? {@link ChannelNetwork}.
 *   <li>How does a listener bind and accept? {@code ChannelListener}. {@code SocketFile} deletes the file of a
 *       Unix-domain listener.
 *   <li>How are bytes read and written? {@link ReadinessTransport} passes each attempt to its channel. {@code
 *       Nio2Transport} adapts the completion handlers of the JDK to readiness. {@code ChannelTransport} has the common
 *       part, with the size of the read buffers.
 *   <li>What is an I/O thread? {@link ChannelLoop}, with {@link Nio2Loop} for the channels of the JDK, and
 *       {@link ReadinessLoop} for the event loops of the loop provider.
 *   <li>How is a callback found when the callback holds an I/O thread? {@link LoopWatchdog}.
 * </ul>
 *
 * <p><b>Dependencies.</b> The packages {@code transport}, {@code common} and {@code observe}, the loop provider
 * {@link io.github.futuresockets.loop}, and the API. The package {@code memory} uses {@link ReadinessTransport}.
 *
 * <p><b>Threads.</b> Any thread opens channels and starts operations. The callbacks of channels and the closes run on
 * the thread of the loop. A single watchdog thread serves all loops of the JVM.
 *
 * <p><b>Locks.</b> The monitor of {@link Nio2Loop} guards the shutdown of its group against the opening of a channel.
 * The monitor of the class {@link LoopWatchdog} guards the list of the watched loops. No other lock of the library is
 * taken under either monitor.
 *
 * <p><b>Buffers.</b> Pooled buffers come from the pool of the loop. A {@code Nio2Transport} that waits for bytes
 * holds a buffer, and a {@link ReadinessTransport} holds none. The buffer of a read belongs to the reader. A
 * {@code Nio2Transport} uses the buffer of a write until the write returns a number of bytes.
 */
@NullMarked
package io.github.futuresockets.impl.channel;

import org.jspecify.annotations.NullMarked;
