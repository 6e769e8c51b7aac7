package io.github.futuresockets.impl.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncLoop;
import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSocketPair;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.CloseReason;
import io.github.futuresockets.FaultPlan;
import io.github.futuresockets.IncompleteReadException;
import io.github.futuresockets.MemoryNetwork;
import io.github.futuresockets.ShutdownReport;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Seeds;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** Tests sockets in memory. Operations complete at once, a test moves the time, and faults occur as planned. */
class MemoryNetworkTest {
    private static final Duration STAGGER = Duration.ofMillis(250);

    private static <T> T done(CompletableFuture<T> future) {
        assertTrue(future.isDone(), future.toString());
        return future.join();
    }

    @Test
    void pair_operationsCompleteAtOnce() {
        AsyncSocketPair pair = AsyncSocketPair.inMemory();
        CompletableFuture<String> line = pair.right().readLine();
        assertFalse(line.isDone());
        done(pair.left().writeLine("hello"));
        assertEquals("hello", done(line));
        for (int i = 0; i < 100; i++) {
            done(pair.right().writeLine("line " + i));
            assertEquals("line " + i, done(pair.left().readLine()), "also the hundredth in a row");
        }
        done(pair.left().shutdownOutput());
        assertNull(done(pair.right().readLine()));
        CompletableFuture<CloseReason> closed = pair.left().closed();
        pair.close();
        assertEquals(CloseReason.Kind.CLOSED, done(closed).kind());
        assertEquals(CloseReason.Kind.PEER_CLOSED, done(pair.right().closed()).kind());
    }

    @Test
    void writes_bufferSmallerThanBytesInFlight_waitForRoom() throws IOException {
        AsyncSocketPair pair = AsyncSocketPair.inMemory();
        done(pair.left().write(new byte[10_000]));
        pair.right().setOption(StandardSocketOptions.SO_RCVBUF, 100);
        CompletableFuture<Void> more = pair.left().write(new byte[20_000]);
        assertFalse(more.isDone());
        assertEquals(30_000, done(pair.right().readExactly(30_000)).remaining());
        done(more);
        pair.close();
    }

    /** Checks the cost of reads. If every read inspected all arrived writes, the test would take minutes. */
    @Test
    void writes_manyShortInFlight_arriveInOrder() {
        int many = 50_000;
        MemoryNetwork network =
                MemoryNetwork.create().faults(FaultPlan.NONE, FaultPlan.NONE.delay(Duration.ofMillis(1)));
        AsyncSocketPair pair = network.pair();
        for (int i = 0; i < many; i++) {
            done(pair.left().write(new byte[] {(byte) i}));
        }
        CompletableFuture<ByteBuffer> first = pair.right().readExactly(1);
        assertFalse(first.isDone());
        network.advance(Duration.ofMillis(1));
        assertEquals(0, done(first).get(0));
        for (int i = 1; i < many; i++) {
            assertEquals((byte) i, Await.value(pair.right().readExactly(1)).get(0));
        }
        done(pair.left().shutdownOutput());
        CompletableFuture<String> end = pair.right().readLine();
        assertFalse(end.isDone());
        network.advance(Duration.ofMillis(1));
        assertNull(done(end));
    }

    @Test
    void timeout_setBeforeClose_stillFires() {
        MemoryNetwork network = MemoryNetwork.create();
        CompletableFuture<Object> other = new CompletableFuture<>();
        CompletableFuture<Object> late = network.pair()
                .left()
                .readLine()
                .handle((line, failure) -> failure)
                .thenCompose(failure -> other)
                .orTimeout(1, TimeUnit.SECONDS);
        network.close();
        network.advance(Duration.ofMillis(999));
        assertFalse(late.isDone());
        network.advance(Duration.ofMillis(1));
        assertInstanceOf(TimeoutException.class, done(late.handle((value, failure) -> failure)));
    }

    @Test
    void serverAndClient_operationsCompleteAtOnce() throws IOException {
        MemoryNetwork network = MemoryNetwork.create();
        AsyncServerSocket server = network.listen("server.test", 80);
        server.serve(each -> AsyncLoop.forEach(each::readLine, each::writeLine));
        AsyncSocket client = done(network.connect("server.test", 80));
        done(client.writeLine("echo"));
        assertEquals("echo", done(client.readLine()));
        assertEquals(1, network.stats().accepted());
        client.close();
        assertEquals(new ShutdownReport(0, 0), done(network.shutdown(Duration.ZERO)));
        assertEquals(0, network.stats().open());
    }

