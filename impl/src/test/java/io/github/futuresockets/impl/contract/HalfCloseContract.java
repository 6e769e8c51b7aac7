package io.github.futuresockets.impl.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.CloseReason;
import io.github.futuresockets.IncompleteReadException;
import io.github.futuresockets.impl.support.Await;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Clause 14: a half-close by either end of the connection. */
abstract class HalfCloseContract extends ContractTest {

    @Test
    void clause14_halfCloseEndsTheStreamBehindTheQueuedWrites() {
        converseNarrowly();
        byte[] big = megabytes(4);
        CompletableFuture<Void> write = socket.write(big);
        CompletableFuture<Void> end = socket.shutdownOutput();
        assertFalse(end.isDone(), "before its turn");
        assertArrayEquals(big, peer.receiveAll());
        Await.value(write);
        Await.value(end);
    }

    @Test
    void clause14_readingGoesOnAfterHalfClose() {
        onlyWhereOneEndMayGoOn();
        converse();
        CompletableFuture<String> pending = socket.readLine();
        Await.value(socket.shutdownOutput());
        assertEquals(-1, peer.read());
        assertTrue(socket.isOpen());
        assertFalse(pending.isDone());
        peer.send("answer\nanother\n").end();
        assertEquals("answer", Await.value(pending));
        assertEquals("another", Await.value(socket.readLine()));
        assertNull(Await.value(socket.readLine()));
    }

    @Test
    void clause14_halfCloseIsIdempotent() {
        converseNarrowly();
        CompletableFuture<Void> write = socket.write(megabytes(4));
        CompletableFuture<Void> first = socket.shutdownOutput();
        CompletableFuture<Void> second = socket.shutdownOutput();
        assertFalse(second.isDone(), "completes with the first");
        peer.receiveAll();
        Await.value(write);
        Await.value(first);
        Await.value(second);
        Await.value(socket.shutdownOutput());
    }

    @Test
    void shutdownOutput_cancelOfTheSecondCallDoesNotTakeBackTheFirst() {
        converseNarrowly();
        CompletableFuture<Void> write = socket.write(megabytes(4));
        CompletableFuture<Void> first = socket.shutdownOutput();
        CompletableFuture<Void> second = socket.shutdownOutput();
        assertTrue(second.cancel(false));
        peer.receiveAll();
        Await.value(write);
        Await.value(first);
    }

    @Test
    void clause16_writeAfterHalfCloseFailsAlone() {
        converse();
        socket.shutdownOutput();
        ByteBuffer src = ByteBuffer.allocate(3);
        Await.failure(ClosedChannelException.class, socket.write(src));
        assertEquals(0, src.position());
        Await.failure(ClosedChannelException.class, socket.writable());
        assertTrue(socket.isOpen());
        assertFalse(socket.closed().isDone());
        peer.send("still here\n");
        assertEquals("still here", Await.value(socket.readLine()));
    }

    @Test
    void clause14_closeAfterBothHalves() {
        converse();
        Await.value(socket.shutdownOutput());
        peer.end();
        assertNull(Await.value(socket.readLine()));
        assertTrue(socket.isOpen(), "it is closed by close alone");
        socket.close();
        assertEquals(CloseReason.Kind.PEER_CLOSED, Await.value(socket.closed()).kind());
    }

    @Test
    void shutdownInput_readsGiveBufferedBytesThenEnd() {
        converse();
        peer.send("one\ntwo\nrest");
        assertEquals("one", Await.value(socket.readLine()));
        socket.shutdownInput();
        socket.shutdownInput();
        assertEquals("two", Await.value(socket.readLine()));
        assertEquals("rest", Await.value(socket.readLine()));
        assertNull(Await.value(socket.readLine()));
        assertEquals(-1, Await.value(socket.read(ByteBuffer.allocate(1))));
        assertEquals(false, Await.value(socket.readable()));
        Await.failure(IncompleteReadException.class, socket.readExactly(1));
    }

    @Test
    void shutdownInput_endsAPendingRead() {
        open(builder -> builder);
        connect(0);
        CompletableFuture<String> line = socket.readLine();
        CompletableFuture<Boolean> readable = socket.readable();
        socket.shutdownInput();
        assertNull(Await.value(line));
        assertEquals(false, Await.value(readable));
        connect(0);
        CompletableFuture<ByteBuffer> exact = socket.readExactly(5);
        peer.send("abc");
        awaitBuffered(3);
        socket.shutdownInput();
        IncompleteReadException failure = Await.failure(IncompleteReadException.class, exact);
        assertEquals("abc", ReadMode.string(failure.partial()));
        assertEquals("abc", ReadMode.string(Await.value(socket.readSome(5))));
    }

    @Test
    void shutdownInput_thePeerIsToldNothingAndWritingGoesOn() {
        converse();
        socket.shutdownInput();
        peer.send("into the void");
        Await.value(socket.write("going on"));
        assertEquals("going on", peer.text(8));
        peer.send("once more");
        assertTrue(socket.isOpen());
        Await.value(socket.write("!"));
        assertEquals("!", peer.text(1));
        socket.close();
        assertEquals(-1, peer.read());
        peer.end();
        Await.value(socket.closed());
    }

    @Test
    void shutdownInput_readLoop_endsNormally() {
        converse();
        CompletableFuture<Integer> loop = echo(0);
        peer.send("a\nb\n");
        assertEquals("a\nb\n", peer.text(4));
        socket.shutdownInput();
        assertEquals(2, Await.value(loop));
    }

    private CompletableFuture<Integer> echo(int turns) {
        return socket.readLine()
                .thenCompose(line -> line == null
                        ? CompletableFuture.completedFuture(turns)
                        : socket.writeLine(line).thenCompose(done -> echo(turns + 1)));
    }
}
