package io.github.futuresockets.impl.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Installed;
import io.github.futuresockets.impl.support.Program;
import io.github.futuresockets.impl.support.Seeds;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Half-close over TLS with {@code socat}. Either the library or {@code socat} ends its stream first. */
class SocatTest extends InteropTest {
    private static final int SIZE = 5_000_000;

    private final byte[] bytes = Seeds.bytes("half-closed", SIZE);

    @BeforeEach
    void need() throws Exception {
        Installed.assume("socat");
    }

    @ParameterizedTest
    @CsvSource({"TLS1.2, loop", "TLS1.2, nio2", "TLS1.3, loop", "TLS1.3, nio2"})
    void shutdownOutput_socatAnswersAtEnd_answerArrives(String version, String provider) throws Exception {
        open(provider);
        int port = serve("socat -t60 OPENSSL-LISTEN:PORT,bind=127.0.0.1,reuseaddr,fork,cert=localhost.pem,"
                + "key=localhost.key,verify=0,openssl-max-proto-version=" + version
                + " 'SYSTEM:cat > got; wc -c < got'");
        AsyncSocket socket = connect(port, client());
        socket.write(ByteBuffer.wrap(bytes));
        Await.value(socket.shutdownOutput());
        String count = UTF_8.decode(Await.value(socket.readAll(100))).toString();
        assertEquals(String.valueOf(SIZE), count.strip());
        socket.close();
        assertArrayEquals(bytes, Files.readAllBytes(folder.resolve("got")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"loop", "nio2"})
    void write_afterSocatHalfCloses_answerArrives(String provider) throws Exception {
        open(provider);
        Files.write(folder.resolve("sent"), bytes);
        AsyncServerSocket server = listen(server());
        CompletableFuture<Void> done = server.accept()
                .thenCompose(socket -> socket.readAll(2 * SIZE)
                        .thenCompose(all -> socket.write(all))
                        .whenComplete((end, failure) -> socket.close()));
        Installed client = start("socat -t60 - OPENSSL:127.0.0.1:" + server.port()
                + ",cafile=root.pem,commonname=localhost,openssl-min-proto-version=TLS1.3 < sent > got");
        Await.value(done);
        assertEquals(0, client.awaitEnd(), client.said());
        assertArrayEquals(bytes, Files.readAllBytes(folder.resolve("got")));
        assertNoErrors();
    }

    /** TLS 1.2 has no half-close. After the close_notify of the peer, a write fails. */
    @ParameterizedTest
    @ValueSource(strings = {"loop", "nio2"})
    void write_tls12AfterPeerEnd_failsWithNoHalfClose(String provider) throws Exception {
        open(provider);
        AsyncServerSocket server = listen(server().protocols("TLSv1.2"));
        CompletableFuture<Void> answer = server.accept()
                .thenCompose(socket -> socket.readAll(10_000)
                        .thenCompose(all -> socket.write(all))
                        .whenComplete((end, failure) -> socket.close()));
        start("socat -t60 - OPENSSL:127.0.0.1:" + server.port() + ",verify=0 < root.pem");
        Throwable refused = Await.failure(SSLException.class, answer);
        assertTrue(refused.getMessage().contains("no half-close"), refused.getMessage());
    }

    /** The engine of the library changes its keys after every 256 KiB. The peer answers each KeyUpdate. */
    @Test
    void keyUpdate_startedByServer_losesNoByte() throws Exception {
        Files.write(folder.resolve("sent"), bytes);
        Files.writeString(folder.resolve("limits"), "jdk.tls.keyLimits=AES/GCM/NoPadding KeyUpdate 2^18\n");
        Installed source = start(Path.of(System.getProperty("java.home"), "bin", "java")
                + " -Djava.security.properties=limits -Djavax.net.debug=ssl:handshake -cp " + Program.classPath()
                + " " + EncryptedSource.class.getName() + " sent");
        awaitSaid(source, 1, "port [0-9]+\n");
        String port = source.said().replaceAll("(?s).*?port ([0-9]+)\n.*", "$1");
        Installed client = start("socat -u OPENSSL:127.0.0.1:" + port + ",verify=0 CREATE:got");
        assertEquals(0, client.awaitEnd(), client.said());
        assertArrayEquals(bytes, Files.readAllBytes(folder.resolve("got")));
        awaitSaid(source, 10, "Produced KeyUpdate");
    }
}
