package io.github.futuresockets.impl;

import io.github.futuresockets.TlsOptions;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.Objects;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/** A connect with a handshake behind it. */
final class TlsConnect extends Connect {
    /*
     * Guarded by this object's monitor: behind the success of an attempt, `settled` is set once, by the end of the handshake or by a
     * canceller; who sets it completes the future. A canceller that comes before there is a socket leaves it to whoever makes
     * that to end it.
     *
     * `tls` is made before anything else, by a thread that may block, and read by those that come behind it.
     */
    private final SocketAddress remote;
    private final TlsOptions options;
    private @Nullable SSLEngine tls;
    private boolean settled;
    private @Nullable FutureSocket socket;

    TlsConnect(Engine engine, SocketAddress remote, ConnectSettings settings, TlsOptions options) {
        super(engine, remote, settings);
        this.remote = remote;
        this.options = options;
    }

    @Override
    void locate() {
        if (engine.loops().get(0).mayTakeLong()) {
            prepare();
            return;
        }
        BlockingThreads.Task task = engine.tasks().task(this::prepare);
        awaits(task::cancel);
        try {
            task.start();
        } catch (Throwable e) {
            fail(e);
        }
    }

    private void prepare() {
        try {
            tls = TlsHandshaking.begun(options, remote);
        } catch (Throwable e) {
            fail(e);
            return;
        }
        super.locate();
    }

    @Override
    void connected(Transport transport) {
        TlsTransport encrypted = TlsHandshaking.transport(engine, transport, Objects.requireNonNull(tls));
        TlsHandshaking handshake = TlsHandshaking.of(engine, encrypted, options, null);
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
