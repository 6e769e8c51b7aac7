package io.github.futuresockets.impl;

import io.github.futuresockets.TlsOptions;
import java.io.IOException;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** A connect with a handshake behind it. */
final class TlsConnect extends Connect {
    /*
     * Guarded by this object's monitor: behind the success of an attempt, `settled` is set once, by the end of the handshake or by a
     * canceller; who sets it completes the future. A canceller that comes before there is a socket leaves it to whoever makes
     * that to end it.
     */
    private final SocketAddress remote;
    private final TlsOptions options;
    private boolean settled;
    private @Nullable FutureSocket socket;

    TlsConnect(Engine engine, SocketAddress remote, ConnectSettings settings, TlsOptions options) {
        super(engine, remote, settings);
        this.remote = remote;
        this.options = options;
    }

    @Override
    void connected(Transport transport) {
        TlsHandshaking handshake =
                TlsHandshaking.of(engine, TlsHandshaking.transport(engine, transport, options, remote), options, null);
        boolean unwanted;
        synchronized (this) {
            socket = handshake.socket();
            unwanted = settled;
        }
        engine.disown(this);
        if (unwanted) {
            handshake.socket().abort();
        }
        try {
            transport.loop().run(() -> handshake.begin(failure -> ended(handshake.socket(), failure)));
        } catch (Throwable e) {
            handshake.socket().abort();
            throw e;
        }
    }

    @Override
    void unmade(Throwable cause) {
        settle(() -> super.unmade(cause));
    }

    private void ended(FutureSocket made, @Nullable IOException failure) {
        if (failure == null) {
            settle(() -> succeed(made));
        } else {
            settle(() -> engine.complete(() -> deliverFailure(failure)));
        }
    }

    private void settle(Runnable outcome) {
        synchronized (this) {
            if (settled) {
                return;
            }
            settled = true;
        }
        outcome.run();
    }

    @Override
    protected boolean withdraw() {
        if (super.withdraw()) {
            return true;
        }
        FutureSocket made;
        synchronized (this) {
            if (settled || !isMade()) {
                return false;
            }
            settled = true;
            made = socket;
        }
        if (made != null) {
            made.abort();
        }
        return true;
    }
}
