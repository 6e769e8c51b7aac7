package io.github.futuresockets.impl.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Peer;
import java.nio.channels.ReadPendingException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Clause 5 for derived futures. Their cancellation withdraws an operation without other waiters. */
abstract class DerivedCancelContract extends ContractTest {

    private void assertWithdrawn(CompletableFuture<?> read) {
        assertTrue(read.isDone(), "still pending");
        CompletableFuture<String> next = socket.readLine();
        peer.send("next\n");
        assertEquals("next", Await.value(next));
    }

    private void assertStillPending(CompletableFuture<String> read) {
        assertFalse(read.isDone(), "withdrawn");
        Await.failure(ReadPendingException.class, socket.readLine());
        peer.send("for the first\n");
        assertEquals("for the first", Await.value(read));
    }

    @Test
    void clause05_everyKindOfDerivedFutureWithdraws() {
        converse();
        List<Function<CompletableFuture<String>, CompletableFuture<?>>> kinds = List.of(
                read -> read.thenApply(String::length),
                read -> read.thenApplyAsync(String::length),
                read -> read.thenAccept(line -> {}),
                read -> read.thenRun(() -> {}),
                read -> read.handle((line, failure) -> line),
                read -> read.whenComplete((line, failure) -> {}),
                read -> read.exceptionally(failure -> "other"),
                read -> read.exceptionallyCompose(CompletableFuture::failedFuture),
                read -> read.thenCompose(CompletableFuture::completedFuture),
                read -> read.thenCombine(new CompletableFuture<String>(), String::concat),
                read -> read.thenCombine(CompletableFuture.completedFuture("a"), String::concat),
                read -> read.acceptEither(new CompletableFuture<String>(), line -> {}),
                read -> read.thenApply(String::length).thenApply(n -> n + 1).thenAccept(n -> {}),
                read -> CompletableFuture.completedFuture(1)
                        .thenCompose(one -> read)
                        .thenApply(s -> s));
        for (int i = 0; i < kinds.size() - 1; i++) {
            CompletableFuture<String> read = socket.readLine();
            CompletableFuture<?> derived = kinds.get(i).apply(read);
            assertTrue(derived.cancel(false), "kind " + i);
            assertTrue(derived.isCancelled(), "kind " + i);
            assertWithdrawn(read);
        }
        CompletableFuture<String> unseen = socket.readLine();
        assertTrue(kinds.get(kinds.size() - 1).apply(unseen).cancel(false));
        assertStillPending(unseen);
    }

    @Test
    void clause05_timeOutOfADerivedFutureWithdraws() {
        converse();
        CompletableFuture<String> read = socket.readLine();
        Await.failure(TimeoutException.class, read.thenApply(line -> line).orTimeout(20, TimeUnit.MILLISECONDS));
        assertWithdrawn(read);
        CompletableFuture<String> second = socket.readLine();
        CompletableFuture<String> derived = second.thenApply(line -> line);
        assertTrue(derived.complete("enough"));
        assertWithdrawn(second);
    }

    @Test
    void clause05_innerReadOfAComposedStageIsWithdrawn() {
        converse();
        CompletableFuture<CompletableFuture<String>> issued = new CompletableFuture<>();
        CompletableFuture<String> chain = socket.write("request").thenCompose(done -> {
            CompletableFuture<String> inner = socket.readLine();
            issued.complete(inner);
            return inner;
        });
        assertEquals("request", peer.text(7));
        CompletableFuture<String> inner = Await.value(issued);
        assertTrue(chain.cancel(false));
        Await.until("the inner read is withdrawn", inner::isDone);
        CompletableFuture<String> next = socket.readLine();
        peer.send("next\n");
        assertEquals("next", Await.value(next));
    }

    @Test
    void clause05_cancelOfDerivedFuture_otherDerivedFuture_keepsRead() {
        converse();
        CompletableFuture<String> read = socket.readLine();
        CompletableFuture<Integer> one = read.thenApply(String::length);
        CompletableFuture<Integer> other = read.thenApply(String::length);
        assertTrue(one.cancel(false));
        assertStillPending(read);
        assertEquals(13, Await.value(other));
        Await.failure(CancellationException.class, one);
    }

    @Test
    void clause05_theLastDerivedFutureWithdraws() {
        converse();
        CompletableFuture<String> read = socket.readLine();
        CompletableFuture<Integer> one = read.thenApply(String::length);
        CompletableFuture<Integer> other = read.thenApply(String::length);
        assertTrue(one.cancel(false));
        assertFalse(read.isDone());
        assertTrue(other.cancel(false));
        assertWithdrawn(read);
    }

    @Test
    void clause05_cancelOfDerivedFuture_waitingThread_keepsRead() throws Exception {
        converse();
        CompletableFuture<String> read = socket.readLine();
        CompletableFuture<String> joined = new CompletableFuture<>();
        Thread waiter = new Thread(() -> joined.complete(read.join()));
        waiter.start();
        Await.until("a thread in join", () -> waiter.getState() == Thread.State.WAITING);
        assertTrue(read.thenApply(String::length).cancel(false));
        assertStillPending(read);
        assertEquals("for the first", Await.value(joined));
        waiter.join();
    }

    @Test
    void clause05_shieldsReachNothing() {
        converse();
        CompletableFuture<String> read = socket.readLine();
        assertTrue(read.copy().cancel(false));
        assertTrue(read.copy().thenApply(String::length).cancel(false));
        assertTrue(read.minimalCompletionStage().toCompletableFuture().cancel(false));
        assertTrue(CompletableFuture.allOf(read).cancel(false));
        assertTrue(CompletableFuture.anyOf(read).cancel(false));
        CompletableFuture<String> plain = new CompletableFuture<>();
        read.whenComplete((line, failure) -> plain.complete(line));
        assertTrue(plain.cancel(false));
        assertStillPending(read);
    }

    @Test
    void clause05_cancelOfDerivedFuture_allOf_keepsRead() {
        converse();
        CompletableFuture<String> read = socket.readLine();
        CompletableFuture<Void> all = CompletableFuture.allOf(read);
        assertTrue(read.thenApply(String::length).cancel(false));
        assertStillPending(read);
        Await.value(all);
    }

    @Test
    void clause05_laterCancelOfADerivedFutureDropsTheResult() {
        converse();
        CompletableFuture<String> read = socket.readLine();
        CompletableFuture<Integer> derived = read.thenCompose(line -> new CompletableFuture<>());
        peer.send("delivered\nnext\n");
        assertEquals("delivered", Await.value(read));
        assertTrue(derived.cancel(false));
        assertEquals("delivered", Await.value(read));
        assertEquals("next", Await.value(socket.readLine()));
    }

    @Test
    void clause05_cancelOfDerivedFuture_ofAccept_withdrawsAccept() throws Exception {
        open(builder -> builder);
        var listener = listen();
        CompletableFuture<AsyncSocket> accept = listener.accept();
        assertTrue(accept.thenAccept(AsyncSocket::close).cancel(false));
        assertTrue(accept.isDone());
        CompletableFuture<AsyncSocket> next = listener.accept();
        peer = closing(Peer.connect(listener.localAddress()));
        socket = Await.value(next);
        assertEquals(peer.address(), socket.remoteAddress());
    }
}
