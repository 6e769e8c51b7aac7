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
 * What all who are measured over TLS have in common: one key (EC, P-256) and its certificate, TLS 1.3 and one cipher suite. It is
 * the client that offers no other, so no server needs to be told. The key is no secret: everybody has it who has this program.
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
        // Nothing is resumed, so nothing need be kept for it.
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

    /** It knows no host, without which the JDK resumes no session. */
    static SSLEngine clientEngine() {
        SSLEngine engine = Holder.ONE.client.createSSLEngine();
        engine.setUseClientMode(true);
        engine.setSSLParameters(clientParameters());
        return engine;
    }

    /** Of clients that block. */
    static SSLSocketFactory clientSockets() {
        return Holder.ONE.client.getSocketFactory();
    }

    static SSLParameters clientParameters() {
        return new SSLParameters(new String[] {CIPHER}, new String[] {PROTOCOL});
    }
}
