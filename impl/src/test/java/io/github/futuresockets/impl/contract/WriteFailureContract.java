package io.github.futuresockets.impl.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.CloseReason;
import io.github.futuresockets.codec.Encoder;
import io.github.futuresockets.impl.support.Await;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Clause 16: a failed write ends the connection. */
abstract class WriteFailureContract extends ContractTest {
    private static final IOException BROKEN = new IOException("cannot be written");
    private static final Encoder<Object> ENCODER = message -> {
        throw BROKEN;
    };

    /** Asserts that {@code cause}, or an {@code IOException} around {@code cause}, ended the connection. */
    private void assertEndedBy(Throwable cause) {
        assertFalse(socket.isOpen());
        ClosedChannelException failure = Await.failure(ClosedChannelException.class, socket.readLine());
        assertTrue(failure.getCause() == cause || failure.getCause().getCause() == cause, failure.toString());
        Await.failure(ClosedChannelException.class, socket.write("more"));
        CloseReason reason = Await.value(socket.closed());
        assertEquals(CloseReason.Kind.FAILED, reason.kind());
    }

    @Test
    void clause16_encoderThatThrowsEndsTheConversation() {
        converse();
        assertSame(BROKEN, Await.failure(socket.writeMessage("message", ENCODER)));
        assertEndedBy(BROKEN);
        assertSame(BROKEN, Await.value(socket.closed()).cause());
        peer.awaitOver();
    }

    @Test
    void clause16_encoder_throwsRuntimeException_endsSocket() {
        converse();
        RuntimeException bug = new IllegalStateException("bug");
        assertSame(bug, Await.failure(socket.writeMessage("message", message -> {
            throw bug;
        })));
        assertEndedBy(bug);
        assertSame(bug, Await.value(socket.closed()).cause().getCause());
    }

    @Test
    void clause16_encoderThatGivesNull() {
        converse();
        Throwable failure = Await.failure(socket.writeMessage("message", message -> null));
        assertTrue(failure instanceof NullPointerException, failure.toString());
        assertEndedBy(failure);
    }

    @Test
    void clause16_encoderThrows_readsFirstGiveArrivedBytes() {
        converse();
        peer.send("one\ntwo\nand a half");
        assertEquals("one", Await.value(socket.readLine()));
        assertEquals(14, socket.buffered());
        Await.failure(socket.writeMessage("message", ENCODER));
        assertEquals("two", Await.value(socket.readLine()));
        assertSame(
                BROKEN,
                Await.failure(ClosedChannelException.class, socket.readLine()).getCause());
        assertEquals("and a half", ReadMode.string(Await.value(socket.readExactly(10))));
        assertEndedBy(BROKEN);
    }

    @Test
    void clause16_encoderThrows_bytesInKernelStayReadable() {
        converse();
        peer.send("reply\n");
        Await.value(socket.readable());
        Await.failure(socket.writeMessage("message", ENCODER));
        assertEquals("reply", Await.value(socket.readLine()));
        assertEndedBy(BROKEN);
    }

    @Test
    void clause16_encoderThrows_pendingReadFailsAndKeepsBytes() {
        converse();
        CompletableFuture<ByteBuffer> read = socket.readExactly(10);
        CompletableFuture<Boolean> readable = socket.readable();
        peer.send("abc");
        awaitBuffered(3);
        Await.failure(socket.writeMessage("message", ENCODER));
        assertSame(BROKEN, Await.failure(ClosedChannelException.class, read).getCause());
        Await.until("readable ends", readable::isDone);
        assertEquals("abc", ReadMode.string(Await.value(socket.readExactly(3))));
        assertEndedBy(BROKEN);
    }

