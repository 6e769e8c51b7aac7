package io.github.futuresockets.impl.engine;

import io.github.futuresockets.TlsOptions;
import io.github.futuresockets.impl.common.Log;
import io.github.futuresockets.impl.tls.TlsTransport;
import io.github.futuresockets.impl.transport.Transport;
import java.io.IOException;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/** The TLS handshakes of a listener, before the next consumer. Passes a connection on after its handshake. */
final class HandshakeStage implements ConnectionConsumer {
    /*
     * The handshake of a connection begins at once. While the next consumer wants a connection, further connections are
     * accepted, so a slow handshake delays no other handshake. A connection holds its place of `maxConnections` during
     * the handshake, so `maxConnections` also limits the handshakes.
     *
     * The stage has no state, and no lock. All work on a connection is done on its loop.
     */
    private final DefaultServerSocket server;
    private final Engine engine;
    private final TlsOptions options;
    private final ConnectionConsumer next;

    HandshakeStage(DefaultServerSocket server, TlsOptions options, ConnectionConsumer next) {
        this.server = server;
        this.engine = server.engine();
        this.options = options;
        this.next = next;
    }

    @Override
    public boolean wants(boolean failing) {
        return next.wants(failing);
    }

    @Override
    public void accept(Arrival arrival) {
        arrival.loop().run(() -> begin(arrival));
    }

    @Override
    public void closed() {
        next.closed();
    }

    /** Makes the socket and begins the handshake, on the loop. */
    private void begin(Arrival arrival) {
        Transport over = arrival.transport();
        try {
            TlsTransport tls =
                    TlsSocketOpening.transport(engine, over, TlsSocketOpening.engine(options, over.remoteAddress()));
            over = tls;
            TlsSocketOpening handshake = TlsSocketOpening.of(engine, tls, options, server);
            arrival.socket(handshake.socket());
            server.abortIfStopped(handshake.socket());
            handshake.begin(failure -> ended(arrival, handshake.socket(), failure));
        } catch (Throwable e) {
            Log.log(Level.ERROR, "the handshake with " + arrival.transport().remoteAddress() + " cannot begin", e);
            arrival.discard(over);
        }
    }

    /** Passes the connection on after a handshake, or reports a failure. The socket of a failed handshake closes. */
    private void ended(Arrival arrival, DefaultSocket socket, @Nullable IOException failure) {
        if (failure == null) {
            server.accepted(socket);
            pass(arrival);
        } else {
            engine.counters().rejected.increment();
            engine.complete(() -> Serving.tell(engine, "the handshake of ", socket, failure, true));
        }
    }

    /** Passes a connection to the next consumer. Rejects the connection if the consumer cannot take the connection. */
    private void pass(Arrival arrival) {
        try {
            next.accept(arrival);
        } catch (Throwable e) {
            Log.log(Level.ERROR, "no consumer for " + arrival.transport().remoteAddress(), e);
            arrival.reject();
        }
    }
}
