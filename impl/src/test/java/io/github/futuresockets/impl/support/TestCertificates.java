package io.github.futuresockets.impl.support;

import static io.github.futuresockets.impl.support.Der.bits;
import static io.github.futuresockets.impl.support.Der.integer;
import static io.github.futuresockets.impl.support.Der.join;
import static io.github.futuresockets.impl.support.Der.octets;
import static io.github.futuresockets.impl.support.Der.oid;
import static io.github.futuresockets.impl.support.Der.sequence;
import static io.github.futuresockets.impl.support.Der.tagged;
import static io.github.futuresockets.impl.support.Der.text;
import static io.github.futuresockets.impl.support.Der.time;
import static io.github.futuresockets.impl.support.Der.yes;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Authorities, issued certificates and their keys, generated in the JVM of the test. */
public final class TestCertificates {
    private static final char[] PASSWORD = "secret".toCharArray();
    private static final AtomicLong SERIAL = new AtomicLong(1);
    private static final byte[] ECDSA_SHA256 = sequence(oid(1, 2, 840, 10045, 4, 3, 2));

    /** An authority, and its certificate for the loopback address. */
    private static final TestCertificates ROOT = authority("test root");

    private static final TestCertificates LOCALHOST = ROOT.issue("localhost", "localhost", "127.0.0.1", "::1");
    private static final SSLContext SERVER = LOCALHOST.context(ROOT);
    private static final SSLContext CLIENT = trusting(ROOT);

    private final String name;
    private final KeyPair keys;
    private final X509Certificate[] chain;

    private TestCertificates(String name, KeyPair keys, X509Certificate... chain) {
        this.name = name;
        this.keys = keys;
        this.chain = chain;
    }

    /** Returns a context for servers, with a certificate for {@code localhost}, {@code 127.0.0.1} and {@code ::1}. */
    public static SSLContext server() {
        return SERVER;
    }

    /** Returns a context for clients. The clients trust {@link #server}, and have no certificate. */
    public static SSLContext client() {
        return CLIENT;
    }

    /** Returns the authority of {@link #server}. */
    public static TestCertificates root() {
        return ROOT;
    }

    /** Returns the certificate of {@link #server}. */
    public static TestCertificates localhost() {
        return LOCALHOST;
    }

    /** Returns a new authority, trusted nowhere yet. */
    public static TestCertificates authority(String name) {
        KeyPair keys = newKeys();
        return new TestCertificates(
                name, keys, sign(name, keys, name, keys, aYearAround(-1), aYearAround(1), true, new String[0]));
    }

    /** Returns a certificate signed only by its owner. */
    public static TestCertificates selfSigned(String name, String... hosts) {
        KeyPair keys = newKeys();
        return new TestCertificates(
                name, keys, sign(name, keys, name, keys, aYearAround(-1), aYearAround(1), false, hosts));
    }

    /** Issues a certificate for names and addresses, valid now. */
    public TestCertificates issue(String subject, String... hosts) {
        return issue(subject, aYearAround(-1), aYearAround(1), hosts);
    }

    /** Issues a certificate for names and addresses, valid between two moments. */
    public TestCertificates issue(String subject, Instant from, Instant until, String... hosts) {
        KeyPair mine = newKeys();
        X509Certificate signed = sign(subject, mine, name, keys, from, until, false, hosts);
        return new TestCertificates(subject, mine, signed, chain[0]);
    }

    private static Instant aYearAround(int sign) {
        return Instant.now().plus(Duration.ofDays(sign * 365L));
    }

    /** Returns the certificate. */
    public X509Certificate certificate() {
        return chain[0];
    }

    /** Returns the private key of the certificate. */
    public PrivateKey key() {
        return keys.getPrivate();
    }

    /** Returns a context with the certificate, and with trust in the given authorities. */
    public SSLContext context(TestCertificates... trusted) {
        return context(this, trusted);
    }

    /** Returns a context without a certificate, and with trust in the given authorities. */
    public static SSLContext trusting(TestCertificates... trusted) {
        return context(null, trusted);
    }

    private static SSLContext context(TestCertificates own, TestCertificates[] trusted) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            KeyManagerFactory shows = KeyManagerFactory.getInstance("PKIX");
            if (own != null) {
                store.setKeyEntry("own", own.key(), PASSWORD, own.chain);
            }
            shows.init(store, PASSWORD);
            KeyStore known = KeyStore.getInstance("PKCS12");
            known.load(null, null);
            for (TestCertificates each : trusted) {
                known.setCertificateEntry(each.name, each.certificate());
            }
            TrustManagerFactory trusts = TrustManagerFactory.getInstance("PKIX");
            trusts.init(known);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(shows.getKeyManagers(), trusts.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Writes the certificate chain and the key in the PEM format. */
    public void writePem(Path certificates, Path key) throws IOException {
        try {
            StringBuilder all = new StringBuilder();
            for (X509Certificate each : chain) {
                all.append(pem("CERTIFICATE", each.getEncoded()));
            }
            Files.writeString(certificates, all);
            Files.writeString(key, pem("PRIVATE KEY", key().getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static String pem(String kind, byte[] bytes) {
        Base64.Encoder lines = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
        return "-----BEGIN " + kind + "-----\n" + lines.encodeToString(bytes) + "\n-----END " + kind + "-----\n";
    }

    private static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns a signed certificate by RFC 5280, section 4.1. */
    private static X509Certificate sign(
            String subject,
            KeyPair owner,
            String issuer,
            KeyPair signer,
            Instant from,
            Instant until,
            boolean authority,
            String[] hosts) {
        byte[] extensions = authority ? extension(oid(2, 5, 29, 19), sequence(yes())) : alternatives(hosts);
        byte[] content = sequence(
                tagged(0xa0, integer(BigInteger.TWO)),
                integer(BigInteger.valueOf(SERIAL.getAndIncrement())),
                ECDSA_SHA256,
                nameOf(issuer),
                sequence(time(from), time(until)),
                nameOf(subject),
                owner.getPublic().getEncoded(),
                extensions.length == 0 ? extensions : tagged(0xa3, sequence(extensions)));
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(signer.getPrivate());
            signature.update(content);
            byte[] whole = sequence(content, ECDSA_SHA256, bits(signature.sign()));
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(whole));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] nameOf(String commonName) {
        return sequence(tagged(0x31, sequence(oid(2, 5, 4, 3), text(commonName))));
    }

    private static byte[] extension(byte[] kind, byte[] value) {
        return sequence(kind, octets(value));
    }

    private static byte[] alternatives(String[] hosts) {
        if (hosts.length == 0) {
            return new byte[0];
        }
        byte[] all = new byte[0];
        for (String each : hosts) {
            boolean address = each.contains(":") || each.matches("[0-9.]+");
            try {
                all = join(
                        all,
                        address
                                ? tagged(0x87, InetAddress.getByName(each).getAddress())
                                : tagged(0x82, each.getBytes(StandardCharsets.US_ASCII)));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
        return extension(oid(2, 5, 29, 17), sequence(all));
    }
}