    @Test
    void networks_areSeparateAndPortsAreExclusive() throws IOException {
        MemoryNetwork network = MemoryNetwork.create();
        AsyncServerSocket server = network.listen("a.test", 80);
        network.listen("b.test", 80).close();
        assertThrows(BindException.class, () -> network.listen("a.test", 80));
        Await.failure(ConnectException.class, MemoryNetwork.create().connect("a.test", 80));
        Await.failure(ConnectException.class, network.connect("b.test", 80));
        done(network.connect("a.test", 80)).abort();
        server.close();
        Await.failure(ConnectException.class, network.connect("a.test", 80));
        network.listen("a.test", 80).close();
    }

    @Test
    void timeouts_timeAdvanced_fireExactlyOnTime() {
        MemoryNetwork network = MemoryNetwork.create(settings -> settings.readTimeout(Duration.ofSeconds(30)));
        AsyncSocketPair pair = network.pair();
        CompletableFuture<String> line = pair.left().readLine();
        CompletableFuture<String> limited = pair.right().readLine().orTimeout(10, TimeUnit.SECONDS);
        network.advance(Duration.ofSeconds(10).minusNanos(1));
        assertFalse(limited.isDone());
        network.advance(Duration.ofNanos(1));
        assertInstanceOf(TimeoutException.class, Await.failure(limited));
        network.advance(Duration.ofSeconds(20).minusNanos(1));
        assertFalse(line.isDone());
        network.advance(Duration.ofNanos(1));
        assertInstanceOf(SocketTimeoutException.class, Await.failure(line));
        done(pair.right().writeLine("later"));
        assertEquals("later", done(pair.left().readLine()), "nothing was lost");
    }

    @Test
    void connect_silentAddress_costsOneStagger() throws Exception {
        InetAddress first = InetAddress.getByName("127.0.0.1");
        InetAddress second = InetAddress.getByName("::1");
        for (int round = 0; round < 1_000; round++) {
            MemoryNetwork network = MemoryNetwork.create(settings -> settings.resolver(host -> List.of(first, second)));
            network.silent(new InetSocketAddress(first, 80)).listen(new InetSocketAddress(second, 80));
            CompletableFuture<AsyncSocket> connect = network.connect("two.test", 80);
            network.advance(STAGGER.minusNanos(1));
            assertFalse(connect.isDone());
            network.advance(Duration.ofNanos(1));
            assertEquals(new InetSocketAddress(second, 80), done(connect).remoteAddress());
            assertEquals(1, network.stats().open(), "no other socket is left");
        }
    }

    @Test
    void delay_ofFaultPlan_arrivesExactlyOnTime() {
        MemoryNetwork network = MemoryNetwork.create()
                .faults(FaultPlan.NONE.delay(Duration.ofMillis(20)), FaultPlan.NONE.delay(Duration.ofMillis(30)));
        AsyncSocketPair pair = network.pair();
        CompletableFuture<String> request = pair.right().readLine();
        CompletableFuture<String> reply = pair.left().readLine();
        request.thenCompose(pair.right()::writeLine);
        done(pair.left().writeLine("ping"));
        network.advance(Duration.ofMillis(30).minusNanos(1));
        assertFalse(request.isDone());
        network.advance(Duration.ofNanos(1));
        assertEquals("ping", done(request));
        network.advance(Duration.ofMillis(19));
        assertFalse(reply.isDone());
        network.advance(Duration.ofMillis(1));
        assertEquals("ping", done(reply));
        pair.left().shutdownOutput();
        CompletableFuture<String> end = pair.right().readLine();
        assertFalse(end.isDone(), "the end is on its way too");
        network.advance(Duration.ofMillis(30));
        assertNull(done(end));
    }

    @Test
    void cut_atEveryOffset_messageArrivesWhole() {
        byte[] message = "\0\0\0\7payload".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        for (int cut = 0; cut <= message.length; cut++) {
            try (AsyncSocketPair pair = AsyncSocketPair.inMemory(FaultPlan.NONE, FaultPlan.NONE.cutAt(cut))) {
                done(pair.left().write(message));
                CompletableFuture<ByteBuffer> some = pair.right().readSome(100);
                int first = cut == 0 ? message.length : cut;
                assertEquals(first, done(some).remaining());
                assertEquals(
                        message.length - first,
                        done(pair.right().readExactly(message.length - first)).remaining());
            }
        }
    }

