package io.github.futuresockets.impl.adversity;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncLoop;
import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.FaultPlan;
import io.github.futuresockets.MemoryNetwork;
import io.github.futuresockets.TlsOptions;
import io.github.futuresockets.impl.TestAccess;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Seeds;
import io.github.futuresockets.impl.support.TestCertificates;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests peers that send no TLS, and peers that send many messages that are expensive to process. */
class TlsFloodTest {
    private static final int FAR_TOO_MANY = 10_000;

    private final List<Throwable> told = new ArrayList<>();
    private final MemoryNetwork network =
            MemoryNetwork.create(settings -> settings.onError((socket, failure) -> told.add(failure)));

    private final List<AsyncSocket> plains = new ArrayList<>();
    private AsyncServerSocket server;
    private CompletableFuture<AsyncSocket> accepted;

    private AsyncSocket plain() throws IOException {
        server = network.listen(
                new InetSocketAddress("127.0.0.1", 0),
                chosen -> chosen.tls(TlsOptions.server(TestCertificates.server())));
        accepted = server.accept();
        AsyncSocket plain = Await.value(network.connect(server.localAddress()));
        plains.add(plain);
        return plain;
    }

    private TlsAttacker attacker(String protocol) throws IOException {
        return new TlsAttacker(plain(), protocol).shakeHands();
    }

    @AfterEach
    void nothingIsLeft() {
        server.close();
        network.advance(Duration.ofMinutes(1));
        plains.forEach(AsyncSocket::abort);
        assertEquals(0, network.stats().open(), "connections are left");
        network.close();
        assertEquals(0, TestAccess.alarms(network), "timers are left");
    }

    private void refused(String why) {
        assertEquals(1, told.size(), () -> "told of " + told);
        Throwable failure = told.remove(0);
        assertInstanceOf(SSLHandshakeException.class, failure);
        assertTrue(failure.getMessage().contains(why), failure.getMessage());
        assertTrue(failure.getMessage().contains("127.0.0.1"), failure.getMessage());
        assertFalse(accepted.isDone());
    }

    @Test
    void handshake_plaintextRequest_isRefused() throws IOException {
        AsyncSocket plain = plain();
        plain.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        refused("plaintext connection");
        assertTrue(Await.value(plain.readSome(100)).get(0) == 21, "an alert (RFC 8446, 6)");
    }

    @Test
    void handshake_garbage_failsOrTimesOut() throws IOException {
        Random random = Seeds.random("garbage");
        for (int i = 0; i < 300; i++) {
            byte[] bytes = new byte[1 + random.nextInt(300)];
            random.nextBytes(bytes);
            if (i % 3 > 0) {
                bytes = new String(new byte[] {22, 3, (byte) (i % 5), 0, (byte) random.nextInt(200)}, US_ASCII)
                        .concat(new String(bytes, US_ASCII))
                        .getBytes(US_ASCII);
            }
            plain().write(bytes);
            network.advance(Duration.ofSeconds(11));
            assertEquals(1, told.size(), () -> "told of " + told);
            assertInstanceOf(IOException.class, told.remove(0));
            assertFalse(accepted.isDone());
            server.close();
        }
    }

    @Test
    void handshake_endlessMessage_isRefusedEarly() throws IOException {
        AsyncSocket plain = plain();
        byte[] record = new byte[5 + 16_000];
        record[0] = 22;
        record[1] = 3;
        record[2] = 3;
        record[3] = (byte) (16_000 >> 8);
        record[4] = (byte) 16_000;
        byte[] first = record.clone();
        first[5] = 1;
        first[6] = (byte) 0xff;
        first[7] = (byte) 0xff;
        first[8] = (byte) 0xff;
        plain.write(first);
        int sent = 1;
        while (told.isEmpty() && sent < 100) {
            plain.write(record);
            sent++;
        }
        assertTrue(sent < 20, sent + " records of 16,000 bytes");
        told.clear();
    }

    @Test
    void keyUpdates_endlessWithoutData_failRead() throws IOException {
        TlsAttacker attacker = attacker("TLSv1.3");
        CompletableFuture<String> line = Await.value(accepted).readLine();
        int sent = 0;
        while (!line.isDone() && sent < FAR_TOO_MANY) {
            attacker.send(attacker.question());
            sent++;
        }
        assertTrue(sent < 1_100, sent + " changes");
        assertTrue(Await.failure(line).getMessage().contains("without a byte of data"));
    }

    /** Each answer waits until the peer reads. A few bytes of data between the key updates must not lift the limit. */
    @Test
    void keyUpdates_answersUnread_failReadDespiteData() throws IOException {
        network.faults(FaultPlan.NONE.capacity(8_000), FaultPlan.NONE);
        TlsAttacker attacker = attacker("TLSv1.3");
        AsyncSocket socket = Await.value(accepted);
        CompletableFuture<Void> reading = AsyncLoop.whileTrue(
                () -> socket.read(ByteBuffer.allocate(1_000)).thenApply(count -> count > 0));
        socket.write(new byte[100_000]);
        int sent = 0;
        while (!reading.isDone() && sent < FAR_TOO_MANY) {
            attacker.send(attacker.question());
            attacker.send(attacker.record((byte) 1, (byte) 2, (byte) 3));
            sent++;
        }
        assertTrue(sent < 500, sent + " changes");
        assertTrue(
                Await.failure(reading).getMessage().contains("does not read the answers"),
                Await.failure(reading).getMessage());
    }

