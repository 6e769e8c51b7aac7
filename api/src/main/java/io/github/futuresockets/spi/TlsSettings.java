package io.github.futuresockets.spi;

import java.time.Duration;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * The values of {@link io.github.futuresockets.TlsOptions}, for a provider. The parameters must not be changed after
 * they are passed to the constructor.
 *
 * @param client true for the client role, false for the server role
 * @param context creates the engines, or null for {@link SSLContext#getDefault}
 * @param parameters protocols, cipher suites, application protocols and the rules for certificates
 * @param serverName the name that a client sends and verifies, or null for the host of the connect
 * @param handshakeTimeout the time-out of a handshake; zero turns the time-out off
 * @param contextByServerName selects the context of a server by the name that the client sends, or null for always
 *     {@code context}
 */
public record TlsSettings(
        boolean client,
        @Nullable SSLContext context,
        SSLParameters parameters,
        @Nullable String serverName,
        Duration handshakeTimeout,
        @Nullable Function<? super String, ? extends @Nullable SSLContext> contextByServerName) {

    /**
     * Returns a copy of the parameters.
     *
     * @return a copy
     */
    @Override
    public SSLParameters parameters() {
        return applyTo(new SSLParameters());
    }

    /**
     * Copies these settings with another context.
     *
     * @param chosen the context
     * @return a copy
     */
    public TlsSettings withContext(SSLContext chosen) {
        return new TlsSettings(client, chosen, parameters, serverName, handshakeTimeout, contextByServerName);
    }

    /**
     * Copies these settings with other parameters.
     *
     * @param changed the parameters; must not be changed after the call
     * @return a copy
     */
    public TlsSettings withParameters(SSLParameters changed) {
        return new TlsSettings(client, context, changed, serverName, handshakeTimeout, contextByServerName);
    }

    /**
     * Copies these settings with another server name.
     *
     * @param name the name
     * @return a copy
     */
    public TlsSettings withServerName(String name) {
        return new TlsSettings(client, context, parameters, name, handshakeTimeout, contextByServerName);
    }

    /**
     * Copies these settings with another time-out of the handshake.
     *
     * @param timeout the time-out
     * @return a copy
     */
    public TlsSettings withHandshakeTimeout(Duration timeout) {
        return new TlsSettings(client, context, parameters, serverName, timeout, contextByServerName);
    }

    /**
     * Copies these settings with another selection of the context by server name.
     *
     * @param byName the selection
     * @return a copy
     */
    public TlsSettings withContextByServerName(Function<? super String, ? extends @Nullable SSLContext> byName) {
        return new TlsSettings(client, context, parameters, serverName, handshakeTimeout, byName);
    }

    /**
     * Copies the values that are set in the parameters of these settings to other parameters.
     *
     * @param target receives the parameters
     * @return {@code target}
     */
    public SSLParameters applyTo(SSLParameters target) {
        if (parameters.getProtocols() != null) {
            target.setProtocols(parameters.getProtocols());
        }
        if (parameters.getCipherSuites() != null) {
            target.setCipherSuites(parameters.getCipherSuites());
        }
        target.setApplicationProtocols(parameters.getApplicationProtocols());
        target.setEndpointIdentificationAlgorithm(parameters.getEndpointIdentificationAlgorithm());
        target.setWantClientAuth(parameters.getWantClientAuth());
        if (parameters.getNeedClientAuth()) {
            target.setNeedClientAuth(true);
        }
        return target;
    }
}
