package io.github.futuresockets.impl.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncLoop;
import io.github.futuresockets.AsyncScope;
import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.FaultPlan;
import io.github.futuresockets.IncompleteReadException;
import io.github.futuresockets.MemoryNetwork;
import io.github.futuresockets.codec.FrameTooLongException;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Peer;
import io.github.futuresockets.impl.support.Seeds;
import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@link SevenPrograms} without the faults of their originals, over TCP and in memory with single bytes. */
class SevenProgramsTest {
    private static final int CLIENTS = 50;
    private static final int LINES = 5_000;

    /** The buffer size in bytes, less than the size of {@link #LINES} lines. */
    private static final int SMALL = 16_384;

    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private AsyncSockets sockets;
    private AsyncServerSocket server;

    enum Way {
        TCP,
        /** A network in memory, with one byte in each read and each write. */
        BYTE_BY_BYTE
    }

    private void open(Way way) throws IOException {
        if (way == Way.TCP) {
            sockets = AsyncSockets.builder()
                    .threads(2)
                    .option(StandardSocketOptions.SO_SNDBUF, SMALL)
                    .option(StandardSocketOptions.SO_RCVBUF, SMALL)
                    .onError((socket, failure) -> failures.add(failure))
                    .build();
        } else {
            FaultPlan single = FaultPlan.NONE.splitReads(1).splitWrites(1).capacity(SMALL);
            sockets = MemoryNetwork.create(settings -> settings.onError((socket, failure) -> failures.add(failure)))
                    .faults(single, single);
        }
        server = sockets.listen("localhost", 0);
    }

    @AfterEach
    void close() {
        sockets.close();
    }

    private AsyncSocket connect() {
        return Await.value(sockets.connect(server.localAddress()));
    }

    /** Sends all bytes and ends the stream. Returns the received bytes, up to the end of the stream. */
    private CompletableFuture<ByteBuffer> converse(byte[] all) {
        AsyncSocket socket = connect();
        socket.write(all);
        socket.shutdownOutput();
        return socket.readAll(1 << 24).whenComplete((end, failure) -> socket.close());
    }

    private void awaitAllClosed() {
        Await.until(
                () -> "all are closed: " + sockets.stats(),
                () -> sockets.stats().open() == 0);
    }