    @Test
    void clause16_theQueueLimitEndsTheConversation() {
        converseNarrowly(builder -> builder.writeQueueLimit(5 << 20));
        peer.send("reply\n");
        Await.value(socket.readable());
        CompletableFuture<Void> waiting = socket.write(megabytes(4));
        CompletableFuture<Void> beyond = socket.write(megabytes(4));
        Throwable failure = Await.failure(IOException.class, beyond);
        Await.failure(IOException.class, waiting);
        assertEquals("reply", Await.value(socket.readLine()));
        assertEndedBy(failure);
        peer.awaitOver();
    }

    @Test
    void clause16_writeToAPeerThatHasReset() {
        onlyOverTcp();
        converse();
        CompletableFuture<Boolean> gone = socket.readable();
        peer.reset();
        Await.value(gone);
        CompletableFuture<Void> write = socket.write("anybody?");
        Await.failure(IOException.class, write);
        Await.failure(IOException.class, socket.readLine());
        assertFalse(socket.isOpen());
        Await.value(socket.closed());
    }

    @Test
    void clause16_writesToAPeerThatClosesFailInTheEnd() {
        converse();
        peer.close();
        Throwable failure = null;
        while (failure == null) {
            CompletableFuture<Throwable> outcome = socket.write(new byte[1_000]).handle((done, failed) -> failed);
            failure = Await.value(outcome);
        }
        assertTrue(failure instanceof IOException, failure.toString());
        assertFalse(socket.isOpen());
        CloseReason.Kind kind = Await.value(socket.closed()).kind();
        assertTrue(kind == CloseReason.Kind.RESET || kind == CloseReason.Kind.FAILED, kind.toString());
    }

    private static CompletableFuture<String> ask(AsyncSocket socket, byte[] request) {
        socket.write(request);
        return socket.readLine();
    }

    @RepeatedTest(10)
    void clause16_earlyReplyOfAPeerThatClosesWithoutReadingIsNotLost() {
        converseNarrowly();
        CompletableFuture<String> reply = ask(socket, megabytes(4));
        peer.send("421 busy\r\n").close();
        assertEquals("421 busy", Await.value(reply));
    }

    @RepeatedTest(10)
    void clause16_requestWithoutReplyNeverHangs() {
        converse();
        CompletableFuture<String> reply = ask(socket, megabytes(1));
        peer.close();
        String line = Await.value(reply.exceptionally(failure -> failure instanceof IOException ? "failed" : "wrong"));
        assertTrue(line == null || line.equals("failed"), line);
    }

    @Test
    void clause16_aCancelledWriteEndsNothing() {
        converseNarrowly();
        CompletableFuture<Void> begun = socket.write(megabytes(4));
        CompletableFuture<Void> waiting = socket.write("never");
        peer.read();
        assertTrue(waiting.cancel(false));
        assertTrue(begun.cancel(false));
        assertTrue(socket.isOpen());
        peer.receive((4 << 20) - 1);
        Await.value(socket.write("and on"));
        assertEquals("and on", peer.text(6));
        peer.send("reply\n");
        assertEquals("reply", Await.value(socket.readLine()));
    }

    @Test
    void clause16_anEncoderThatThrowsAfterCloseEndsNothing() {
        converseNarrowly();
        CompletableFuture<Void> queued = socket.write(megabytes(4));
        socket.close();
        CompletableFuture<Void> refused = socket.writeMessage("refused", ENCODER);
        assertTrue(refused.isCompletedExceptionally());
        assertEquals(4 << 20, peer.receiveAll().length);
        Await.value(queued);
        peer.end();
        assertEquals(CloseReason.Kind.CLOSED, Await.value(socket.closed()).kind());
        Await.failure(ClosedChannelException.class, refused);
    }

    @Test
    void clause16_aWriteAfterCloseFailsAlone() {
        converseNarrowly();
        CompletableFuture<Void> queued = socket.write(megabytes(4));
        socket.close();
        Await.failure(ClosedChannelException.class, socket.write("refused"));
        assertEquals(4 << 20, peer.receiveAll().length);
        Await.value(queued);
        peer.end();
        assertEquals(CloseReason.Kind.CLOSED, Await.value(socket.closed()).kind());
    }
}
