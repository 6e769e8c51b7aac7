package io.github.futuresockets;

import java.security.cert.Certificate;
import java.util.List;

/**
 * What the two ends of an encrypted conversation have agreed on.
 *
 * @param protocol the version, such as {@code TLSv1.3}
 * @param cipher the cipher suite, such as {@code TLS_AES_128_GCM_SHA256}
 * @param applicationProtocol what is spoken over it (ALPN); empty if that was left open
 * @param peerCertificates how the other end has shown who it is, its own certificate first; empty if it has not
 * @param resumed whether it goes on with the keys of an earlier conversation, which saves the check of the certificates
 */
public record TlsSession(
        String protocol,
        String cipher,
        String applicationProtocol,
        List<Certificate> peerCertificates,
        boolean resumed) {

    /**
     * What was agreed on; the list is copied.
     *
     * @param protocol the version
     * @param cipher the cipher suite
     * @param applicationProtocol what is spoken over it, or empty
     * @param peerCertificates those of the other end
     * @param resumed whether the keys are those of an earlier conversation
     */
    public TlsSession {
        peerCertificates = List.copyOf(peerCertificates);
    }
}
