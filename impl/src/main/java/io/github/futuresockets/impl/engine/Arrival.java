package io.github.futuresockets.impl.engine;

import io.github.futuresockets.impl.common.Threads;
import io.github.futuresockets.impl.transport.IoLoop;
import io.github.futuresockets.impl.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * A connection that a listener has accepted, on its way to a user. Holds a place of {@code maxConnections}. The place
 * is free after the end of the connection.
 */
final class Arrival {
    private final ConnectionSource source;
    private final DefaultServerSocket server;
    private final Transport transport;

    // used by the owner of the arrival, one thread at a time
    /** The socket, or null if the socket is not made yet. */
    private @Nullable DefaultSocket socket;

    Arrival(ConnectionSource source, DefaultServerSocket server, Transport transport) {
        this.source = source;
        this.server = server;
        this.transport = transport;
    }

    IoLoop loop() {
        return transport.loop();
    }

    /** Returns the transport as accepted by the listener. */
    Transport transport() {
        return transport;
    }

    /** Sets the socket, after the handshake. */
    void socket(DefaultSocket encrypted) {
        socket = encrypted;
    }

    /**
     * Returns the socket, and makes the socket of a connection without a handshake.
     *
     * @throws RuntimeException if the socket cannot be made, or an Error. Then the connection has ended, and the source
     *     pauses
     */
    DefaultSocket socket() {
        DefaultSocket made = socket;
        if (made != null) {
            return made;
        }
        try {
            made = new DefaultSocket(server.engine(), transport, server);
            socket = made;
            server.accepted(made);
            server.abortIfStopped(made);
            return made;
        } catch (Throwable e) {
            discard(transport);
            source.failed(e);
            throw e;
        }
    }

    /** Ends the connection without a user. */
    void reject() {
        discard(transport);
    }

    /**
     * Ends the connection after a failure to make its socket over a transport. The end of a registered connection gives
     * the place back.
     */
    void discard(Transport over) {
        server.engine().counters().rejected.increment();
        if (socket != null) {
            socket.abort();
        } else if (!server.engine().abort(over)) {
            Threads.guard(transport::drop);
            source.ended();
        }
    }
}
