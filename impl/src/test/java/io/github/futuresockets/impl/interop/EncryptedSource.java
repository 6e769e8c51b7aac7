package io.github.futuresockets.impl.interop;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.TlsOptions;
import io.github.futuresockets.impl.support.TestCertificates;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/** A server that sends a file to each client. Prints the port, and serves until the process ends. */
final class EncryptedSource {
    private EncryptedSource() {}

    /** Serves the file whose path is the first argument. */
    public static void main(String[] arguments) throws Exception {
        byte[] content = Files.readAllBytes(Path.of(arguments[0]));
        TlsOptions tls = TlsOptions.server(TestCertificates.server()).protocols("TLSv1.3");
        try (AsyncSockets sockets = AsyncSockets.builder().threads(1).build();
                AsyncServerSocket server =
                        sockets.listen(new InetSocketAddress("127.0.0.1", 0), options -> options.tls(tls))) {
            System.out.println("port " + server.port());
            server.serve(socket -> socket.write(content)).join();
        }
    }
}
