package io.github.futuresockets.impl.engine;

import io.github.futuresockets.TlsOptions;
import io.github.futuresockets.impl.common.BlockingThreads;
import io.github.futuresockets.impl.tls.TlsTransport;
import io.github.futuresockets.impl.transport.ConnectSettings;
import io.github.futuresockets.impl.transport.Transport;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.Objects;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/** A connect that is followed by a TLS handshake. */
final class TlsConnect extends Connect {
    /*
     * After a successful attempt, `settled` is set once: by the end of the handshake or by a canceller. The thread that
     * sets `settled` completes the future. If a canceller sets `settled` before the socket is made, the thread that
     * makes the socket aborts the socket.
     */
    private final SocketAddress remote;
    private final TlsOptions options;

    /** The engine of the handshake. Written by a thread that may block, before the look-up of the name begins. */
    private @Nullable SSLEngine tls;

    // guarded by this
    private boolean settled;
    private @Nullable DefaultSocket socket;

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

    /** Makes the engine of the handshake, and then finds the addresses of the peer. */
    private void prepare() {
        try {
            tls = TlsSocketOpening.begun(options, remote);
        } catch (Throwable e) {
            fail(e);
            return;
        }
        super.locate();
    }

    @Override
    void connected(Transport transport) {
        TlsTransport encrypted = TlsSocketOpening.transport(engine, transport, Objects.requireNonNull(tls));
        TlsSocketOpening handshake = TlsSocketOpening.of(engine, encrypted, options, null);
        boolean unwanted;
        synchronized (this) {
            socket = handshake.socket();
            unwanted = settled;
        }
        engine.unregister(this);
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

    /** Receives the outcome of the handshake. */
    private void ended(DefaultSocket made, @Nullable IOException failure) {
        if (failure == null) {
            settle(() -> succeed(made));
        } else {
            settle(() -> engine.complete(() -> deliverFailure(failure)));
        }
    }

    /** Runs the outcome if {@code settled} was not set before. */
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
        DefaultSocket made;
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