    private static byte[] ints(int... numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * numbers.length);
        for (int each : numbers) {
            bytes.putInt(each);
        }
        return bytes.array();
    }

    private static byte[] frame(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        return ByteBuffer.allocate(4 + bytes.length)
                .putInt(bytes.length)
                .put(bytes)
                .array();
    }

    private static byte[] join(byte[]... parts) {
        int length = Stream.of(parts).mapToInt(each -> each.length).sum();
        ByteBuffer all = ByteBuffer.allocate(length);
        Stream.of(parts).forEach(all::put);
        return all.array();
    }

    private static <T> List<T> times(int count, Function<Integer, T> make) {
        return IntStream.range(0, count).boxed().map(make).collect(Collectors.toList());
    }

    @ParameterizedTest
    @EnumSource
    void echo_manyClients_returnsEveryByteAndClosesAtEnd(Way way) throws IOException {
        open(way);
        SevenPrograms.Echo.serve(server);
        byte[] sent = Seeds.bytes("echo", way == Way.TCP ? 4 << 20 : 20_000);
        CompletableFuture<ByteBuffer> large = converse(sent);
        List<CompletableFuture<ByteBuffer>> small = times(CLIENTS, i -> converse(("client " + i).getBytes(UTF_8)));
        assertEquals(ByteBuffer.wrap(sent), Await.value(large));
        for (int i = 0; i < CLIENTS; i++) {
            assertEquals(UTF_8.encode("client " + i), Await.value(small.get(i)));
        }
        awaitAllClosed();
        assertEquals(List.of(), List.copyOf(failures));
    }

    @ParameterizedTest
    @EnumSource
    void printer_manyClients_mixesNoLinesAndSplitsNoCharacters(Way way) throws IOException {
        open(way);
        List<String> printed = Collections.synchronizedList(new ArrayList<>());
        SevenPrograms.Printer.serve(server, printed::add);
        Set<String> expected = new TreeSet<>();
        List<CompletableFuture<ByteBuffer>> clients = times(CLIENTS, i -> {
            expected.add("első " + i);
            expected.add("last 😀 " + i);
            return converse(("első " + i + "\r\nlast 😀 " + i).getBytes(UTF_8));
        });
        clients.forEach(Await::value);
        assertEquals(2 * CLIENTS, printed.size());
        assertEquals(expected, new TreeSet<>(printed));
        awaitAllClosed();
    }

    @ParameterizedTest
    @EnumSource
    void messageReader_messagesInPieces_readsEachAndKeepsRest(Way way) throws IOException {
        open(way);
        CompletableFuture<AsyncSocket> accept = server.accept();
        AsyncSocket sender = connect();
        AsyncSocket reader = Await.value(accept);
        sender.write(join(frame("one"), frame(""), frame("zwölf"), new byte[] {0, 0, 0}));
        sender.shutdownOutput();
        assertEquals("one", Await.value(SevenPrograms.MessageReader.read(reader)));
        assertEquals("", Await.value(SevenPrograms.MessageReader.read(reader)));
        assertEquals("zwölf", Await.value(SevenPrograms.MessageReader.read(reader)));
        CompletableFuture<String> cut = SevenPrograms.MessageReader.read(reader);
        assertEquals(
                3, Await.failure(IncompleteReadException.class, cut).partial().remaining());
    }

    @ParameterizedTest
    @EnumSource
    void messageReader_endOrReset_returnsNullOrFails(Way way) throws IOException {
        open(way);
        CompletableFuture<AsyncSocket> accept = server.accept();
        connect().close();
        assertNull(Await.value(SevenPrograms.MessageReader.read(Await.value(accept))));
        CompletableFuture<AsyncSocket> next = server.accept();
        AsyncSocket sender = connect();
        CompletableFuture<String> read = SevenPrograms.MessageReader.read(Await.value(next));
        sender.abort();
        Await.failure(IOException.class, read);
    }

    /**
     * Sends byte by byte from a plain socket, and waits after each byte until the server has read the byte. Returns the
     * received bytes, up to the end of the stream.
     */
    private byte[] dribble(byte[] all) {
        try (Peer peer = Peer.connect(server.localAddress())) {
            for (byte each : all) {
                long read = sockets.stats().traffic().bytesIn();
                peer.send(each);
                Await.until("the byte is read", () -> sockets.stats().traffic().bytesIn() > read);
            }
            return peer.end().receiveAll();
        }
    }

    private static byte[] request(char type, long key, String value) {
        byte[] bytes = value.getBytes(UTF_8);
        return ByteBuffer.allocate(13 + bytes.length)
                .putInt(9 + bytes.length)
                .put((byte) type)
                .putLong(key)
                .put(bytes)
                .array();
    }

    @ParameterizedTest
    @EnumSource
    void store_requestsInPiecesOrTogether_answersEach(Way way) throws IOException {
        open(way);
        new SevenPrograms.Store().serve(server);
        CompletableFuture<ByteBuffer> replies = converse(join(
                request('P', 1, "one"),
                request('P', 2, ""),
                request('G', 1, ""),
                request('G', 2, ""),
                request('G', 3, ""),
                request('G', 1, "")));
        assertEquals(
                ByteBuffer.wrap(join(frame("one"), frame(""), frame("not found"), frame("one"))), Await.value(replies));
        awaitAllClosed();
        assertEquals(List.of(), List.copyOf(failures));
    }

    @ParameterizedTest
    @EnumSource
    void store_hugeLengthOrCutRequest_fails(Way way) throws IOException {
        open(way);
        new SevenPrograms.Store().serve(server);
        AsyncSocket attacker = connect();
        attacker.write(ints(Integer.MAX_VALUE));
        Await.until("refused", () -> failures.size() == 1);
        assertTrue(failures.peek() instanceof FrameTooLongException, () -> "failed with " + failures);
        Await.failure(IOException.class, attacker.readExactly(1));
        failures.clear();
        AsyncSocket cut = connect();
        cut.write(ints(9));
        cut.shutdownOutput();
        Await.until("the end is seen", () -> failures.size() == 1);
        assertTrue(failures.peek() instanceof IncompleteReadException, () -> "failed with " + failures);
    }

    @ParameterizedTest
    @EnumSource
    void bank_manyClients_readsWholeNumbersAndClosesLeavers(Way way) throws IOException {
        open(way);
        new SevenPrograms.Bank().serve(server);
        assertEquals(
                ByteBuffer.wrap(ints(0, 1, 0, 60)),
                Await.value(converse(ints(100, -101, -40, 0))),
                "one after another");
        times(CLIENTS, i -> converse(ints(1, 0))).forEach(Await::value);
        connect().abort();
        awaitAllClosed();
        AsyncSocket cut = connect();
        cut.write(new byte[] {0, 0});
        cut.shutdownOutput();
        Await.until("the end is seen", () -> failures.stream().anyMatch(IncompleteReadException.class::isInstance));
        assertEquals(ByteBuffer.wrap(ints(60 + CLIENTS)), Await.value(converse(ints(0))));
    }

    @ParameterizedTest
    @EnumSource
    void connector_connectRefused_reportsFailure(Way way) throws IOException {
        open(way);
        Await.value(SevenPrograms.Connector.connect(sockets, server.localAddress()))
                .socket()
                .abort();
        server.close();
        Await.until(
                "nobody listens",
                () -> Await.value(SevenPrograms.Connector.connect(sockets, server.localAddress())
                        .handle((connected, failure) -> {
                            if (connected != null) {
                                connected.socket().abort();
                            }
                            return failure instanceof ConnectException;
                        })));
    }

    @ParameterizedTest
    @EnumSource
    void chat_memberNeverReads_othersGetAllLinesInOrder(Way way) throws IOException {
        open(way);
        new SevenPrograms.Chat().serve(server);
        List<AsyncSocket> everyone = times(4, i -> {
            AsyncSocket socket = connect();
            socket.writeLine("here");
            assertEquals("here", Await.value(socket.expectLine()));
            return socket;
        });
        AsyncSocket speaker = everyone.get(0);
        AsyncSocket listener = everyone.get(1);
        AsyncSocket leaves = everyone.get(2);
        AsyncSocket neverReads = everyone.get(3);
        leaves.abort();
        StringBuilder said = new StringBuilder();
        for (int i = 0; i < LINES; i++) {
            said.append("árvíztűrő ").append(i).append('\n');
        }
        speaker.write(said);
        CompletableFuture<Void> everything = AsyncLoop.forEach(speaker::readLine, line -> null);
        for (int i = 2; i < everyone.size(); i++) {
            assertEquals("here", Await.value(listener.expectLine()));
        }
        for (int i = 0; i < LINES; i++) {
            assertEquals("árvíztűrő " + i, Await.value(listener.expectLine()));
        }
        speaker.shutdownOutput();
        Await.value(everything);
        listener.shutdownOutput();
        assertNull(Await.value(listener.readLine()));
        neverReads.abort();
    }

    @Test
    void allPrograms_bytesArriveOneByOne_decodeInput() throws IOException {
        open(Way.TCP);
        SevenPrograms.Echo.serve(server);
        assertArrayEquals("écho".getBytes(UTF_8), dribble("écho".getBytes(UTF_8)));

        server = sockets.listen("localhost", 0);
        List<String> printed = Collections.synchronizedList(new ArrayList<>());
        SevenPrograms.Printer.serve(server, printed::add);
        assertEquals(0, dribble("é\r\n😀".getBytes(UTF_8)).length);
        assertEquals(List.of("é", "😀"), printed);

        server = sockets.listen("localhost", 0);
        new SevenPrograms.Store().serve(server);
        assertArrayEquals(frame("one"), dribble(join(request('P', 1, "one"), request('G', 1, ""))));

        server = sockets.listen("localhost", 0);
        new SevenPrograms.Bank().serve(server);
        assertArrayEquals(ints(0, 100), dribble(ints(100, 0)));

        server = sockets.listen("localhost", 0);
        new SevenPrograms.Chat().serve(server);
        assertArrayEquals("szia\nend\n".getBytes(UTF_8), dribble("szia\nend".getBytes(UTF_8)));

        server = sockets.listen("localhost", 0);
        CompletableFuture<String> read = AsyncScope.using(server.accept(), SevenPrograms.MessageReader::read);
        assertEquals(0, dribble(frame("zwölf")).length);
        assertEquals("zwölf", Await.value(read));
        assertEquals(List.of(), List.copyOf(failures));
    }
}
