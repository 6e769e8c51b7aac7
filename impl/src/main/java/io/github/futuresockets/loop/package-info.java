/**
 * An asynchronous channel provider over event loops with selectors, for the channel types of NIO.2.
 *
 * <p>{@link io.github.futuresockets.loop.LoopChannelProvider} serves any program that is written against {@link
 * java.nio.channels.AsynchronousSocketChannel}. The sockets of this library use the channels by readiness, through
 * {@link io.github.futuresockets.loop.ReadinessChannel} and {@link io.github.futuresockets.loop.EventLoopChannel}.
 *
 * <p>Where to find the code for a question:
 * <ul>
 *   <li>How does a loop poll and run tasks? {@link io.github.futuresockets.loop.EventLoop} and {@code SelectorLoop},
 *       with {@code Poller}, {@code TaskQueue} and {@code Timers}.
 *   <li>How is readiness requested and reported? {@code Registration} and {@code ReadySocketChannel}, which also
 *       sends files by the system call sendfile.
 *   <li>How does a read, write, connect or accept of NIO.2 begin and end? {@code Operation} and its subclasses.
 *   <li>Which thread calls a handler? {@link io.github.futuresockets.loop.LoopChannelGroup}, {@code Caller},
 *       {@code HandlerPool} and {@code Forwarded}.
 *   <li>What happens while a handler holds a thread? {@code Lead}, {@code Sentinel} and {@code Helpers}.
 * </ul>
 *
 * <p>The package depends on the JDK alone.
 *
 * <p><b>Threads.</b> The threads of a group drive the loops and call the handlers. Helper threads drive a loop while a
 * handler holds the loop's own thread. Transfers, requests for readiness and closes run on any thread.
 *
 * <p><b>Locks.</b> An {@code Operation} is its own lock. The locks of {@code TaskQueue}, {@code Timers} and the
 * selector come after. The monitors of {@code LoopSocketChannel} (creation of operations) and
 * {@code LoopChannelGroup} (shutdown) are leaves. {@code DefaultGroup} holds its class monitor while the default group
 * starts. No handler is called and no future is completed under a lock.
 *
 * <p><b>Buffers.</b> The package has no buffers of its own. {@code Buffers} checks the buffers of callers. A buffer of
 * the caller belongs to an operation from the start until the handler is called or the future is done.
 */
@NullMarked
package io.github.futuresockets.loop;

import org.jspecify.annotations.NullMarked;
