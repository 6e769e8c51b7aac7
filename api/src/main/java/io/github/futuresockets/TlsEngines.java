package io.github.futuresockets;

import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** Makes engines of what {@link TlsOptions} say. */
final class TlsEngines {
    private TlsEngines() {}

    /** An engine of that context, for a peer of that name. */
    static SSLEngine of(SSLContext context, boolean client, SSLParameters set, @Nullable String name, int port) {
        SSLEngine engine = context.createSSLEngine(name, port);
        engine.setUseClientMode(client);
        SSLParameters mine = copy(set, engine.getSSLParameters());
        if (!client) {
            mine.setEndpointIdentificationAlgorithm(null);
        } else if (name != null && isName(name)) {
            mine.setServerNames(List.of(new SNIHostName(name)));
        }
        engine.setSSLParameters(mine);
        return engine;
    }

    /** Addresses are not sent as names (RFC 6066, 3), nor is what cannot be one. */
    private static boolean isName(String host) {
        if (host.indexOf(':') >= 0 || host.matches("[0-9.]+")) {
            return false;
        }
        try {
            return !new SNIHostName(host).getAsciiName().isEmpty();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** What has been set goes to {@code target}. */
    static SSLParameters copy(SSLParameters source, SSLParameters target) {
        if (source.getProtocols() != null) {
            target.setProtocols(source.getProtocols());
        }
        if (source.getCipherSuites() != null) {
            target.setCipherSuites(source.getCipherSuites());
        }
        target.setApplicationProtocols(source.getApplicationProtocols());
        target.setEndpointIdentificationAlgorithm(source.getEndpointIdentificationAlgorithm());
        target.setWantClientAuth(source.getWantClientAuth());
        if (source.getNeedClientAuth()) {
            target.setNeedClientAuth(true);
        }
        return target;
    }
}
