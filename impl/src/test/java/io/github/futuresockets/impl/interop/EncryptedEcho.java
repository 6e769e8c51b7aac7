package io.github.futuresockets.impl.interop;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.TlsOptions;
import io.github.futuresockets.impl.support.TestCertificates;
import java.net.InetSocketAddress;

/** A server that gives everything back; tells its port, and serves until it is ended. */
final class EncryptedEcho {
    private EncryptedEcho() {}

    /** Runs it. */
    public static void main(String[] arguments) throws Exception {
        TlsOptions tls = TlsOptions.server(TestCertificates.server()).protocols("TLSv1.3");
        try (AsyncSockets sockets = AsyncSockets.builder().threads(1).build();
                AsyncServerSocket server =
                        sockets.listen(new InetSocketAddress("127.0.0.1", 0), options -> options.tls(tls))) {
            System.out.println("port " + server.port());
            server.serve(socket -> socket.transferTo(socket)).join();
        }
    }
}
