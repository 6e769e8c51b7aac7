package io.github.futuresockets.impl.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.impl.support.Await;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** {@code readable}, a waiter for a byte or for the end of the stream. No byte is taken. */
abstract class ReadableContract extends ContractTest {

    @Test
    void readable_waitsForAByteAndTakesNothing() {
        converse();
        CompletableFuture<Boolean> readable = socket.readable();
        assertFalse(readable.isDone());
        peer.send("abc");
        assertEquals(true, Await.value(readable));
        assertEquals(true, Await.value(socket.readable()));
        assertEquals("abc", ReadMode.string(Await.value(socket.readExactly(3))));
        assertFalse(socket.readable().isDone());
    }

    @Test
    void readable_isDoneAtOnceWhenBytesWereReadAhead() {
        converse();
        peer.send("head\ntail");
        assertEquals("head", Await.value(socket.readLine()));
        assertTrue(socket.readable().isDone());
    }

    @Test
    void readable_anyNumberMayWait() {
        converse();
        List<CompletableFuture<Boolean>> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            all.add(socket.readable());
        }
        assertTrue(all.remove(50).cancel(false));
        assertTrue(all.remove(0).complete(false));
        peer.send("x");
        for (CompletableFuture<Boolean> each : all) {
            assertEquals(true, Await.value(each));
        }
    }

    @Test
    void readable_besideRead_waitsForRemainingByte() {
        converse();
        CompletableFuture<Boolean> before = socket.readable();
        CompletableFuture<String> read = socket.readLine();
        CompletableFuture<Boolean> behind = socket.readable();
        peer.send("whole\n");
        assertEquals("whole", Await.value(read));
        assertFalse(before.isDone(), "the read was served first and left nothing");
        assertFalse(behind.isDone(), "the read was served first and left nothing");
        CompletableFuture<String> second = socket.readLine();
        peer.send("line\nleft");
        assertEquals("line", Await.value(second));
        assertEquals(true, Await.value(before));
        assertEquals(true, Await.value(behind));
        assertEquals("left", ReadMode.string(Await.value(socket.readExactly(4))));
    }

    @Test
    void readable_goesOnWaitingBehindAReadThatLeftNothing() {
        converse();
        CompletableFuture<String> read = socket.readLine();
        CompletableFuture<Boolean> readable = socket.readable();
        peer.send("whole\n");
        assertEquals("whole", Await.value(read));
        peer.send("x");
        assertEquals(true, Await.value(readable));
    }

    @Test
    void readable_goesOnWaitingBehindAReadThatTookTheRest() {
        converse(builder -> builder.threads(1));
        CompletableFuture<Boolean> readable = new CompletableFuture<>();
        CompletableFuture<String> both = socket.readLine().thenCompose(one -> {
            CompletableFuture<Boolean> beside = socket.readLine().thenCompose(two -> socket.readable());
            beside.thenAccept(readable::complete);
            return CompletableFuture.completedFuture(one);
        });
        peer.send("one\ntwo\n");
        assertEquals("one", Await.value(both));
        peer.send("x");
        assertEquals(true, Await.value(readable));
    }

    @Test
    void readable_concurrentReadCancelled_goesOnWaiting() {
        converse();
        CompletableFuture<String> read = socket.readLine();
        CompletableFuture<Boolean> readable = socket.readable();
        peer.send("left");
        awaitBuffered(4);
        assertFalse(readable.isDone(), "the read is served first");
        assertTrue(read.cancel(false));
        assertEquals(true, Await.value(readable));
        assertEquals("left", ReadMode.string(Await.value(socket.readExactly(4))));
    }

    @Test
    void readable_concurrentReadTimesOut_goesOnWaiting() {
        converse();
        CompletableFuture<String> read = socket.readLine();
        CompletableFuture<Boolean> readable = socket.readable();
        peer.send("left");
        awaitBuffered(4);
        socket.readTimeout(Duration.ofMillis(20));
        Await.failure(SocketTimeoutException.class, read);
        assertEquals(true, Await.value(readable));
        assertEquals("left", ReadMode.string(Await.value(socket.readExactly(4))));
    }

    @Test
    void readable_falseAtTheEndOfTheStream() {
        converse();
        CompletableFuture<Boolean> readable = socket.readable();
        peer.end();
        assertEquals(false, Await.value(readable));
        assertEquals(false, Await.value(socket.readable()));
        assertTrue(socket.isOpen());
    }

    @Test
    void readable_trueWhileBytesWaitBeforeTheEnd() {
        converse();
        peer.send("last").end();
        assertEquals(true, Await.value(socket.readable()));
        assertEquals("last", ReadMode.string(Await.value(socket.readAll(10))));
        assertEquals(false, Await.value(socket.readable()));
    }

    @Test
    void readable_watchOfAPoolSeesThePeerGo() {
        converse();
        Await.value(socket.write("request"));
        assertEquals("request", peer.text(7));
        peer.send("reply\n");
        assertEquals("reply", Await.value(socket.readLine()));
        CompletableFuture<Void> evicted = socket.readable().thenAccept(is -> socket.close());
        peer.close();
        Await.value(evicted);
        Await.value(socket.closed());
    }

    @Test
    void readable_neverFails() {
        converse();
        CompletableFuture<Boolean> readable = socket.readable();
        socket.close();
        assertEquals(false, Await.value(readable));
        assertEquals(false, Await.value(socket.readable()));
    }
}
