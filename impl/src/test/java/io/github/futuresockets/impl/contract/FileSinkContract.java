package io.github.futuresockets.impl.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Background;
import io.github.futuresockets.impl.support.Seeds;
import io.github.futuresockets.impl.support.SlowSink;
import io.github.futuresockets.impl.support.TestFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadPendingException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code transferTo} a file or another channel. */
abstract class FileSinkContract extends ContractTest {
    private static final LongConsumer NOBODY = total -> {};

    private FileChannel file() {
        return closing(TestFiles.of(new byte[0]));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_535, 65_536, 65_537, 5_000_001})
    void transferToFile_receivedBytes_areInFile(int size) throws IOException {
        converse();
        byte[] content = Seeds.bytes("transferTo", size);
        FileChannel file = file();
        CompletableFuture<Void> given = Background.run(() -> peer.send(content).send("rest"));
        assertEquals(size, Await.value(socket.transferTo(file, size, NOBODY)));
        Await.value(given);
        assertArrayEquals(content, TestFiles.content(file));
        assertEquals(size, file.position());
        assertEquals("rest", ReadMode.string(Await.value(socket.readExactly(4))));
        assertEquals(size + 4, socket.stats().bytesIn());
    }

    @Test
    void transferToFile_endOfTheStreamBeforeCountIsNoFailure() {
        converse();
        FileChannel file = file();
        CompletableFuture<Long> transfer = socket.transferTo(file, Long.MAX_VALUE, NOBODY);
        peer.send("abc").end();
        assertEquals(3L, Await.value(transfer));
        assertEquals("abc", new String(TestFiles.content(file), UTF_8));
        assertEquals(0L, Await.value(socket.transferTo(file, 5, NOBODY)));
    }

    @Test
    void transferToFile_beginsWithBufferedBytesAndStopsAtCount() {
        converse();
        FileChannel file = file();
        peer.send("head\n0123456789tail");
        assertEquals("head", Await.value(socket.readLine()));
        assertEquals(10L, Await.value(socket.transferTo(file, 10, NOBODY)));
        assertEquals("0123456789", new String(TestFiles.content(file), UTF_8));
        assertEquals(0L, Await.value(socket.transferTo(file, 0, NOBODY)));
        assertEquals("tail", ReadMode.string(Await.value(socket.readExactly(4))));
    }

    @Test
    void transferToFile_pending_refusesOtherReads() {
        converse();
        CompletableFuture<Long> transfer = socket.transferTo(file(), 3, NOBODY);
        Throwable failure = Await.failure(ReadPendingException.class, socket.readLine());
        assertTrue(String.valueOf(failure.getMessage()).contains("transferTo"), failure.toString());
        peer.send("abc");
        assertEquals(3L, Await.value(transfer));
    }

    @Test
    void transferToFile_progressGrowsToTheWholeOnNoIoThread() {
        converse();
        byte[] content = megabytes(3);
        List<Long> totals = Collections.synchronizedList(new ArrayList<>());
        List<Thread> callers = Collections.synchronizedList(new ArrayList<>());
        CompletableFuture<Boolean> where = socket.transferTo(file(), content.length, total -> {
                    totals.add(total);
                    callers.add(Thread.currentThread());
                })
                .thenApply(count -> isIoThread(Thread.currentThread()));
        peer.send(content);
        assertTrue(Await.value(where));
        FileContract.assertGrows(totals, content.length);
        callers.forEach(each -> assertFalse(threads.made(each), each.toString()));
    }

    @Test
    void transferToFile_cancelled_eachByteIsWrittenOrReadable() {
        converse();
        SlowSink sink = new SlowSink();
        CompletableFuture<Long> transfer = socket.transferTo(sink, 100, NOBODY);
        peer.send("0123456789");
        sink.awaitWriter(1);
        assertTrue(transfer.thenApply(count -> count).cancel(false));
        Await.failure(CancellationException.class, transfer);
        CompletableFuture<String> next = socket.readExactly(6).thenApply(ReadMode::string);
        assertFalse(next.isDone(), "while the channel may take more");
        sink.take(4);
        assertEquals("456789", Await.value(next));
        assertEquals("0123", sink.taken());
        assertTrue(socket.isOpen());
    }

    @Test
    void transferToFile_failureOfTheChannelLosesNothing() {
        converse();
        SlowSink sink = new SlowSink();
        CompletableFuture<Long> transfer = socket.transferTo(sink, 100, NOBODY);
        peer.send("0123456789");
        sink.awaitWriter(1);
        sink.take(4);
        sink.awaitWriter(2);
        IOException cause = new IOException("disk full");
        sink.fail(cause);
        IOException failure = Await.failure(IOException.class, transfer);
        assertSame(cause, failure.getCause());
        String message = String.valueOf(failure.getMessage());
        assertTrue(message.contains("transferTo from " + socket.remoteAddress()), message);
        assertTrue(message.contains("4 bytes moved"), message);
        assertEquals("456789", ReadMode.string(Await.value(socket.readExactly(6))));
        assertTrue(socket.isOpen());
    }

    @Test
    void transferToFile_progressListenerThrows_failsOnlyTransfer() {
        converse();
        RuntimeException cause = new IllegalStateException("listener");
        FileChannel file = file();
        CompletableFuture<Long> transfer = socket.transferTo(file, 3, total -> {
            throw cause;
        });
        peer.send("abcdef");
        assertSame(cause, Await.failure(IOException.class, transfer).getCause());
        assertEquals("abc", new String(TestFiles.content(file), UTF_8));
        assertEquals("def", ReadMode.string(Await.value(socket.readExactly(3))));
    }

    @Test
    void transferToFile_readTimeout_countsOnlyWaitForBytes() {
        converse();
        socket.readTimeout(Duration.ofMillis(50));
        SlowSink sink = new SlowSink();
        CompletableFuture<Long> transfer = socket.transferTo(sink, 100, NOBODY);
        peer.send("abc");
        sink.awaitWriter(1);
        CompletableFuture<Long> later = new CompletableFuture<Long>().completeOnTimeout(0L, 200, TimeUnit.MILLISECONDS);
        Await.value(later);
        assertFalse(transfer.isDone(), "the channel is what is slow");
        sink.take(3);
        Await.failure(SocketTimeoutException.class, transfer);
        assertEquals("abc", sink.taken());
        peer.send("def");
        assertEquals("def", ReadMode.string(Await.value(socket.readExactly(3))));
    }

    @Test
    void transferToFile_timedOutAsAWholeLosesNothing() {
        Random random = Seeds.random("transferTo timeout");
        converse();
        byte[] content = megabytes(8);
        CompletableFuture<Void> given = Background.run(() -> peer.send(content).end());
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (boolean more = true; more; ) {
            FileChannel file = file();
            CompletableFuture<Long> transfer = socket.transferTo(file, Long.MAX_VALUE, NOBODY)
                    .orTimeout(random.nextInt(3_000), TimeUnit.MICROSECONDS);
            Throwable failure = Await.value(transfer.handle((count, failed) -> failed));
            byte[] next = Await.value(socket.readExactly(0)).array();
            assertEquals(0, next.length);
            more = failure != null;
            assertTrue(failure == null || failure instanceof TimeoutException, String.valueOf(failure));
            byte[] one = new byte[0];
            if (more) {
                var read = Await.value(socket.readSome(1));
                one = read == null ? one : read.array();
            }
            whole.writeBytes(TestFiles.content(file));
            whole.writeBytes(one);
        }
        Await.value(given);
        assertArrayEquals(content, whole.toByteArray());
    }

    @Test
    void transferToFile_closeOrAbort_failsWithoutWaitingForChannel() {
        converse();
        CompletableFuture<Long> waiting = socket.transferTo(file(), 3, NOBODY);
        socket.close();
        Await.failure(AsynchronousCloseException.class, waiting);
        connect(0);
        SlowSink sink = new SlowSink();
        CompletableFuture<Long> writing = socket.transferTo(sink, 3, NOBODY);
        peer.send("abc");
        sink.awaitWriter(1);
        socket.abort();
        Await.failure(AsynchronousCloseException.class, writing);
        Await.value(socket.closed());
        sockets.close();
        sink.take(3);
    }

    @Test
    void transferToFile_reset_failsAfterArrivedBytes() {
        onlyOverTcp();
        converse();
        SlowSink sink = new SlowSink();
        CompletableFuture<Long> transfer = socket.transferTo(sink, 100, NOBODY);
        peer.send("abc");
        sink.awaitWriter(1);
        peer.reset();
        sink.take(3);
        IOException failure = Await.failure(IOException.class, transfer);
        assertTrue(String.valueOf(failure.getMessage()).contains("3 bytes moved"), failure.toString());
        assertEquals("abc", sink.taken());
    }

    @Test
    void transferToFile_channelThatTakesNothingIsAskedAgain() {
        converse();
        SlowSink sink = new SlowSink();
        CompletableFuture<Long> transfer = socket.transferTo(sink, 3, NOBODY);
        peer.send("abc");
        for (int count : new int[] {0, 1, 0, 2}) {
            sink.take(count);
        }
        assertEquals(3L, Await.value(transfer));
        assertEquals("abc", sink.taken());
    }

    @Test
    void transferToFile_readsNothingMoreWhileTheChannelIsBusy() {
        converse();
        SlowSink sink = new SlowSink();
        CompletableFuture<Long> transfer = socket.transferTo(sink, Long.MAX_VALUE, NOBODY);
        CompletableFuture<Void> given =
                Background.run(() -> peer.send(megabytes(16)).end());
        sink.awaitWriter(1);
        assertTrue(socket.buffered() <= 128 << 10, "read ahead: " + socket.buffered());
        sink.takeAll();
        assertEquals(16L << 20, Await.value(transfer));
        Await.value(given);
    }

    @Test
    void transferToFile_illegalArgumentsAreRefusedAtOnce() {
        converse();
        FileChannel file = file();
        assertThrows(IllegalArgumentException.class, () -> socket.transferTo(file, -1, NOBODY));
        assertThrows(NullPointerException.class, () -> socket.transferTo(null, 1, NOBODY));
        assertThrows(NullPointerException.class, () -> socket.transferTo(file, 1, null));
    }

    @Test
    void transferToFile_andBack() throws IOException {
        converse();
        byte[] content = Seeds.bytes("and back", 1_000_000);
        FileChannel file = file();
        CompletableFuture<Void> given = Background.run(() -> peer.send(content));
        CompletableFuture<Long> echo = socket.transferTo(file, content.length, NOBODY)
                .thenCompose(count -> {
                    try {
                        return socket.transferFrom(file.position(0), count, NOBODY);
                    } catch (IOException e) {
                        return CompletableFuture.failedFuture(e);
                    }
                });
        byte[] received = peer.receive(content.length);
        assertEquals(content.length, Await.value(echo));
        Await.value(given);
        assertTrue(Arrays.equals(content, received));
    }
}
