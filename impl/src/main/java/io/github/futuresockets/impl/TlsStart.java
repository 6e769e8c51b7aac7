package io.github.futuresockets.impl;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.TlsOptions;
import io.github.futuresockets.spi.OperationFuture;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/** {@code startTls}: the last write of a connection, in whose turn the transport is handed over to another one that encrypts. */
final class TlsStart extends Lent {
    /*
     * `settled` is set once, by who completes the user's future: the end of the handshake, a failure before it, or a canceller. The
     * turn is lent while the loop is on its way; there the connection is handed over, and then the turn is never given back.
     * So nothing is outstanding below but a fill, which the read side answers to the heir.
     *
     * In its turn the engine is made first, by a thread that may block: `tls` is set there and read on the loop behind that. If
     * there can be none, the connection stays as it is.
     */
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
            return TlsStart.this.describe();
        }
    }

    private final Connection plain;
    private final TlsOptions options;
    private @Nullable SSLEngine tls;
    private final Started started = new Started();
    private final AtomicBoolean settled = new AtomicBoolean();

    private TlsStart(Connection plain, TlsOptions options) {
        super(plain.writes(), true);
        this.plain = plain;
        this.options = options;
    }

    static CompletableFuture<AsyncSocket> start(Connection plain, TlsOptions options) {
        return new TlsStart(plain, options).start();
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
    String name() {
        return "startTls";
    }

    @Override
    String rest() {
        return "";
    }

    @Override
    boolean handsOver() {
        return true;
    }

    @Override
    int act() {
        if (!lend()) {
            return 0;
        }
        plain.engine().tasks().run(this::prepare, side.loop(), this::handOver);
        return Transport.PENDING;
    }

    private void prepare() {
        try {
            tls = TlsHandshaking.begun(options, plain.transport().remoteAddress());
        } catch (Throwable e) {
            if (settled.compareAndSet(false, true)) {
                takeBack();
                plain.engine().complete(() -> started.failWith(e));
            }
        }
    }

    private void handOver() {
        SSLEngine engine = tls;
        if (engine == null || !enterKernel()) {
            return;
        }
        plain.engine().hook.handingOver();
        if (!plain.handOver()) {
            Runnable close = refuseKernel();
            side.loop().execute(() -> side.wrote(0, null));
            if (close != null) {
                close.run();
            }
            return;
        }
        // The heir may be aborted as soon as it is there, and its close must not wait for this.
        leaveKernel(true);
        TlsTransport encrypted;
        TlsHandshaking handshake;
        try {
            encrypted = TlsHandshaking.transport(plain.engine(), plain.transport(), engine);
            handshake = TlsHandshaking.of(plain.engine(), encrypted, options, plain.from);
        } catch (Throwable e) {
            plain.fallBack(Errors.asIOException(describe(), e));
            side.wrote(0, null);
            return;
        }
        try {
            begin(handshake, encrypted);
        } catch (Throwable e) {
            handshake.socket().abort();
            settle(() -> started.failWith(e));
        }
    }

    /** The heir is there: whatever happens from now on is for it. */
    private void begin(TlsHandshaking handshake, TlsTransport encrypted) {
        plain.handOver(handshake.socket().connection());
        AtomicReference<ByteBuffer> early = new AtomicReference<>();
        boolean filling = plain.reads().state().handOver(encrypted, early::set);
        if (plain.from != null) {
            plain.from.abortIfStopped(handshake.socket());
        }
        handshake.begin(early.get(), filling, failure -> {
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

    private boolean settle(Runnable outcome) {
        boolean mine = settled.compareAndSet(false, true);
        if (mine) {
            plain.engine().complete(outcome);
        }
        return mine;
    }

    /** The user does not want it any more: either the connection stays as it is, or it has been handed over, and ends. */
    private void takeBack() {
        cancel(false);
        // Handing over is decided by now: who is about to has been aborted by the line above.
        if (!plain.isHandedOver()) {
            plain.reads().state().unreserve();
        }
        side.loop().execute(() -> {
            if (plain.last() != plain) {
                plain.last().abort();
            }
        });
    }

    /** The turn was given back: the conversation had ended before. */
    @Override
    void publish() {
        fail(Errors.closed(describe() + ": the socket is closed", null));
        super.publish();
    }

    @Override
    void fail(Throwable cause) {
        plain.reads().state().unreserve();
        if (settled.compareAndSet(false, true)) {
            started.failWith(cause);
        }
        super.fail(cause);
    }
}
