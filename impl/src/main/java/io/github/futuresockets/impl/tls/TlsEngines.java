package io.github.futuresockets.impl.tls;

import io.github.futuresockets.spi.TlsSettings;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** The factory of TLS engines from {@link TlsSettings}. */
public final class TlsEngines {
    private TlsEngines() {}

    /**
     * Makes an engine for one connection.
     *
     * @param settings the options of the user
     * @param host the peer as the user has named the peer; null if unknown
     * @param port the port of the peer; -1 if unknown
     * @return an engine whose handshake has not begun
     * @throws IllegalArgumentException if the context does not know one of the protocols or cipher suites
     * @throws IllegalStateException if there is no default context, or if the context has not been initialised
     */
    public static SSLEngine of(TlsSettings settings, @Nullable String host, int port) {
        String name = settings.serverName() != null ? settings.serverName() : host;
        SSLEngine engine = of(contextOf(settings), settings, name, port);
        var byName = settings.contextByServerName();
        if (settings.client() || byName == null) {
            return engine;
        }
        return new SniEngine(engine, asked -> {
            SSLContext chosen = byName.apply(asked);
            return chosen == null ? null : of(chosen, settings, name, port);
        });
    }

    private static SSLContext contextOf(TlsSettings settings) {
        try {
            return settings.context() != null ? settings.context() : SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("no default SSLContext: " + e.getMessage(), e);
        }
    }

    private static SSLEngine of(SSLContext context, TlsSettings settings, @Nullable String name, int port) {
        SSLEngine engine = context.createSSLEngine(name, port);
        engine.setUseClientMode(settings.client());
        SSLParameters mine = settings.applyTo(engine.getSSLParameters());
        if (!settings.client()) {
            mine.setEndpointIdentificationAlgorithm(null);
        } else if (name != null && isName(name)) {
            mine.setServerNames(List.of(new SNIHostName(name)));
        }
        engine.setSSLParameters(mine);
        return engine;
    }

    /**
     * Returns false for an address, because RFC 6066, 3, allows no address as a name. Returns false for text that
     * cannot be a name.
     */
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
}
