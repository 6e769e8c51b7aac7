package io.github.futuresockets;

/**
 * What has become of the connections of an {@link AsyncSockets}. Always counted.
 *
 * @param connected connects that gave a socket
 * @param accepted connections that a listener gave to an accept or a handler
 * @param rejected connections that came and were closed with nobody to converse: the listener was closed in that moment, the
 *     accept had been cancelled, the executor of {@link AsyncServerSocket#serve(Conversation, java.util.concurrent.Executor)}
 *     refused, the two ends did not come to terms (TLS)
 * @param open sockets that are not closed and released yet
 * @param acceptFailures how often an accept has failed, for want of descriptors mostly
 * @param traffic of all sockets, also of those that have ended
 */
public record ConnectionStats(
        long connected, long accepted, long rejected, long open, long acceptFailures, SocketStats traffic) {}
