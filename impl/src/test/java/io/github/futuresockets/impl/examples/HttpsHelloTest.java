package io.github.futuresockets.impl.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Installed;
import io.github.futuresockets.impl.support.TestCertificates;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@link HttpsHello} with {@code curl} as the client. */
class HttpsHelloTest {
    @TempDir
    private Path folder;

    private AsyncSockets sockets;
    private AsyncServerSocket server;

    @BeforeEach
    void open() throws Exception {
        Installed.assume("curl");
        TestCertificates.root().writePem(folder.resolve("root.pem"), folder.resolve("root.key"));
        sockets = AsyncSockets.builder().threads(2).build();
        InetSocketAddress any = new InetSocketAddress("127.0.0.1", 0);
        server = HttpsHello.serve(sockets, any, TestCertificates.server());
    }

    @AfterEach
    void close() {
        if (sockets != null) {
            sockets.close();
        }
    }

    private String curl(String arguments) throws IOException {
        String said = Installed.run(
                folder,
                "curl -sS --noproxy '*' --cacert root.pem "
                        + arguments.replace("URL", "https://127.0.0.1:" + server.port() + "/")
                        + " 2> complaints; echo status $?");
        Await.until("the conversation is over", () -> sockets.stats().open() == 0);
        return said;
    }

    @ParameterizedTest
    @CsvSource({
        "--tls-max 1.2, TLSv1.2",
        "--tlsv1.3, TLSv1.3",
        "--http1.1, TLSv1.3",
        "--no-alpn, TLSv1.3",
    })
    void serve_curlWithTlsVersionOrAlpnOption_isAnswered(String options, String version) throws Exception {
        assertEquals("Hello over " + version + "\nstatus 0\n", curl(options + " URL"));
    }

    @Test
    void serve_hundredRequestsInSequence_useOneConnection() throws Exception {
        String all = curl("URL[1-100] -w '%{num_connects}\\n'");
        assertTrue(all.startsWith("Hello over TLSv1.3\n1\n"), all);
        assertEquals("Hello over TLSv1.3\n1\n" + "Hello over TLSv1.3\n0\n".repeat(99) + "status 0\n", all);
    }

    @Test
    void serve_parallelRequests_areAllAnswered() throws Exception {
        String all = curl("--parallel --parallel-immediate --no-sessionid URL[1-50]");
        assertEquals("Hello over TLSv1.3\n".repeat(50) + "status 0\n", all);
    }

    @Test
    void serve_afterClientRejectsCertificate_answersNextClient() throws Exception {
        TestCertificates.authority("nobody").writePem(folder.resolve("nobody.pem"), folder.resolve("nobody.key"));
        assertEquals("status 60\n", curl("--cacert nobody.pem URL"));
        assertEquals("Hello over TLSv1.3\nstatus 0\n", curl("URL"));
    }

    @Test
    void serve_plainHttpClient_isNotAnsweredButNextClientIs() throws Exception {
        String plain = curl("http://127.0.0.1:" + server.port() + "/");
        assertTrue(plain.matches("(?s).*status (52|56|1)\n"), plain);
        assertEquals("Hello over TLSv1.3\nstatus 0\n", curl("URL"));
    }
}
