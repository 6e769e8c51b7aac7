package io.github.futuresockets.impl.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Peer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clause 5 for the read's own future. A cancellation or a time-out loses no byte. */
abstract class CancelReadContract extends ContractTest {

    @ParameterizedTest
    @EnumSource
    void clause05_cancelledBeforeTheFirstByte(ReadMode mode) {
        converse();
        CompletableFuture<?> read = mode.start(socket).future();
        assertTrue(read.cancel(false));
        assertTrue(read.isCancelled());
        ReadMode.Reading next = mode.start(socket);
        peer.send(ReadMode.MESSAGE);
        assertEquals(ReadMode.MESSAGE, next.text());
        Await.failure(CancellationException.class, read);
    }

    @ParameterizedTest
    @EnumSource
    void clause05_cancelledReadLosesNoByte(ReadMode mode) {
        converse();
        for (int cut = 1; cut < ReadMode.LENGTH; cut++) {
            CompletableFuture<?> read = mode.start(socket).future();
            peer.send(ReadMode.MESSAGE.substring(0, cut));
            awaitBuffered(cut);
            assertTrue(read.cancel(true));
            assertEquals(cut, socket.buffered());
            ReadMode.Reading next = mode.start(socket);
            peer.send(ReadMode.MESSAGE.substring(cut));
            assertEquals(ReadMode.MESSAGE, next.text(), "cancelled after " + cut);
        }
    }

    @Test
    void clause05_cancelledRead_leavesCallersBufferUnchanged() {
        converse();
        ByteBuffer dst = ByteBuffer.allocate(8).position(1).limit(7);
        CompletableFuture<Void> fully = socket.readFully(dst);
        peer.send("abc");
        awaitBuffered(3);
        assertTrue(fully.cancel(false));
        assertEquals("abc", ReadMode.string(Await.value(socket.readExactly(3))));
        CompletableFuture<Integer> read = socket.read(dst);
        assertTrue(read.cancel(false));
        peer.send("def");
        assertEquals("def", ReadMode.string(Await.value(socket.readExactly(3))));
        assertEquals(ByteBuffer.allocate(8).position(1).limit(7), dst);
        assertEquals(1, dst.position());
        assertEquals(7, dst.limit());
    }

    @Test
    void clause05_readAllAndTransferAreLosslessToo() {
        converse();
        CompletableFuture<ByteBuffer> all = socket.readAll(100);
        peer.send("abc");
        awaitBuffered(3);
        assertTrue(all.cancel(false));
        CompletableFuture<Long> transfer = socket.transferTo(socket);
        assertEquals("abc", peer.text(3));
        assertTrue(transfer.cancel(false));
        peer.send("def").end();
        assertEquals("def", ReadMode.string(Await.value(socket.readAll(100))));
    }

    @Test
    void clause05_completingAndTimingOutWithdrawToo() {
        converse();
        CompletableFuture<String> completed = socket.readLine();
        assertTrue(completed.complete("forged"));
        assertEquals("forged", Await.value(completed));
        CompletableFuture<String> failed = socket.readLine();
        IOException why = new IOException("enough");
        assertTrue(failed.completeExceptionally(why));
        assertSame(why, Await.failure(failed));
        CompletableFuture<String> async = socket.readLine().completeAsync(() -> "async");
        assertEquals("async", Await.value(async));
        CompletableFuture<String> late = socket.readLine().orTimeout(20, TimeUnit.MILLISECONDS);
        Await.failure(TimeoutException.class, late);
        CompletableFuture<String> given = socket.readLine().completeOnTimeout("given", 20, TimeUnit.MILLISECONDS);
        assertEquals("given", Await.value(given));
        CompletableFuture<String> last = socket.readLine();
        peer.send("true line\n");
        assertEquals("true line", Await.value(last));
    }

    @Test
    void clause05_timedOutReadKeepsThePartThatCame() {
        converse();
        CompletableFuture<String> read = socket.readLine();
        peer.send("first ");
        awaitBuffered(6);
        Await.failure(TimeoutException.class, read.orTimeout(20, TimeUnit.MILLISECONDS));
        peer.send("half\n");
        assertEquals("first half", Await.value(socket.readLine()));
    }

    @Test
    void clause05_nextRead_inDependentOfCancelledRead_succeeds() {
        converse();
        CompletableFuture<String> read = socket.readLine();
        CompletableFuture<String> next = read.exceptionallyCompose(failure -> socket.readLine());
        assertTrue(read.cancel(false));
        peer.send("next\n");
        assertEquals("next", Await.value(next));
    }

    @Test
    void clause05_deliveredResultCannotBeTakenBack() {
        converse();
        CompletableFuture<String> read = socket.readLine();
        peer.send("delivered\n");
        assertEquals("delivered", Await.value(read));
        assertFalse(read.cancel(false));
        assertFalse(read.complete("forged"));
        assertFalse(read.completeExceptionally(new IOException()));
        assertFalse(read.isCancelled());
        assertEquals("delivered", Await.value(read.orTimeout(1, TimeUnit.NANOSECONDS)));
        CompletableFuture<Boolean> inCallback = new CompletableFuture<>();
        CompletableFuture<String> second = socket.readLine();
        second.whenComplete((line, failure) -> inCallback.complete(second.cancel(false)));
        peer.send("second\n");
        assertEquals(false, Await.value(inCallback), "while it is being delivered");
        assertEquals("second", Await.value(second));
    }

    @RepeatedTest(3)
    void clause05_cancelAgainstArrivalConservesEveryByte() throws Exception {
        converse();
        CountDownLatch[] start = new CountDownLatch[200];
        Arrays.setAll(start, i -> new CountDownLatch(1));
        Peer sender = peer;
        Thread sending = new Thread(() -> {
            for (int i = 0; i < start.length; i++) {
                try {
                    start[i].await();
                } catch (InterruptedException e) {
                    return;
                }
                sender.send((byte) i);
            }
        });
        sending.start();
        int won = 0;
        for (int i = 0; i < start.length; i++) {
            ByteBuffer dst = ByteBuffer.allocate(1);
            CompletableFuture<Void> read = socket.readFully(dst);
            start[i].countDown();
            for (int spin = 0; spin < i * 40; spin++) {
                Thread.onSpinWait();
            }
            if (read.cancel(false)) {
                assertEquals(1, dst.remaining(), "a withdrawn read does not touch its buffer");
                won++;
                Await.value(socket.readFully(dst));
            } else {
                Await.value(read);
            }
            assertEquals((byte) i, dst.get(0));
        }
        sending.join();
        System.out.println("cancel won " + won + " of " + start.length);
    }

    @Test
    void clause05_cancel_readableOrRead_withdrawsNoOtherFuture() {
        converse();
        CompletableFuture<Boolean> one = socket.readable();
        CompletableFuture<Boolean> other = socket.readable();
        CompletableFuture<String> read = socket.readLine();
        assertTrue(one.cancel(false));
        assertFalse(other.isDone());
        assertTrue(read.cancel(false));
        assertFalse(other.isDone());
        peer.send("here\n");
        assertEquals(true, Await.value(other));
        assertEquals("here", Await.value(socket.readLine()));
    }
}
