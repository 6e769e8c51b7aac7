package io.github.futuresockets.impl.engine;

import io.github.futuresockets.TlsOptions;
import io.github.futuresockets.compose.CancelSlot;
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
     * `opening` holds the socket of the successful attempt, from before its handshake. The end of the handshake closes
     * the slot, a canceller cancels the slot. The first of the two completes the future. A cancelled slot aborts its
     * socket.
     */
    private final SocketAddress remote;
    private final TlsOptions options;

    /** The engine of the handshake. Written by a thread that may block, before the look-up of the name begins. */
    private @Nullable SSLEngine tls;

    private final CancelSlot<DefaultSocket> opening = new CancelSlot<>(DefaultSocket::abort);

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
        engine.unregister(this);
        opening.set(handshake.socket());
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
    private void ended(DefaultSocket socket, @Nullable IOException failure) {
        if (failure == null) {
            settle(() -> succeed(socket));
        } else {
            settle(() -> engine.complete(() -> deliverFailure(failure)));
        }
    }

    /** Runs the outcome, unless the connect was cancelled or has an outcome. */
    private void settle(Runnable outcome) {
        if (opening.close()) {
            outcome.run();
        }
    }

    @Override
    protected boolean withdraw() {
        return super.withdraw() || isMade() && opening.cancel();
    }
}
