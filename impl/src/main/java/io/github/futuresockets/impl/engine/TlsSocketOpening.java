package io.github.futuresockets.impl.engine;

import io.github.futuresockets.CloseReason;
import io.github.futuresockets.CloseReason.Kind;
import io.github.futuresockets.TlsOptions;
import io.github.futuresockets.impl.common.Clock;
import io.github.futuresockets.impl.common.Errors;
import io.github.futuresockets.impl.common.Log;
import io.github.futuresockets.impl.common.Threads;
import io.github.futuresockets.impl.connection.Connection;
import io.github.futuresockets.impl.tls.TlsEngines;
import io.github.futuresockets.impl.tls.TlsTransport;
import io.github.futuresockets.impl.transport.Transport;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * A TLS handshake and its socket. The socket exists before the handshake begins, so the end of the engine or of a
 * listener ends a handshake like any other socket.
 */
final class TlsSocketOpening {
    private final Engine engine;
    private final TlsTransport tls;
    private final long timeout;
    private final DefaultSocket socket;

    private TlsSocketOpening(Engine engine, TlsTransport tls, long timeout, @Nullable DefaultServerSocket from) {
        this.engine = engine;
        this.tls = tls;
        this.timeout = timeout;
        this.socket = new DefaultSocket(engine, tls, from);
    }

    /** Makes a socket over a TLS transport. The handshake has not begun. */
    static TlsSocketOpening of(
            Engine engine, TlsTransport tls, TlsOptions options, @Nullable DefaultServerSocket from) {
        return new TlsSocketOpening(engine, tls, Clock.nanos(options.handshakeTimeout()), from);
    }

    /** Returns an engine for the peer with the given address. */
    static SSLEngine engine(TlsOptions options, SocketAddress peer) {
        return peer instanceof InetSocketAddress known
                ? TlsEngines.of(options.settings(), known.getHostString(), known.getPort())
                : TlsEngines.of(options.settings(), null, -1);
    }

    /**
     * Returns an engine whose handshake has begun. Call on a thread that may block, because the first call loads the
     * TLS classes of the JDK and may take seconds. If the handshake cannot begin, the next step of the handshake fails.
     */
    static SSLEngine begun(TlsOptions options, SocketAddress peer) {
        SSLEngine engine = engine(options, peer);
        try {
            engine.beginHandshake();
        } catch (SSLException cannotBegin) {
            Log.log(Level.TRACE, "a handshake that cannot begin", cannotBegin);
        }
        return engine;
    }

    static TlsTransport transport(Engine engine, Transport below, SSLEngine tls) {
        return new TlsTransport(below, tls, engine.tasks());
    }

    DefaultSocket socket() {
        return socket;
    }

    /** Begins the handshake on a new transport. See {@link #begin(ByteBuffer, Consumer)}. */
    void begin(Consumer<@Nullable IOException> ended) {
        begin(null, ended);
    }

    /**
     * Begins the handshake and its time-out. Call on the loop.
     *
     * @param early the bytes that the plain connection has read and not used, or null
     * @param ended receives null or the failure, on the loop. After a failure the socket closes
     */
    void begin(@Nullable ByteBuffer early, Consumer<@Nullable IOException> ended) {
        Future<?> alarm = alarm();
        tls.open(early, failure -> {
            if (alarm != null) {
                alarm.cancel(false);
            }
            if (failure == null) {
                ended.accept(null);
            } else {
                fail(failure, ended);
            }
        });
    }

    /** Closes the socket after a failed handshake. The close is not complete before the failure is passed on. */
    private void fail(IOException failure, Consumer<@Nullable IOException> ended) {
        Connection connection = socket.connection();
        connection.hold();
        try {
            Threads.guard(() -> refuse(failure));
            ended.accept(failure);
        } finally {
            connection.unhold();
        }
    }

    /** Sets the time-out. If no timer can be set, fails the handshake, because the handshake might never end. */
    private @Nullable Future<?> alarm() {
        try {
            return timeout == 0 ? null : engine.alarm(this::late, timeout, tls.loop());
        } catch (Throwable e) {
            tls.give(Errors.asIOException("its time-out cannot be set", e));
            return null;
        }
    }

    /** Fails the handshake after the time-out. */
    private void late() {
        tls.give(Errors.stalled("not done", timeout));
    }

    /**
     * Closes the socket after a failed handshake. If this side has refused a handshake of the peer, an orderly close
     * sends the alert and waits for the end of the peer. In all other cases the socket ends at once, because no byte of
     * the peer would be answered with a reset that destroys the alert.
     */
    private void refuse(IOException failure) {
        Connection connection = socket.connection();
        if (failure instanceof SSLHandshakeException && tls.hasHeard()) {
            connection.close(new CloseReason(Kind.FAILED, failure));
        } else {
            boolean late = failure instanceof SocketTimeoutException;
            connection.end(new CloseReason(late ? Kind.TIMED_OUT : Kind.FAILED, failure), failure);
        }
    }
}
