package io.github.futuresockets;

/**
 * The numbers of connections of an {@link AsyncSockets}. Counting is always on.
 *
 * <p>A connection is rejected in each of these cases:
 *
 * <ul>
 *   <li>The listener was closed while the connection arrived.
 *   <li>The accept was cancelled.
 *   <li>The executor of {@link AsyncServerSocket#serve(Conversation, java.util.concurrent.Executor)} refused the
 *       connection.
 *   <li>The TLS handshake failed.
 * </ul>
 *
 * @param connected the number of connects that returned a socket
 * @param accepted the number of connections that a listener passed to an accept or a handler
 * @param rejected the number of connections that were closed without being passed on
 * @param open the number of sockets that are not closed and released yet
 * @param acceptFailures the number of failed accepts, mostly for want of file descriptors
 * @param traffic the sum over all sockets, including ended sockets
 */
public record ConnectionStats(
        long connected, long accepted, long rejected, long open, long acceptFailures, SocketStats traffic) {}
