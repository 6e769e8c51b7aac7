package io.github.futuresockets.impl.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.CloseReason;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Background;
import io.github.futuresockets.impl.support.Peer;
import io.github.futuresockets.impl.support.Seeds;
import io.github.futuresockets.impl.support.SlowSource;
import io.github.futuresockets.impl.support.TestFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The content, order and progress of {@code transferFrom}, and its refused arguments. */
abstract class FileContract extends ContractTest {
    static final LongConsumer NOBODY = total -> {};

    final FileChannel file(byte[] content) {
        return closing(TestFiles.of(content));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_535, 65_536, 65_537, 5_000_001})
    void transferFrom_file_arrivesUnchanged(int size) throws IOException {
        converse();
        byte[] content = Seeds.bytes("transferFrom", size);
        FileChannel file = file(content);
        CompletableFuture<Long> transfer = socket.transferFrom(file, size, NOBODY);
        assertArrayEquals(content, peer.receive(size));
        assertEquals(size, Await.value(transfer));
        assertEquals(size, file.position());
        assertTrue(file.isOpen());
        assertEquals(size, socket.stats().bytesOut());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_535, 65_536, 65_537, 5_000_001})
    void transferFrom_otherChannel_arrivesUnchanged(int size) {
        converse();
        byte[] content = Seeds.bytes("transferFrom", size);
        CompletableFuture<Long> transfer =
                socket.transferFrom(Channels.newChannel(new ByteArrayInputStream(content)), Long.MAX_VALUE, NOBODY);
        assertArrayEquals(content, peer.receive(size));
        assertEquals(size, Await.value(transfer));
        assertEquals(size, socket.stats().bytesOut());
    }

    @Test
    void transferFrom_betweenWrites_keepsOrder() throws IOException {
        converse();
        byte[] content = Seeds.bytes("turn", 1_000_000);
        FileChannel file = file(content);
        CompletableFuture<Void> before = socket.write("before");
        CompletableFuture<Long> first = socket.transferFrom(file, 600_000, NOBODY);
        CompletableFuture<Void> between = socket.write("between");
        CompletableFuture<Long> second = socket.transferFrom(file, Long.MAX_VALUE, NOBODY);
        CompletableFuture<Void> after = socket.write("after");
        CompletableFuture<Void> end = socket.shutdownOutput();
        assertEquals("before", peer.text(6));
        assertArrayEquals(Arrays.copyOf(content, 600_000), peer.receive(600_000));
        assertEquals("between", peer.text(7));
        assertArrayEquals(Arrays.copyOfRange(content, 600_000, 1_000_000), peer.receive(400_000));
        assertEquals("after", peer.textToEnd());
        assertEquals(600_000L, Await.value(first));
        assertEquals(400_000L, Await.value(second));
        Await.value(CompletableFuture.allOf(before, between, after, end));
    }

    @Test
    void transferFrom_manyFilesAndWritesByManyThreadsStayWhole() {
        converse();
        int writers = 4;
        int each = 40;
        int size = 70_000;
        CompletableFuture<byte[]> received = Background.call(peer::receiveAll);
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < writers; i++) {
            byte[] content = new byte[size];
            Arrays.fill(content, (byte) (i + 1));
            FileChannel file = file(content);
            all.add(Background.run(() -> {
                for (int k = 0; k < each; k++) {
                    if (k % 2 == 0) {
                        try {
                            file.position(0);
                        } catch (IOException e) {
                            throw new AssertionError(e);
                        }
                        Await.value(socket.transferFrom(file, size, NOBODY));
                    } else {
                        Await.value(socket.write(content));
                    }
                }
            }));
        }
        all.forEach(Await::value);
        socket.close();
        byte[] stream = Await.value(received);
        assertEquals(writers * each * size, stream.length);
        for (int at = 0; at < stream.length; at += size) {
            for (int i = at; i < at + size; i++) {
                assertEquals(stream[at], stream[i], "torn at " + i);
            }
        }
    }

    @Test
    void transferFrom_file_isReadFromPositionUpToCount() throws IOException {
        converse();
        FileChannel file = file("0123456789".getBytes(UTF_8)).position(3);
        assertEquals(4L, Await.value(socket.transferFrom(file, 4, NOBODY)));
        assertEquals(7, file.position());
        assertEquals("3456", peer.text(4));
        assertEquals(3L, Await.value(socket.transferFrom(file, 100, NOBODY)), "the end comes early");
        assertEquals("789", peer.text(3));
        assertEquals(10, file.position());
        assertEquals(0L, Await.value(socket.transferFrom(file.position(50), 100, NOBODY)), "behind the end");
        assertEquals(50, file.position());
        Await.value(socket.write("on"));
        assertEquals("on", peer.text(2));
    }

    @Test
    void transferFrom_endOfTheSourceBeforeCountIsNoFailure() {
        converse();
        SlowSource source = new SlowSource();
        CompletableFuture<Long> transfer = socket.transferFrom(source, 100, NOBODY);
        source.give("abc".getBytes(UTF_8));
        assertEquals("abc", peer.text(3));
        source.end();
        assertEquals(3L, Await.value(transfer));
        assertTrue(socket.isOpen());
    }

    @Test
    void transferFrom_takesNoMoreThanCountFromAnyChannel() throws IOException {
        converse();
        ByteArrayInputStream in = new ByteArrayInputStream("0123456789".getBytes(UTF_8));
        assertEquals(4L, Await.value(socket.transferFrom(Channels.newChannel(in), 4, NOBODY)));
        assertEquals("0123", peer.text(4));
        assertEquals('4', in.read());
    }

    @Test
    void transferFrom_nothingDoesNotTouchTheSource() {
        converse();
        SlowSource source = new SlowSource();
        assertEquals(0L, Await.value(socket.transferFrom(source, 0, NOBODY)));
        assertEquals("", source.thread());
    }

    @Test
    void transferFrom_progressGrowsToTheWholeOnNoIoThread() {
        converse();
        byte[] content = megabytes(3);
        List<Long> totals = Collections.synchronizedList(new ArrayList<>());
        List<Thread> callers = Collections.synchronizedList(new ArrayList<>());
        CompletableFuture<byte[]> received = Background.call(() -> peer.receive(2 * content.length));
        LongConsumer progress = total -> {
            totals.add(total);
            callers.add(Thread.currentThread());
        };
        Await.value(socket.transferFrom(file(content), content.length, progress));
        assertGrows(totals, content.length);
        totals.clear();
        Await.value(
                socket.transferFrom(Channels.newChannel(new ByteArrayInputStream(content)), content.length, progress));
        assertGrows(totals, content.length);
        callers.forEach(each -> assertFalse(threads.made(each), each.toString()));
        assertArrayEquals(content, Arrays.copyOf(Await.value(received), content.length));
    }

    static void assertGrows(List<Long> totals, long whole) {
        long last = 0;
        for (long each : totals) {
            assertTrue(each > last, totals.toString());
            last = each;
        }
        assertEquals(whole, last);
    }

    @Test
    void transferFrom_futureIsCompletedLikeAnyOther() {
        converse();
        SlowSource before = new SlowSource();
        socket.transferFrom(before, 1, NOBODY);
        CompletableFuture<Boolean> where = socket.transferFrom(file(megabytes(1)), 1 << 20, NOBODY)
                .thenApply(count -> isIoThread(Thread.currentThread()));
        before.give((byte) 1);
        peer.receive(1 + (1 << 20));
        assertTrue(Await.value(where));
    }

    @Test
    void transferFrom_slowSource_doesNotDelayOtherSockets() {
        converse();
        AsyncSocket held = socket;
        Peer heldPeer = peer;
        List<SlowSource> sources = new ArrayList<>();
        List<CompletableFuture<Long>> transfers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            connect(0);
            sources.add(new SlowSource());
            transfers.add(socket.transferFrom(sources.get(i), 1, NOBODY));
        }
        SlowSource last = new SlowSource();
        CompletableFuture<Long> transfer = held.transferFrom(last, 1, NOBODY);
        last.awaitReader(1);
        connect(0);
        for (int i = 0; i < 50; i++) {
            Await.value(socket.write("ping"));
            assertEquals("ping", peer.text(4));
            assertEquals(1L, Await.value(socket.transferFrom(file(new byte[1]), 1, NOBODY)));
            assertEquals(0, peer.read());
        }
        last.give((byte) 7);
        assertEquals(7, heldPeer.read());
        assertEquals(1L, Await.value(transfer));
        sources.forEach(source -> source.give((byte) 1));
        transfers.forEach(Await::value);
    }

    @Test
    void transferFrom_peerDoesNotRead_doesNotDelayOtherSockets() {
        converseNarrowly();
        byte[] content = megabytes(4);
        List<Peer> peers = new ArrayList<>();
        List<CompletableFuture<Long>> transfers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            connect(16_384);
            peers.add(peer);
            transfers.add(socket.transferFrom(file(content), content.length, NOBODY));
            assertEquals(content[0], (byte) peer.read());
        }
        connect(0);
        CompletableFuture<Long> transfer = socket.transferFrom(file(content), content.length, NOBODY);
        assertArrayEquals(content, peer.receive(content.length));
        assertEquals(content.length, Await.value(transfer));
        for (int i = 0; i < 8; i++) {
            assertFalse(transfers.get(i).isDone(), "narrow");
            peers.get(i).receive(content.length - 1);
            Await.value(transfers.get(i));
        }
    }

    @Test
    void transferFrom_isNotCountedToTheQueueLimit() {
        converseNarrowly(builder -> builder.writeQueueLimit(1_000));
        byte[] content = megabytes(4);
        CompletableFuture<Long> first = socket.transferFrom(file(content), content.length, NOBODY);
        CompletableFuture<Long> second =
                socket.transferFrom(Channels.newChannel(new ByteArrayInputStream(content)), content.length, NOBODY);
        CompletableFuture<Void> third = socket.write(new byte[1_000]);
        Await.value(socket.writable());
        assertArrayEquals(content, peer.receive(content.length));
        assertArrayEquals(content, peer.receive(content.length));
        peer.receive(1_000);
        assertEquals(content.length, Await.value(first));
        assertEquals(content.length, Await.value(second));
        Await.value(third);
    }

    @Test
    void transferFrom_channelThatDoesNotBlockIsAskedAgain() throws IOException {
        converse();
        Pipe pipe = Pipe.open();
        closing(pipe.sink());
        closing(pipe.source()).configureBlocking(false);
        CompletableFuture<Long> transfer = socket.transferFrom(pipe.source(), 6, NOBODY);
        pipe.sink().write(UTF_8.encode("abc"));
        assertEquals("abc", peer.text(3));
        pipe.sink().write(UTF_8.encode("def"));
        assertEquals("def", peer.text(3));
        assertEquals(6L, Await.value(transfer));
    }

    @Test
    void transferFrom_illegalArgumentsAreRefusedAtOnce() {
        converse();
        FileChannel file = file(new byte[1]);
        assertThrows(IllegalArgumentException.class, () -> socket.transferFrom(file, -1, NOBODY));
        assertThrows(NullPointerException.class, () -> socket.transferFrom(null, 1, NOBODY));
        assertThrows(NullPointerException.class, () -> socket.transferFrom(file, 1, null));
    }

    @Test
    void transferFrom_unreadableFile_fails() throws IOException {
        converse();
        Path path = Files.createTempFile("futuresockets", ".bin");
        FileChannel file =
                closing(FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE));
        file.write(UTF_8.encode("abc"), 0);
        IOException failure = Await.failure(IOException.class, socket.transferFrom(file, 3, NOBODY));
        assertTrue(failure.getCause() instanceof NonReadableChannelException, failure.toString());
        CloseReason reason = Await.value(socket.closed());
        assertEquals(CloseReason.Kind.FAILED, reason.kind());
    }

    @Test
    void clause06_transferNotBegunIsTakenBackWithoutATrace() throws IOException {
        converseNarrowly();
        byte[] big = megabytes(2);
        CompletableFuture<Void> first = socket.write(big);
        FileChannel file = file(big);
        CompletableFuture<Long> second = socket.transferFrom(file, big.length, NOBODY);
        CompletableFuture<Void> third = socket.write("third");
        assertTrue(second.cancel(false));
        Await.failure(CancellationException.class, second);
        peer.receive(big.length);
        assertEquals("third", peer.text(5));
        Await.value(first);
        Await.value(third);
        assertEquals(0, file.position());
        assertTrue(socket.isOpen());
    }
}
