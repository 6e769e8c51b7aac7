package io.github.futuresockets;

import java.security.cert.Certificate;
import java.util.List;

/**
 * The parameters negotiated by the TLS handshake of a connection.
 *
 * @param protocol the version of TLS, such as {@code TLSv1.3}
 * @param cipher the cipher suite, such as {@code TLS_AES_128_GCM_SHA256}
 * @param applicationProtocol the negotiated application protocol (ALPN), or an empty string if none was negotiated
 * @param peerCertificates the certificate chain of the peer, with the peer's own certificate first. Empty if the peer
 *     sent no certificate.
 * @param resumed true if the connection resumed the TLS session of an earlier connection. A resumption does not verify
 *     the certificates again.
 */
public record TlsSession(
        String protocol,
        String cipher,
        String applicationProtocol,
        List<Certificate> peerCertificates,
        boolean resumed) {

    /**
     * Creates a session. The list of certificates is copied.
     *
     * @param protocol the version of TLS
     * @param cipher the cipher suite
     * @param applicationProtocol the application protocol, or an empty string
     * @param peerCertificates the certificate chain of the peer, or an empty list
     * @param resumed true if the session of an earlier connection was resumed
     */
    public TlsSession {
        peerCertificates = List.copyOf(peerCertificates);
    }
}