    @Test
    void splits_sameSeed_areRepeatable() {
        long seed = Seeds.random("splits").nextLong() | 1;
        List<Integer> pieces = pieces(seed);
        assertEquals(pieces, pieces(seed));
        assertTrue(pieces.size() > 100, pieces.toString());
        assertNotEquals(pieces, pieces(seed + 1));
    }

    private static List<Integer> pieces(long seed) {
        byte[] bytes = new byte[10_000];
        new Random(seed).nextBytes(bytes);
        FaultPlan plan = FaultPlan.NONE.splitReads(64).splitWrites(32).seed(seed);
        List<Integer> pieces = new ArrayList<>();
        ByteBuffer all = ByteBuffer.allocate(bytes.length);
        try (AsyncSocketPair pair = AsyncSocketPair.inMemory(FaultPlan.NONE, plan)) {
            CompletableFuture<Void> written = pair.left().write(bytes);
            while (all.hasRemaining()) {
                ByteBuffer some = done(pair.right().readSome(100));
                pieces.add(some.remaining());
                all.put(some);
            }
            done(written);
        }
        assertArrayEquals(bytes, all.array());
        return pieces;
    }

    @Test
    void write_beyondCapacity_waitsForRoom() {
        FaultPlan narrow = FaultPlan.NONE.capacity(100);
        try (AsyncSocketPair pair = AsyncSocketPair.inMemory(narrow, narrow)) {
            CompletableFuture<Void> written = pair.left().write(new byte[1_000]);
            assertFalse(written.isDone());
            assertEquals(900, pair.left().stats().pendingWriteBytes());
            done(pair.right().readExactly(700));
            assertFalse(written.isDone());
            done(pair.right().readExactly(300));
            done(written);
        }
    }

    @Test
    void resetAfter_endsBothDirectionsAfterBytes() {
        AsyncSocketPair pair = AsyncSocketPair.inMemory(FaultPlan.NONE, FaultPlan.NONE.resetAfter(5));
        pair.left().write("12345678");
        assertEquals(5, done(pair.right().readExactly(5)).remaining());
        Await.failure(IOException.class, pair.right().readExactly(1));
        Await.failure(IOException.class, pair.left().readExactly(1));
        assertEquals(CloseReason.Kind.RESET, done(pair.right().closed()).kind());
        assertEquals(CloseReason.Kind.RESET, done(pair.left().closed()).kind());
    }

    @Test
    void stallAfter_readTimesOutAndSocketStaysOpen() {
        MemoryNetwork network = MemoryNetwork.create().faults(FaultPlan.NONE, FaultPlan.NONE.stallAfter(5));
        AsyncSocketPair pair = network.pair();
        pair.right().readTimeout(Duration.ofSeconds(1));
        done(pair.left().write("12345678"));
        CompletableFuture<ByteBuffer> read = pair.right().readExactly(8);
        network.advance(Duration.ofSeconds(1));
        Await.failure(SocketTimeoutException.class, read);
        assertEquals(5, done(pair.right().readSome(8)).remaining());
        assertTrue(pair.right().isOpen());
    }

    @Test
    void endAfter_withinMessage_failsIncompleteRead() {
        AsyncSocketPair pair = AsyncSocketPair.inMemory(FaultPlan.NONE, FaultPlan.NONE.endAfter(5));
        done(pair.left().write("12345678"));
        IncompleteReadException cut =
                Await.failure(IncompleteReadException.class, pair.right().readExactly(8));
        assertEquals(5, cut.partial().remaining());
        done(pair.right().writeLine("still there"));
        assertEquals("still there", done(pair.left().readLine()), "the other direction goes on");
    }

    @Test
    void advance_networkInRealTime_throws() {
        try (AsyncSockets sockets = AsyncSockets.builder().provider("memory").build()) {
            assertThrows(IllegalStateException.class, () -> ((MemoryNetwork) sockets).advance(Duration.ofSeconds(1)));
        }
        assertThrows(
                IllegalArgumentException.class, () -> MemoryNetwork.create().advance(Duration.ofSeconds(-1)));
    }
}
