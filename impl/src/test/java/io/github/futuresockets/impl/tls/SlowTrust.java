package io.github.futuresockets.impl.tls;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** A trust manager that accepts every certificate. A check given by the test runs first, and may block. */
final class SlowTrust extends X509ExtendedTrustManager {
    private final Runnable check;

    private SlowTrust(Runnable check) {
        this.check = check;
    }

    /** Returns a context of a client with the given check. */
    static SSLContext context(Runnable check) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new SlowTrust(check)}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {
        check.run();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
        check.run();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
        check.run();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
        check.run();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {
        check.run();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {
        check.run();
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