    /** A peer may write everything before its first read. Reads go on, because much data comes with each key update. */
    @Test
    void keyUpdates_muchDataAndNothingRead_areAnsweredEventually() throws IOException {
        network.faults(FaultPlan.NONE.capacity(8_000), FaultPlan.NONE);
        TlsAttacker attacker = attacker("TLSv1.3");
        AsyncSocket socket = Await.value(accepted);
        byte[] large = new byte[100_000];
        Seeds.random("answers").nextBytes(large);
        CompletableFuture<Void> written = socket.write(large);
        for (int i = 0; i < 2_000; i++) {
            attacker.send(attacker.question());
            attacker.send(attacker.record(new byte[1_024]));
            Await.value(socket.readExactly(1_024));
        }
        assertFalse(written.isDone());
        assertArrayEquals(large, attacker.read(large.length));
        Await.value(written);
        socket.write("behind");
        assertEquals("behind", new String(attacker.read(6), US_ASCII));
        socket.abort();
    }

    /** The memory of pending answers is bounded. At the bound, the library stops reading until the peer reads. */
    @Test
    void keyUpdates_endlessAndNothingRead_holdUpPeer() throws IOException {
        network.faults(FaultPlan.NONE.capacity(8_000), FaultPlan.NONE);
        TlsAttacker attacker = attacker("TLSv1.3");
        AsyncSocket socket = Await.value(accepted);
        byte[] large = new byte[20_000];
        socket.write(large);
        int sent = flood(attacker, socket);
        assertTrue(sent > 2_000 && sent < FAR_TOO_MANY, sent + " changes");
        CompletableFuture<ByteBuffer> next = socket.readExactly(1_024);
        assertFalse(next.isDone());
        assertArrayEquals(large, attacker.read(large.length));
        socket.write("behind the answers");
        assertEquals("behind the answers", new String(attacker.read(18), US_ASCII));
        Await.value(next);
        socket.abort();
    }

    @Test
    void keyUpdates_heldUpConnectionAborted_leaveNothing() throws IOException {
        network.faults(FaultPlan.NONE.capacity(8_000), FaultPlan.NONE);
        TlsAttacker attacker = attacker("TLSv1.3");
        AsyncSocket socket = Await.value(accepted);
        socket.write(new byte[20_000]);
        flood(attacker, socket);
        CompletableFuture<ByteBuffer> next = socket.readExactly(1_024);
        socket.abort();
        Await.failure(IOException.class, next);
        Await.value(socket.closed());
    }

    /** Sends key updates with data until a read stays pending. Returns the number of completed reads. */
    private int flood(TlsAttacker attacker, AsyncSocket socket) {
        for (int i = 0; i < FAR_TOO_MANY; i++) {
            attacker.send(attacker.question());
            attacker.send(attacker.record(new byte[1_024]));
            CompletableFuture<ByteBuffer> read = socket.readExactly(1_024);
            if (!read.isDone()) {
                assertTrue(read.cancel(false));
                return i;
            }
            assertFalse(read.isCompletedExceptionally(), read.toString());
        }
        return FAR_TOO_MANY;
    }

    /** A peer that reads may send many key updates, because no answers accumulate. */
    @Test
    void keyUpdates_betweenData_areAnswered() throws IOException {
        TlsAttacker attacker = attacker("TLSv1.3");
        AsyncSocket socket = Await.value(accepted);
        for (int i = 0; i < 500; i++) {
            attacker.send(attacker.question());
            attacker.send(attacker.record((byte) i));
            assertEquals((byte) i, Await.value(socket.readExactly(1)).get());
        }
        socket.abort();
    }

    @Test
    void renegotiation_overTls12_isRefused() throws IOException {
        TlsAttacker attacker = attacker("TLSv1.2");
        CompletableFuture<String> line = Await.value(accepted).readLine();
        attacker.send(attacker.question());
        assertTrue(Await.failure(line).getMessage().contains("renegotiate"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void read_garbledRecord_failsAndAcceptsNoFurtherRecord(String protocol) throws IOException {
        TlsAttacker attacker = attacker(protocol);
        AsyncSocket socket = Await.value(accepted);
        byte[] record = attacker.record("a line\n".getBytes(US_ASCII));
        record[record.length - 1] ^= 1;
        attacker.send(record);
        Throwable failure = Await.failure(socket.readLine());
        assertInstanceOf(IOException.class, failure);
        attacker.send(attacker.record("another one\n".getBytes(US_ASCII)));
        assertEquals(0, socket.buffered());
        assertFalse(socket.isOpen());
    }

    private static long directBuffers() {
        try {
            Object pools = Class.forName("java.lang.management.ManagementFactory")
                    .getMethod("getPlatformMXBeans", Class.class)
                    .invoke(null, Class.forName("java.lang.management.BufferPoolMXBean"));
            long sum = 0;
            for (Object each : (List<?>) pools) {
                sum += (long) Class.forName("java.lang.management.BufferPoolMXBean")
                        .getMethod("getCount")
                        .invoke(each);
            }
            return sum;
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void connections_endedWithinRecord_releaseBuffers() throws IOException {
        long before = 0;
        for (int i = 0; i < 60; i++) {
            TlsAttacker attacker = attacker("TLSv1.3");
            AsyncSocket socket = Await.value(accepted);
            CompletableFuture<String> line = socket.readLine();
            byte[] record = attacker.record(new byte[1_000]);
            attacker.send(Arrays.copyOf(record, 500));
            assertFalse(line.isDone());
            switch (i % 3) {
                case 0 -> socket.abort();
                case 1 -> plains.get(plains.size() - 1).abort();
                default -> {
                    record[600] ^= 1;
                    attacker.send(Arrays.copyOfRange(record, 500, record.length));
                }
            }
            assertTrue(line.isCompletedExceptionally());
            server.close();
            before = i == 20 ? directBuffers() : before;
        }
        // Meanwhile 13 peers are aborted. Each abort returns a buffer on this thread to the stack of all threads.
        assertTrue(directBuffers() <= before + 20, () -> "new buffers all the time: " + directBuffers());
    }
}
