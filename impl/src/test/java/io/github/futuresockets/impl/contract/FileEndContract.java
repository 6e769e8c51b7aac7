package io.github.futuresockets.impl.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.CloseReason;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Background;
import io.github.futuresockets.impl.support.Peer;
import io.github.futuresockets.impl.support.Seeds;
import io.github.futuresockets.impl.support.SlowSource;
import io.github.futuresockets.impl.support.TestFiles;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;

/** {@code transferFrom}, ended early by a cancellation, a failure, a close, an abort, a reset or a time-out. */
abstract class FileEndContract extends ContractTest {
    private static final LongConsumer NOBODY = total -> {};

    private final byte[] big = megabytes(8);

    private FileChannel file() {
        return closing(TestFiles.of(big));
    }

    /** Starts a transfer. Some bytes are sent, and the rest stays pending while the peer reads nothing. */
    private CompletableFuture<Long> begun(FileChannel file) {
        CompletableFuture<Long> transfer = socket.transferFrom(file, Long.MAX_VALUE, NOBODY);
        assertEquals(big[0], (byte) peer.read());
        assertFalse(transfer.isDone(), "the kernel took " + big.length + " bytes");
        return transfer;
    }

    @Test
    void clause06_transferCancelled_beforeFirstByte_nextWriteProceeds() {
        converse();
        SlowSource source = new SlowSource();
        CompletableFuture<Long> transfer = socket.transferFrom(source, 100, NOBODY);
        source.awaitReader(1);
        CompletableFuture<Void> next = socket.write("next");
        CompletableFuture<Long> file = socket.transferFrom(closing(TestFiles.of(new byte[1])), 1, NOBODY);
        assertTrue(transfer.thenApply(count -> count).cancel(false), "by a derived future");
        assertEquals("next", peer.text(4));
        assertEquals(0, peer.read());
        Await.value(next);
        Await.value(file);
        Await.failure(CancellationException.class, transfer);
        source.give((byte) 'x');
        Await.value(socket.write("behind"));
        assertEquals("behind", peer.text(6));
    }

    @Test
    void clause06_transferCancelledInTheMiddleAbortsTheSocket() {
        converseNarrowly();
        CompletableFuture<Long> transfer = begun(file());
        CompletableFuture<Void> behind = socket.write("behind");
        assertTrue(transfer.cancel(false));
        Await.failure(CancellationException.class, transfer);
        Await.failure(AsynchronousCloseException.class, behind);
        assertEquals(CloseReason.Kind.ABORTED, Await.value(socket.closed()).kind());
        peer.awaitOver();
    }

    @Test
    void transferFrom_cancelAgainstSendingNeverTearsTheStream() throws IOException {
        Random random = Seeds.random("transferFrom cancel");
        open(builder -> builder);
        byte[] content = new byte[200_000];
        for (int i = 0; i < content.length; i++) {
            content[i] = 1;
        }
        for (int round = 0; round < 60; round++) {
            connect(0);
            CompletableFuture<byte[]> received = Background.call(peer::receiveAll);
            try (FileChannel file = TestFiles.of(content)) {
                CompletableFuture<Long> transfer = socket.transferFrom(file, content.length, NOBODY);
                socket.write(new byte[] {2});
                for (int spin = random.nextInt(20_000); spin > 0; spin--) {
                    Thread.onSpinWait();
                }
                boolean cancelled = transfer.cancel(false);
                socket.close();
                byte[] stream = Await.value(received.exceptionally(reset -> new byte[0]));
                peer.close();
                if (Await.value(socket.closed()).kind() == CloseReason.Kind.ABORTED) {
                    assertTrue(cancelled, "aborted without a cancel");
                    continue;
                }
                assertEquals(2, stream[stream.length - 1], "round " + round);
                boolean whole = stream.length == content.length + 1;
                assertTrue(whole || stream.length == 1, "torn: " + stream.length);
                assertTrue(cancelled || whole, "lost: round " + round);
                assertEquals(stream.length - 1, file.position());
            }
        }
    }

    @Test
    void transferFrom_failureOfTheSourceEndsTheConversationAndIsNamed() {
        converse();
        SlowSource source = new SlowSource();
        CompletableFuture<Long> transfer = socket.transferFrom(source, 100, NOBODY);
        CompletableFuture<Void> behind = socket.write("behind");
        source.give("abc".getBytes(UTF_8));
        assertEquals("abc", peer.text(3));
        IOException cause = new IOException("no such sector: reset it");
        source.fail(cause);
        IOException failure = Await.failure(IOException.class, transfer);
        assertSame(cause, failure.getCause());
        String message = String.valueOf(failure.getMessage());
        assertTrue(message.contains("transferFrom to " + socket.remoteAddress()), message);
        assertTrue(message.contains("3 of 100 bytes"), message);
        Await.failure(IOException.class, behind);
        CloseReason reason = Await.value(socket.closed());
        assertEquals(CloseReason.Kind.FAILED, reason.kind());
        assertSame(failure, reason.cause());
    }

