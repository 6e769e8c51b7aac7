package io.github.futuresockets.impl.adversity;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.MemoryNetwork;
import io.github.futuresockets.ShutdownReport;
import io.github.futuresockets.TlsOptions;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.TestCertificates;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Tests a shutdown at each byte of a TLS record. An incomplete record counts as a pending message until its decryption.
 */
class TlsBoundaryTest {
    private static final Duration GRACE = Duration.ofMinutes(1);

    private final MemoryNetwork network = MemoryNetwork.create();
    private AsyncServerSocket server;
    private AsyncSocket plain;
    private AsyncSocket socket;

    private TlsAttacker attacker(String protocol) throws IOException {
        server = network.listen(
                new InetSocketAddress("127.0.0.1", 0),
                chosen -> chosen.tls(TlsOptions.server(TestCertificates.server())));
        CompletableFuture<AsyncSocket> accepted = server.accept();
        plain = Await.value(network.connect(server.localAddress()));
        TlsAttacker attacker = new TlsAttacker(plain, protocol).shakeHands();
        socket = Await.value(accepted);
        return attacker;
    }

    /** Closes both ends and asserts that the shutdown is done. */
    private void end(CompletableFuture<ShutdownReport> report) {
        socket.close();
        plain.close();
        network.advance(Duration.ofSeconds(20));
        assertTrue(report.isDone(), report.toString());
    }

    @AfterEach
    void close() {
        network.close();
    }

    @Test
    void shutdown_withinARecordOfData_theMessageIsRead() throws IOException {
        for (String protocol : new String[] {"TLSv1.3", "TLSv1.2"}) {
            byte[] record = attacker(protocol).record("a line\n".getBytes(US_ASCII));
            for (int cut = 1; cut < record.length; cut++) {
                record = attacker(protocol).record("a line\n".getBytes(US_ASCII));
                plain.write(Arrays.copyOf(record, cut));
                CompletableFuture<String> line = socket.readLine();
                CompletableFuture<ShutdownReport> report = server.shutdown(GRACE);
                assertFalse(line.isDone(), "ended behind " + cut + " bytes of a record");
                plain.write(Arrays.copyOfRange(record, cut, record.length));
                assertEquals("a line", Await.value(line));
                assertNull(Await.value(socket.readLine()));
                end(report);
            }
        }
    }

    @Test
    void shutdown_withinARecordWithoutData_theEndComesBehindIt() throws IOException {
        byte[] record = attacker("TLSv1.3").question();
        for (int cut = 1; cut < record.length; cut++) {
            record = attacker("TLSv1.3").question();
            plain.write(Arrays.copyOf(record, cut));
            CompletableFuture<String> line = socket.readLine();
            CompletableFuture<ShutdownReport> report = server.shutdown(GRACE);
            assertFalse(line.isDone(), "ended behind " + cut + " bytes of a record");
            plain.write(Arrays.copyOfRange(record, cut, record.length));
            assertTrue(line.isDone(), "nothing is under way any more");
            assertNull(Await.value(line));
            end(report);
        }
    }

    @Test
    void shutdown_aRecordThatNeverEnds_isAbortedInTheEnd() throws IOException {
        byte[] record = attacker("TLSv1.3").record("a line\n".getBytes(US_ASCII));
        plain.write(Arrays.copyOf(record, 10));
        CompletableFuture<String> line = socket.readLine();
        CompletableFuture<ShutdownReport> report = server.shutdown(GRACE);
        network.advance(GRACE);
        assertEquals(new ShutdownReport(0, 1), Await.value(report));
        Await.failure(IOException.class, line);
    }
}
