package io.github.futuresockets.bench.peer;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Objects;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/**
 * The TLS parameters of all measured programs. The parameters are a key (EC, P-256), its certificate, TLS 1.3 and a
 * single cipher suite.
 *
 * <p>The clients offer no other protocol and no other cipher suite, so the servers need no such setting. The key is not
 * a secret, because the key is a part of the program.
 */
final class TlsIdentity {
    static final String PROTOCOL = "TLSv1.3";
    static final String CIPHER = "TLS_AES_128_GCM_SHA256";

    private static final String ALIAS = "bench";
    private static final char[] NO_SECRET = "no secret".toCharArray();

    private final PrivateKey key;
    private final X509Certificate certificate;
    private final KeyManagerFactory keyManagers;
    private final SSLContext server;
    private final SSLContext client;

    private TlsIdentity(String pem) throws IOException, GeneralSecurityException {
        key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der(pem, "PRIVATE KEY")));
        certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(der(pem, "CERTIFICATE")));
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_SECRET);
        store.setKeyEntry(ALIAS, key, NO_SECRET, new X509Certificate[] {certificate});
        keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keyManagers.init(store, NO_SECRET);
        server = SSLContext.getInstance(PROTOCOL);
        server.init(keyManagers.getKeyManagers(), null, null);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, NO_SECRET);
        trusted.setCertificateEntry(ALIAS, certificate);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        client = SSLContext.getInstance(PROTOCOL);
        client.init(null, trust.getTrustManagers(), null);
        // The cache is as small as possible, because no session is resumed.
        client.getClientSessionContext().setSessionCacheSize(1);
    }

    private static byte[] der(String pem, String what) {
        String begin = "-----BEGIN " + what + "-----";
        int from = pem.indexOf(begin) + begin.length();
        return Base64.getMimeDecoder().decode(pem.substring(from, pem.indexOf("-----END " + what, from)));
    }

    private static final class Holder {
        private static final TlsIdentity ONE = read();

        private static TlsIdentity read() {
            try (InputStream pem = TlsIdentity.class.getResourceAsStream("tls.pem")) {
                byte[] bytes = Objects.requireNonNull(pem, "tls.pem").readAllBytes();
                return new TlsIdentity(new String(bytes, StandardCharsets.US_ASCII));
            } catch (IOException | GeneralSecurityException e) {
                throw new IllegalStateException("no TLS in this JDK", e);
            }
        }
    }

    static PrivateKey key() {
        return Holder.ONE.key;
    }

    static X509Certificate certificate() {
        return Holder.ONE.certificate;
    }

    static KeyManagerFactory keyManagers() {
        return Holder.ONE.keyManagers;
    }

    static SSLContext server() {
        return Holder.ONE.server;
    }

    static SSLEngine serverEngine() {
        SSLEngine engine = server().createSSLEngine();
        engine.setUseClientMode(false);
        return engine;
    }

    /** Returns a client engine without a host name. Without a host name, the JDK resumes no session. */
    static SSLEngine clientEngine() {
        SSLEngine engine = Holder.ONE.client.createSSLEngine();
        engine.setUseClientMode(true);
        engine.setSSLParameters(clientParameters());
        return engine;
    }

    /** Returns the socket factory of blocking clients. */
    static SSLSocketFactory clientSockets() {
        return Holder.ONE.client.getSocketFactory();
    }

    static SSLParameters clientParameters() {
        return new SSLParameters(new String[] {CIPHER}, new String[] {PROTOCOL});
    }
}
