package io.github.futuresockets.impl.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.security.cert.CertificateExpiredException;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;

/** Tests the certificates of {@link TestCertificates}. */
class TestCertificatesTest {
    @Test
    void localhostCertificate_isSignedByAuthorityAndNamesLoopback() throws Exception {
        TestCertificates.localhost()
                .certificate()
                .verify(TestCertificates.root().certificate().getPublicKey());
        assertEquals(
                3,
                TestCertificates.localhost()
                        .certificate()
                        .getSubjectAlternativeNames()
                        .size());
    }

    @Test
    void certificate_ofYesterday_hasExpired() {
        Instant yesterday = Instant.now().minus(Duration.ofDays(1));
        TestCertificates old = TestCertificates.root().issue("old", yesterday.minusSeconds(60), yesterday, "localhost");
        assertThrows(CertificateExpiredException.class, () -> old.certificate().checkValidity());
    }

    @Test
    void clientContext_verifyingNames_beginsHandshake() throws SSLException {
        SSLEngine engine = TestCertificates.client().createSSLEngine("localhost", 1);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
        engine.setUseClientMode(true);
        engine.beginHandshake();
    }
}