    @Test
    void transferFrom_sourceThrows_fails() {
        converse();
        SlowSource source = new SlowSource();
        RuntimeException cause = new IllegalStateException("broken");
        source.fail(cause);
        assertSame(
                cause,
                Await.failure(IOException.class, socket.transferFrom(source, 100, NOBODY))
                        .getCause());
    }

    @Test
    void transferFrom_fileClosedMeanwhile_fails() throws IOException {
        converseNarrowly();
        FileChannel file = file();
        CompletableFuture<Long> transfer = begun(file);
        file.close();
        CompletableFuture<Void> reading = Background.run(peer::awaitOver);
        IOException failure = Await.failure(IOException.class, transfer);
        assertTrue(failure.getCause() instanceof ClosedChannelException, failure.toString());
        assertEquals(CloseReason.Kind.FAILED, Await.value(socket.closed()).kind());
        Await.value(reading);
    }

    @Test
    void transferFrom_progressListenerThrows_failsOnlyThatSocket() {
        converse();
        RuntimeException cause = new IllegalStateException("listener");
        CompletableFuture<Long> transfer = socket.transferFrom(file(), big.length, total -> {
            throw cause;
        });
        CompletableFuture<Void> reading = Background.run(peer::awaitOver);
        assertSame(cause, Await.failure(IOException.class, transfer).getCause());
        Await.value(socket.closed());
        Await.value(reading);
        connect(0);
        Await.value(socket.write("on"));
        assertEquals("on", peer.text(2));
    }

    @Test
    void transferFrom_afterCloseOrHalfCloseIsRefused() throws IOException {
        converse();
        Await.value(socket.shutdownOutput());
        FileChannel file = file();
        Await.failure(ClosedChannelException.class, socket.transferFrom(file, 1, NOBODY));
        assertTrue(socket.isOpen());
        socket.close();
        Throwable failure = Await.failure(ClosedChannelException.class, socket.transferFrom(file, 1, NOBODY));
        assertTrue(String.valueOf(failure.getMessage()).contains("transferFrom"), failure.toString());
        assertEquals(0, file.position());
    }

    @Test
    void transferFrom_closeWaitsForTheWholeFile() {
        converseNarrowly();
        CompletableFuture<Long> transfer = begun(file());
        socket.close();
        peer.receive(big.length - 1);
        assertEquals(-1, peer.read());
        assertEquals(big.length, Await.value(transfer));
        peer.close();
        Await.value(socket.closed());
    }

    @Test
    void transferFrom_abortDoesNotWaitForASourceThatHangs() {
        converse();
        SlowSource source = new SlowSource();
        CompletableFuture<Long> transfer = socket.transferFrom(source, 100, NOBODY);
        source.awaitReader(1);
        socket.abort();
        Await.failure(AsynchronousCloseException.class, transfer);
        Await.value(socket.closed());
        sockets.close();
        source.give((byte) 1);
    }

    @Test
    void transferFrom_abortWhileSending_affectsNoOtherSocket() {
        onlyOverTheKernel();
        open(builder -> builder);
        Random random = Seeds.random("transferFrom abort");
        FileChannel file = closing(TestFiles.of(new byte[8 << 20]));
        for (int round = 0; round < 100; round++) {
            connect(0);
            AsyncSocket aborted = socket;
            Peer peerOfAborted = peer;
            CompletableFuture<Void> reading = Background.run(peerOfAborted::awaitOver);
            CompletableFuture<Long> transfer = aborted.transferFrom(file, Long.MAX_VALUE, NOBODY);
            CompletableFuture<Void> abort = Background.run(() -> {
                for (int spin = random.nextInt(20_000); spin > 0; spin--) {
                    Thread.onSpinWait();
                }
                aborted.abort();
            });
            while (!reading.isDone()) {
                connect(0);
                Await.value(socket.write("next"));
                assertEquals("next", peer.text(4), "round " + round);
                socket.abort();
                peer.close();
            }
            Await.value(abort);
            Await.value(transfer.handle((count, failure) -> true));
            Await.value(aborted.closed());
            peerOfAborted.close();
        }
    }

    @Test
    void transferFrom_reset_fails() {
        onlyOverTcp();
        converseNarrowly();
        CompletableFuture<Long> transfer = begun(file());
        peer.reset();
        IOException failure = Await.failure(IOException.class, transfer);
        assertTrue(String.valueOf(failure.getMessage()).contains("transferFrom to"), failure.toString());
        assertTrue(String.valueOf(failure.getMessage()).contains("bytes moved"), failure.toString());
        assertEquals(CloseReason.Kind.RESET, Await.value(socket.closed()).kind());
    }

    @Test
    void transferFrom_isUnderTheWriteTimeout() {
        converseNarrowly(builder -> builder.writeTimeout(Duration.ofMillis(100)));
        Await.failure(SocketTimeoutException.class, begun(file()));
        assertEquals(CloseReason.Kind.TIMED_OUT, Await.value(socket.closed()).kind());
    }
}
