package io.github.futuresockets.impl.engine;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.TlsOptions;
import io.github.futuresockets.future.OperationFuture;
import io.github.futuresockets.impl.common.Errors;
import io.github.futuresockets.impl.connection.Barrier;
import io.github.futuresockets.impl.connection.Connection;
import io.github.futuresockets.impl.tls.TlsTransport;
import io.github.futuresockets.impl.transport.IoLoop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * The operation {@code startTls}: behind all writes of a plain connection, its transport moves to a successor
 * connection that encrypts.
 */
final class TlsUpgrade extends OperationFuture<AsyncSocket> {
    /*
     * Steps:
     * - `start` reserves the input and queues the barrier.
     * - `prepare` makes the engine on a thread that may block, after all earlier writes were sent. `tls` is set there,
     *   and read on the loop later. If there can be no engine, the plain connection stays unchanged.
     * - `upgrade` passes the barrier and moves the transport to the successor, on the loop. From then on no thread reads
     *   or writes on the plain connection.
     * - `begin` begins the handshake.
     *
     * `settled` is set once: by the end of the handshake, by a failure before the handshake, or by a canceller. The
     * thread that sets `settled` completes the future.
     */
    private final Connection plain;
    private final Engine engine;
    private final @Nullable DefaultServerSocket from;
    private final TlsOptions options;
    private final Barrier barrier;
    private final AtomicBoolean settled = new AtomicBoolean();
    private @Nullable SSLEngine tls;

    private TlsUpgrade(Connection plain, TlsOptions options) {
        super(plain.context());
        this.plain = plain;
        this.engine = Engine.of(plain);
        this.from = (DefaultServerSocket) plain.from;
        this.options = options;
        this.barrier = new Barrier(plain.writes(), describe(), this::reached, this::ended);
    }

    /** Starts the upgrade of a plain connection. Fails the future if one of the sides refuses. */
    static CompletableFuture<AsyncSocket> start(Connection plain, TlsOptions options) {
        TlsUpgrade upgrade = new TlsUpgrade(plain, options);
        Exception refused = plain.reads().reserve(upgrade.describe());
        if (refused != null) {
            upgrade.settled.set(true);
            upgrade.failWith(refused);
        } else {
            upgrade.barrier.start();
        }
        return upgrade;
    }

    /** Begins the upgrade, after all earlier writes were sent. */
    private void reached() {
        IoLoop loop = plain.loop();
        engine.tasks().run(this::prepare, loop, () -> loop.run(this::upgrade));
    }

    /** Makes the engine. On a thread that may block. */
    private void prepare() {
        try {
            tls = TlsSocketOpening.begun(options, plain.transport().remoteAddress());
        } catch (Throwable e) {
            if (settled.compareAndSet(false, true)) {
                takeBack();
                plain.complete(() -> failWith(e));
            }
        }
    }

    /** Moves the transport to the successor, unless the barrier was withdrawn. On the loop. */
    private void upgrade() {
        SSLEngine begun = tls;
        if (plain.reads().state().isBusy()) {
            // A thread ends a read of the transport, for an operation that was cancelled, or a handler of messages.
            plain.loop().execute(this::upgrade);
            return;
        }
        if (begun == null || !barrier.pass()) {
            return;
        }
        TlsTransport encrypted = null;
        try {
            encrypted = TlsSocketOpening.transport(engine, plain.transport(), begun);
            begin(TlsSocketOpening.of(engine, encrypted, options, from), encrypted);
        } catch (Throwable e) {
            giveUp(encrypted, e);
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
                    succeed(handshake.socket());
                } else {
                    failWith(failure);
                }
            });
            if (!mine) {
                handshake.socket().abort();
            }
        });
    }

    /**
     * Ends the upgrade after the barrier, because a step has thrown. A successor that is registered already ends, and
     * the plain connection with its successor. Otherwise the plain connection ends itself.
     */
    private void giveUp(@Nullable TlsTransport encrypted, Throwable cause) {
        settle(() -> failWith(cause));
        Connection begun = encrypted == null ? null : engine.over(encrypted);
        if (begun == null) {
            plain.fallBack(Errors.asIOException(describe(), cause));
            return;
        }
        if (plain.last() == plain) {
            plain.upgrade(begun);
        }
        begun.abort();
    }

    private void succeed(AsyncSocket socket) {
        if (!deliver(socket)) {
            socket.abort();
        }
    }

    private void failWith(Throwable failure) {
        deliverFailure(plain.own(failure));
    }

    /** Completes the future. Returns false if a canceller or a failure has completed the future before. */
    private boolean settle(Runnable outcome) {
        boolean mine = settled.compareAndSet(false, true);
        if (mine) {
            plain.complete(outcome);
        }
        return mine;
    }

    @Override
    protected boolean withdraw() {
        boolean mine = settled.compareAndSet(false, true);
        if (mine) {
            takeBack();
        }
        return mine;
    }

    /**
     * Takes the upgrade back. Before the barrier is passed, the plain connection stays unchanged. Later, the connection
     * is aborted together with its successor.
     */
    private void takeBack() {
        if (barrier.withdraw()) {
            plain.reads().state().cancelUpgrade();
        } else {
            plain.abort();
        }
    }

    /** Fails the upgrade, because the connection has refused the barrier, or has ended before the upgrade. */
    private void ended(IOException cause) {
        plain.reads().state().cancelUpgrade();
        if (settled.compareAndSet(false, true)) {
            failWith(cause);
        }
    }

    @Override
    protected String describe() {
        return "startTls to " + plain.transport().remoteAddress();
    }
}
