/**
 * The engine: connects, listens, accepts, serves and shuts down. The classes behind the public interfaces.
 *
 * <p>Where to find the code for a question:
 * <ul>
 *   <li>What does a set of sockets own, and how does the set end? {@link io.github.futuresockets.impl.engine.Engine},
 *       with the register of open resources in {@code Resources} and the statistics in {@code Counters}.
 *   <li>How is a name looked up, and how do connects to its addresses race (RFC 8305)? {@code Connect}, with
 *       {@code LookUp}, {@code ConnectTry} for each address, and {@code ConnectFailures} for the exceptions.
 *       {@code TlsConnect} adds the handshake.
 *   <li>How is a connection accepted, and when does a listener wait for {@code maxConnections}? {@code
 *       ConnectionSource} passes each connection, an {@code Arrival}, to a {@code ConnectionConsumer}. {@code
 *       AcceptBackoff} pauses after failures, such as a want of descriptors.
 *   <li>Who consumes an accepted connection? {@code AcceptQueue}, with {@code Accept} for the future of an accept. After
 *       serve, {@code Serving} calls the handler and reports its failure. {@code HandshakeStage} adds the TLS handshake
 *       before the queue.
 *   <li>How does a shutdown wait? {@code DefaultServerSocket} and {@code ShutdownTracker}.
 *   <li>Where are arguments of a socket checked? {@link io.github.futuresockets.impl.engine.DefaultSocket}.
 *   <li>How does TLS begin? {@code TlsSocketOpening} for each handshake, {@code TlsUpgrade} for {@code startTls}.
 * </ul>
 *
 * <p>The package depends on the packages {@code connection}, {@code operation}, {@code transport}, {@code tls}, {@code
 * view}, {@code channel}, {@code observe} and {@code common}, and on the API.
 *
 * <p><b>Threads.</b> Methods of the public interfaces run in the threads of the user. Outcomes of connects, accepts and
 * handshakes arrive on I/O threads. Time-outs of connects and shutdowns ring on threads of the clock. Names are looked
 * up on resolver threads, and TLS engines are made on the threads of {@code TlsExecutor}.
 *
 * <p><b>Locks.</b> Each {@code ConnectionSource}, {@code AcceptQueue}, {@code Connect}, {@code ShutdownTracker} and
 * {@code Resources} is its own lock. No thread holds two of these locks at a time. Under the lock of a {@code Connect}
 * or a {@code ShutdownTracker}, a timer may be set: the lock of the clock comes after. Under the lock of {@code
 * Resources}, only connections are found and statistics are read. No future is completed under a lock.
 *
 * <p>The package owns no buffers. {@code TlsUpgrade} passes the bytes that the plain connection has read in advance to
 * the successor.
 */
@NullMarked
package io.github.futuresockets.impl.engine;

import org.jspecify.annotations.NullMarked;
