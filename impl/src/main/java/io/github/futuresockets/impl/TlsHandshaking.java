package io.github.futuresockets.impl;

import io.github.futuresockets.CloseReason;
import io.github.futuresockets.CloseReason.Kind;
import io.github.futuresockets.TlsOptions;
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

/** A socket whose handshake is under way: it is there from the beginning, so whatever ends sockets ends it too. */
final class TlsHandshaking {
    private final Engine engine;
    private final TlsTransport tls;
    private final long timeout;
    private final FutureSocket socket;

    private TlsHandshaking(Engine engine, TlsTransport tls, long timeout, @Nullable FutureServerSocket from) {
        this.engine = engine;
        this.tls = tls;
        this.timeout = timeout;
        this.socket = new FutureSocket(engine, tls, from);
    }

    /** Makes a socket over a transport that nobody has used; throws if that cannot be with these options. */
    static TlsHandshaking over(
            Engine engine, Transport transport, TlsOptions options, @Nullable FutureServerSocket from) {
        return of(engine, transport(engine, transport, engine(options, transport.remoteAddress())), options, from);
    }

    static TlsHandshaking of(Engine engine, TlsTransport tls, TlsOptions options, @Nullable FutureServerSocket from) {
        return new TlsHandshaking(engine, tls, Engine.nanos(options.handshakeTimeout()), from);
    }

    /** An engine for a peer that its user knows by that address. */
    static SSLEngine engine(TlsOptions options, SocketAddress peer) {
        InetSocketAddress known = peer instanceof InetSocketAddress ? (InetSocketAddress) peer : null;
        return options.newEngine(known == null ? null : known.getHostString(), known == null ? -1 : known.getPort());
    }

    /**
     * The same, with the first part of the handshake done. For a thread that may block: the first time all that TLS needs is
     * loaded, which takes up to seconds. A handshake that cannot begin says so when it is asked for the next part.
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

    FutureSocket socket() {
        return socket;
    }

    void begin(Consumer<@Nullable IOException> ended) {
        begin(null, false, ended);
    }

    /** On the loop, which tells the end too: null, or the failure, behind which the socket is being closed. */
    void begin(@Nullable ByteBuffer early, boolean filling, Consumer<@Nullable IOException> ended) {
        Future<?> alarm = alarm();
        tls.open(early, filling, failure -> {
            if (alarm != null) {
                alarm.cancel(false);
            }
            if (failure != null) {
                ChannelLoop.guard(() -> refuse(failure));
            }
            ended.accept(failure);
        });
    }

    /** A handshake without a time-out might never end, so it does not begin. */
    private @Nullable Future<?> alarm() {
        try {
            return timeout == 0 ? null : engine.alarm(this::late, timeout, tls.loop());
        } catch (Throwable e) {
            tls.give(Errors.asIOException("its time-out cannot be set", e));
            return null;
        }
    }

    private void late() {
        tls.give(Errors.stalled("not done", timeout));
    }

    /** What we do not agree with is told to the peer, as far as it listens; from a peer that is gone or silent nothing is awaited. */
    private void refuse(IOException failure) {
        Connection connection = socket.connection();
        if (failure instanceof SSLHandshakeException && !tls.isBusy()) {
            connection.close(new CloseReason(Kind.FAILED, failure));
        } else {
            boolean late = failure instanceof SocketTimeoutException;
            connection.end(new CloseReason(late ? Kind.TIMED_OUT : Kind.FAILED, failure), failure);
        }
    }
}
