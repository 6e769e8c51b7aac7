package io.github.futuresockets;

import io.github.futuresockets.spi.Settings;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * How a conversation is encrypted: by TLS 1.3 (RFC 8446) or 1.2 (RFC 5246), as the JDK implements them. A value: each method gives
 * a copy with one thing changed, and one may serve any number of connections on any threads.
 *
 * <p>{@link #client()} and {@link #server} say which end we are, whoever has connected. What is not set is as the
 * {@link SSLContext} has it: keys and whom to trust, versions, cipher suites, the cache of sessions to be resumed.
 *
 * <p>Over TLS the contract holds as it stands, with this to add:
 *
 * <ul>
 *   <li>The end of the stream is the peer's close_notify (RFC 8446, 6.1). An end of the connection without it may have been
 *       made by anyone: it fails the read with an {@link javax.net.ssl.SSLException} that says so, and the conversation.
 *   <li>{@code shutdownOutput} sends a close_notify, and then the end of the stream. With TLS 1.3 reading goes on as long as
 *       the peer sends. TLS 1.2 has no half-close (RFC 5246, 7.2.1): the peer may drop what it has not sent, and our own
 *       writes fail as soon as its close_notify has come.
 *   <li>{@code close} sends a close_notify behind the queued writes, and does not insist on that of the peer.
 *   <li>Bytes are counted as their users see them, without what encryption adds. What one read of the kernel brings is decrypted
 *       as a whole: up to 64 KiB and a record of 16 KiB may wait behind what {@code buffered} tells.
 *   <li>A renegotiation is refused, and so is a peer that sends record after record without a byte in it.
 * </ul>
 */
public final class TlsOptions {
    private static final Duration HANDSHAKE = Duration.ofSeconds(10);

    /** Whether a server wants to see a certificate of its client. */
    public enum ClientAuth {
        /** It does not ask. */
        NONE,
        /** It asks, and goes on without one; a certificate that it does not trust ends the handshake. */
        WANTED,
        /** It asks, and without one ends the handshake. */
        NEEDED
    }

    private final boolean client;
    private final @Nullable SSLContext context;
    private final SSLParameters parameters;
    private final @Nullable String serverName;
    private final Duration handshakeTimeout;
    private final @Nullable Function<? super String, ? extends @Nullable SSLContext> chooser;

    private TlsOptions(
            boolean client,
            @Nullable SSLContext context,
            SSLParameters parameters,
            @Nullable String serverName,
            Duration handshakeTimeout,
            @Nullable Function<? super String, ? extends @Nullable SSLContext> chooser) {
        this.client = client;
        this.context = context;
        this.parameters = parameters;
        this.serverName = serverName;
        this.handshakeTimeout = handshakeTimeout;
        this.chooser = chooser;
    }

    /**
     * We are the client, and trust whom {@link SSLContext#getDefault()} trusts, that is the JDK's list of authorities. The
     * certificate of the server must be for the host that we have connected to, whose name is also sent (SNI).
     *
     * @return options
     */
    public static TlsOptions client() {
        SSLParameters parameters = new SSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        return new TlsOptions(true, null, parameters, null, HANDSHAKE, null);
    }

    /**
     * We are the server.
     *
     * @param context has our certificate and its key
     * @return options
     */
    public static TlsOptions server(SSLContext context) {
        return new TlsOptions(
                false, Objects.requireNonNull(context, "context"), new SSLParameters(), null, HANDSHAKE, null);
    }

    /**
     * Which keys and certificates, and whom to trust.
     *
     * @param chosen has been initialised
     * @return a copy
     */
    public TlsOptions context(SSLContext chosen) {
        return new TlsOptions(
                client, Objects.requireNonNull(chosen, "context"), parameters, serverName, handshakeTimeout, chooser);
    }

    /**
     * What could be spoken over the connection (ALPN, RFC 7301). {@link TlsSession#applicationProtocol} tells what has been
     * agreed on. A server that has none of those its client offers ends the handshake.
     *
     * @param names the best one first, such as {@code "h2", "http/1.1"}
     * @return a copy
     * @throws IllegalArgumentException if there is none, or one is empty
     */
    public TlsOptions applicationProtocols(String... names) {
        some(names, "application protocol");
        return with(changed -> changed.setApplicationProtocols(names.clone()));
    }

    /**
     * For clients: the name that the server is asked for (SNI, RFC 6066), and that its certificate must have. Without it that is
     * the host that was given to connect. Behind {@link AsyncSocket#startTls}, too.
     *
     * @param host a name, or an address, which is verified and not sent
     * @return a copy
     * @throws IllegalArgumentException if it is empty
     */
    public TlsOptions serverName(String host) {
        some(new String[] {host}, "server name");
        return new TlsOptions(client, context, parameters, host, handshakeTimeout, chooser);
    }

    /**
     * For servers of several names: chooses a context by the one that the client asks for (SNI, RFC 6066).
     *
     * @param byName gets the name in lower case; null: the context of these options. Called on an I/O thread, so it must not
     *     block; what it throws ends that handshake
     * @return a copy
     */
    public TlsOptions contextByServerName(Function<? super String, ? extends @Nullable SSLContext> byName) {
        Objects.requireNonNull(byName, "byName");
        return new TlsOptions(client, context, parameters, serverName, handshakeTimeout, byName);
    }

    /**
     * For servers: whether to ask for a certificate of the client.
     *
     * @param chosen by default {@link ClientAuth#NONE}
     * @return a copy
     */
    public TlsOptions clientAuth(ClientAuth chosen) {
        Objects.requireNonNull(chosen, "clientAuth");
        return with(changed -> {
            changed.setWantClientAuth(chosen == ClientAuth.WANTED);
            if (chosen == ClientAuth.NEEDED) {
                changed.setNeedClientAuth(true);
            }
        });
    }

    /**
     * Which versions may be spoken.
     *
     * @param names such as {@code "TLSv1.3"}; by default those of the context
     * @return a copy
     * @throws IllegalArgumentException if there is none, or one is empty
     */
    public TlsOptions protocols(String... names) {
        some(names, "protocol");
        return with(changed -> changed.setProtocols(names.clone()));
    }

    /**
     * Which cipher suites may be used.
     *
     * @param names the best one first; by default those of the context
     * @return a copy
     * @throws IllegalArgumentException if there is none, or one is empty
     */
    public TlsOptions ciphers(String... names) {
        some(names, "cipher suite");
        return with(changed -> changed.setCipherSuites(names.clone()));
    }

    /**
     * Bounds the handshake. It begins behind the connect, which has a time-out of its own.
     *
     * @param timeout by default 10 s; {@link Duration#ZERO}: off
     * @return a copy
     * @throws IllegalArgumentException if it is negative
     */
    public TlsOptions handshakeTimeout(Duration timeout) {
        return new TlsOptions(client, context, parameters, serverName, Settings.notNegative(timeout), chooser);
    }

    /**
     * For clients: whether the certificate of the server must be for the host that we have connected to. Without that whoever has
     * any certificate of an authority that we trust can pass for it.
     *
     * @param on by default true
     * @return a copy
     */
    public TlsOptions verifyHostName(boolean on) {
        return with(changed -> changed.setEndpointIdentificationAlgorithm(on ? "HTTPS" : ""));
    }

    /**
     * Which end we are.
     *
     * @return true for options made by {@link #client()}
     */
    public boolean isClient() {
        return client;
    }

    /**
     * How long a handshake may take.
     *
     * @return the time; zero: for ever
     */
    public Duration handshakeTimeout() {
        return handshakeTimeout;
    }

    /**
     * A new engine with these options, for one connection.
     *
     * @param host the other end as its user knows it; null: unknown
     * @param port its port; -1: unknown
     * @return an engine whose handshake has not begun
     * @throws IllegalArgumentException if the context does not know one of the protocols or cipher suites
     * @throws IllegalStateException if there is no default context, or this one has not been initialised
     */
    public SSLEngine newEngine(@Nullable String host, int port) {
        String name = serverName != null ? serverName : host;
        SSLEngine engine = TlsEngines.of(contextOrDefault(), client, parameters, name, port);
        if (client || chooser == null) {
            return engine;
        }
        return new SniEngine(engine, asked -> {
            SSLContext chosen = chooser.apply(asked);
            return chosen == null ? null : TlsEngines.of(chosen, client, parameters, name, port);
        });
    }

    private SSLContext contextOrDefault() {
        try {
            return context != null ? context : SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("no default SSLContext: " + e.getMessage(), e);
        }
    }

    private interface Change {
        void make(SSLParameters parameters);
    }

    private TlsOptions with(Change change) {
        SSLParameters changed = TlsEngines.copy(parameters, new SSLParameters());
        change.make(changed);
        return new TlsOptions(client, context, changed, serverName, handshakeTimeout, chooser);
    }

    private static void some(String[] names, String what) {
        if (names.length == 0 || List.of(names).contains("")) {
            throw new IllegalArgumentException("no " + what + " in " + List.of(names));
        }
    }

    @Override
    public String toString() {
        return "TlsOptions[" + (client ? "client" : "server")
                + (serverName == null ? "" : " of " + serverName)
                + (parameters.getProtocols() == null ? "" : ", " + String.join(" ", parameters.getProtocols()))
                + ", handshake within " + handshakeTimeout + "]";
    }
}
