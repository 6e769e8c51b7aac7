package io.github.futuresockets;

import io.github.futuresockets.spi.Settings;
import io.github.futuresockets.spi.TlsSettings;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * The TLS options of a connection. The JDK implements TLS, in version 1.3 (RFC 8446) or 1.2 (RFC 5246). The options are
 * immutable. Each method with a parameter returns a changed copy, and options may be used for any number of connections
 * on any threads.
 *
 * <p>{@link #client()} and {@link #server} select the TLS role of this end. The role does not depend on the end that
 * opened the connection. The {@link SSLContext} determines everything that the options do not set: keys, trusted
 * authorities, versions, cipher suites and the cache of resumable sessions.
 *
 * <p>The contract of the sockets also holds over TLS, with these additions:
 *
 * <ul>
 *   <li>The end of the stream is the peer's close_notify (RFC 8446, 6.1). If the connection ends without a
 *       close_notify, the read fails with an {@link javax.net.ssl.SSLException} and the connection has failed, because
 *       an attacker may have cut the stream.
 *   <li>{@code shutdownOutput} sends a close_notify and then the end of the stream. With TLS 1.3, reading remains
 *       possible. TLS 1.2 has no half-close (RFC 5246, 7.2.1). There the peer may drop its unsent data, and writes of
 *       this end fail after the peer's close_notify has arrived.
 *   <li>{@code close} sends a close_notify after the pending writes, and does not require a close_notify of the peer.
 *   <li>All byte counts are counts of plain text. A single read from the kernel is decrypted as a whole. So up to 64
 *       KiB, plus a record of 16 KiB, may be held in addition to the count of {@code buffered}.
 *   <li>A renegotiation fails the connection. So does a peer that sends many empty records in a row.
 * </ul>
 */
public final class TlsOptions {
    private static final Duration HANDSHAKE = Duration.ofSeconds(10);

    /** The ways in which a server can treat the certificate of a client. */
    public enum ClientAuth {
        /** The server does not request a certificate. */
        NONE,
        /**
         * The server requests a certificate. The handshake succeeds without a certificate, and fails with an untrusted
         * one.
         */
        WANTED,
        /** The server requests a certificate. The handshake fails without a trusted certificate. */
        NEEDED
    }

    private final TlsSettings settings;

    private TlsOptions(TlsSettings settings) {
        this.settings = settings;
    }

    /**
     * Returns options for the client role. Trusts the authorities of {@link SSLContext#getDefault()}, by default the
     * JDK's list of authorities. The certificate of the server must match the host given to the connect. The name of
     * the host is also sent to the server (SNI).
     *
     * @return client options
     */
    public static TlsOptions client() {
        SSLParameters parameters = new SSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        return new TlsOptions(new TlsSettings(true, null, parameters, null, HANDSHAKE, null));
    }

    /**
     * Returns options for the server role.
     *
     * @param context an initialised context with the certificate of the server and its key
     * @return server options
     */
    public static TlsOptions server(SSLContext context) {
        Objects.requireNonNull(context, "context");
        return new TlsOptions(new TlsSettings(false, context, new SSLParameters(), null, HANDSHAKE, null));
    }

    /**
     * Sets the context, with its keys, certificates and trusted authorities.
     *
     * @param chosen an initialised context
     * @return a copy
     */
    public TlsOptions context(SSLContext chosen) {
        return new TlsOptions(settings.withContext(Objects.requireNonNull(chosen, "context")));
    }

    /**
     * Sets the supported application protocols (ALPN, RFC 7301). {@link TlsSession#applicationProtocol} is the
     * negotiated protocol. If a server supports no protocol that the client offers, the handshake fails.
     *
     * @param names the protocols in the order of preference, such as {@code "h2", "http/1.1"}
     * @return a copy
     * @throws IllegalArgumentException if there is no name, or a name is empty
     */
    public TlsOptions applicationProtocols(String... names) {
        some(names, "application protocol");
        return with(changed -> changed.setApplicationProtocols(names.clone()));
    }

    /**
     * Sets the server name of a client. The client sends the name to the server (SNI, RFC 6066), and the certificate of
     * the server must match the name. The default is the host given to the connect, also for
     * {@link AsyncSocket#startTls}.
     *
     * @param host a name or an address. An address is verified and not sent.
     * @return a copy
     * @throws IllegalArgumentException if the name is empty
     */
    public TlsOptions serverName(String host) {
        some(new String[] {host}, "server name");
        return new TlsOptions(settings.withServerName(host));
    }

    /**
     * Sets a function that selects the context of a server by the server name of the client (SNI, RFC 6066).
     *
     * @param byName receives the name in lower case. A null result selects the context of the options. The function
     *     must not block, because an I/O thread calls the function. An exception fails the handshake.
     * @return a copy
     */
    public TlsOptions contextByServerName(Function<? super String, ? extends @Nullable SSLContext> byName) {
        Objects.requireNonNull(byName, "byName");
        return new TlsOptions(settings.withContextByServerName(byName));
    }

    /**
     * Selects if a server requests a certificate of the client.
     *
     * @param chosen the mode. The default is {@link ClientAuth#NONE}.
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
     * Sets the allowed versions of TLS.
     *
     * @param names the versions, such as {@code "TLSv1.3"}. The default is the versions of the context.
     * @return a copy
     * @throws IllegalArgumentException if there is no name, or a name is empty
     */
    public TlsOptions protocols(String... names) {
        some(names, "protocol");
        return with(changed -> changed.setProtocols(names.clone()));
    }

    /**
     * Sets the allowed cipher suites.
     *
     * @param names the cipher suites in the order of preference. The default is the cipher suites of the context.
     * @return a copy
     * @throws IllegalArgumentException if there is no name, or a name is empty
     */
    public TlsOptions ciphers(String... names) {
        some(names, "cipher suite");
        return with(changed -> changed.setCipherSuites(names.clone()));
    }

    /**
     * Sets the time-out of the handshake. The time-out begins after the TCP connect, and the connect has a separate
     * time-out.
     *
     * @param timeout the time-out. The default is 10 s, and {@link Duration#ZERO} turns the time-out off.
     * @return a copy
     * @throws IllegalArgumentException if the time-out is negative
     */
    public TlsOptions handshakeTimeout(Duration timeout) {
        return new TlsOptions(settings.withHandshakeTimeout(Settings.notNegative(timeout)));
    }

    /**
     * Selects if the certificate of the server must match the server name, for clients. Without the check, any server
     * with any certificate of a trusted authority is accepted.
     *
     * @param on true to verify the name. The default is true.
     * @return a copy
     */
    public TlsOptions verifyHostName(boolean on) {
        return with(changed -> changed.setEndpointIdentificationAlgorithm(on ? "HTTPS" : ""));
    }

    /**
     * Returns true if the options are for the client role.
     *
     * @return true for options created by {@link #client()}
     */
    public boolean isClient() {
        return settings.client();
    }

    /**
     * Returns the time-out of the handshake.
     *
     * @return the time-out, or zero if there is none
     */
    public Duration handshakeTimeout() {
        return settings.handshakeTimeout();
    }

    /**
     * Returns the options as plain values, for providers.
     *
     * @return the values
     */
    public TlsSettings settings() {
        return settings;
    }

    /** A change of the parameters of a copy. */
    private interface Change {
        void make(SSLParameters parameters);
    }

    private TlsOptions with(Change change) {
        SSLParameters changed = settings.applyTo(new SSLParameters());
        change.make(changed);
        return new TlsOptions(settings.withParameters(changed));
    }

    /** Throws IllegalArgumentException if {@code names} is empty or has an empty name. */
    private static void some(String[] names, String what) {
        if (names.length == 0 || List.of(names).contains("")) {
            throw new IllegalArgumentException("no " + what + " in " + List.of(names));
        }
    }

    @Override
    public String toString() {
        String[] protocols = settings.parameters().getProtocols();
        return "TlsOptions[" + (settings.client() ? "client" : "server")
                + (settings.serverName() == null ? "" : " of " + settings.serverName())
                + (protocols == null ? "" : ", " + String.join(" ", protocols))
                + ", handshake within " + settings.handshakeTimeout() + "]";
    }
}
