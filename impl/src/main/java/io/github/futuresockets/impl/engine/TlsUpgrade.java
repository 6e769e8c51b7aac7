package io.github.futuresockets.impl.engine;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.TlsOptions;
import io.github.futuresockets.future.OperationFuture;
import io.github.futuresockets.impl.common.Errors;
import io.github.futuresockets.impl.connection.Connection;
import io.github.futuresockets.impl.connection.OffloadedWrite;
import io.github.futuresockets.impl.tls.TlsTransport;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * The operation {@code startTls}: the last write of a plain connection. At its place in the write queue, the transport
 * moves to a successor connection that encrypts.
 */
final class TlsUpgrade extends OffloadedWrite {
    /*
     * Steps, from the moment at which all earlier writes are sent:
     * - `act` offloads the write, so that no later write uses the transport.
     * - `prepare` makes the engine on a thread that may block. `tls` is set there, and read on the loop later. If there
     *   can be no engine, the plain connection stays unchanged.
     * - `upgrade` moves the transport to the successor, on the loop. The write then never ends, and no thread reads or
     *   writes on the plain connection any more.
     * - `begin` begins the handshake.
     *
     * `settled` is set once: by the end of the handshake, by a failure before the handshake, or by a canceller. The
     * thread that sets `settled` completes the user's future.
     */
    /** The user's future. */
    private final class Started extends OperationFuture<AsyncSocket> {
        Started() {
            super(side.context());
        }

        void succeed(AsyncSocket socket) {
            if (!deliver(socket)) {
                socket.abort();
            }
        }

        void failWith(Throwable failure) {
            deliverFailure(side.connection.own(failure));
        }

        @Override
        protected boolean withdraw() {
            boolean mine = settled.compareAndSet(false, true);
            if (mine) {
                takeBack();
            }
            return mine;
        }

        @Override
        protected String describe() {
            return TlsUpgrade.this.describe();
        }
    }

    private final Connection plain;
    private final Engine engine;
    private final @Nullable DefaultServerSocket from;
    private final TlsOptions options;
    private @Nullable SSLEngine tls;
    private final Started started = new Started();
    private final AtomicBoolean settled = new AtomicBoolean();

    private TlsUpgrade(Connection plain, TlsOptions options) {
        super(plain.writes(), true);
        this.plain = plain;
        this.engine = Engine.of(plain);
        this.from = (DefaultServerSocket) plain.from;
        this.options = options;
    }

    /** Starts the upgrade of a plain connection. Fails the future if the read side refuses. */
    static CompletableFuture<AsyncSocket> start(Connection plain, TlsOptions options) {
        return new TlsUpgrade(plain, options).start();
    }

    private CompletableFuture<AsyncSocket> start() {
        Exception refused = plain.reads().reserve(describe());
        if (refused != null) {
            settled.set(true);
            started.failWith(refused);
        } else {
            plain.writes().start(this);
        }
        return started;
    }

    @Override
    public String name() {
        return "startTls";
    }

    @Override
    protected String rest() {
        return "";
    }

    @Override
    protected boolean isUpgrade() {
        return true;
    }

    @Override
    protected int act() {
        if (!offload()) {
            return 0;
        }
        engine.tasks().run(this::prepare, side.loop(), this::upgrade);
        return OFFLOADED;
    }

    /** Makes the engine. On a thread that may block. */
    private void prepare() {
        try {
            tls = TlsSocketOpening.begun(options, plain.transport().remoteAddress());
        } catch (Throwable e) {
            if (settled.compareAndSet(false, true)) {
                takeBack();
                engine.complete(() -> started.failWith(e));
            }
        }
    }

    /** Moves the transport to the successor, unless the write has ended. On the loop. */
    private void upgrade() {
        SSLEngine begun = tls;
        if (plain.reads().state().isReading()) {
            // Another thread ends a read of the transport at the moment, for an operation that was cancelled.
            side.loop().execute(this::upgrade);
            return;
        }
        if (begun == null || !beginCommit()) {
            return;
        }
        if (!plain.upgrade()) {
            Runnable close = abortCommit();
            side.loop().execute(() -> side.resumed(0));
            if (close != null) {
                close.run();
            }
            return;
        }
        // An abort can reach the successor as soon as the successor is made, and must not wait for this write.
        commit(true);
        TlsTransport encrypted;
        TlsSocketOpening handshake;
        try {
            encrypted = TlsSocketOpening.transport(engine, plain.transport(), begun);
            handshake = TlsSocketOpening.of(engine, encrypted, options, from);
        } catch (Throwable e) {
            plain.fallBack(Errors.asIOException(describe(), e));
            side.resumed(0);
            return;
        }
        try {
            begin(handshake, encrypted);
        } catch (Throwable e) {
            handshake.socket().abort();
            settle(() -> started.failWith(e));
        }
    }

    /** Begins the handshake of the successor. From now on, each event of the transport belongs to the successor. */
    private void begin(TlsSocketOpening handshake, TlsTransport encrypted) {
        plain.upgrade(handshake.socket().connection());
        ByteBuffer early = plain.reads().state().upgrade();
        if (from != null) {
            from.abortIfStopped(handshake.socket());
        }
        handshake.begin(early, failure -> {
            boolean mine = settle(() -> {
                if (failure == null) {
                    started.succeed(handshake.socket());
                } else {
                    started.failWith(failure);
                }
            });
            if (!mine) {
                handshake.socket().abort();
            }
        });
    }

    /** Completes the user's future. Returns false if a canceller or a failure has completed the future before. */
    private boolean settle(Runnable outcome) {
        boolean mine = settled.compareAndSet(false, true);
        if (mine) {
            engine.complete(outcome);
        }
        return mine;
    }

    /**
     * Cancels the upgrade. Before the upgrade, the plain connection stays unchanged. After the upgrade, aborts the
     * successor.
     */
    private void takeBack() {
        cancel(false);
        // After the cancel above, an upgrade has either happened or can no longer happen.
        if (!plain.isUpgraded()) {
            plain.reads().state().cancelUpgrade();
        }
        side.loop().execute(() -> {
            if (plain.last() != plain) {
                plain.last().abort();
            }
        });
    }

    /** Called when the write ends although its connection was not upgraded: the connection had ended before. */
    @Override
    protected void publish() {
        fail(Errors.closed(describe() + ": the socket is closed", null));
        super.publish();
    }

    @Override
    protected void fail(Throwable cause) {
        plain.reads().state().cancelUpgrade();
        if (settled.compareAndSet(false, true)) {
            started.failWith(cause);
        }
        super.fail(cause);
    }
}
