package io.github.futuresockets.impl.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncLoop;
import io.github.futuresockets.AsyncScope;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Background;
import io.github.futuresockets.impl.support.Peer;
import io.github.futuresockets.impl.support.PeerServer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Clause 10: the thread of each completion, and the calls allowed on an I/O thread. */
abstract class ThreadsContract extends ContractTest {

    @Test
    void clause10_operationThatEndsLaterIsCompletedByAnIoThread() {
        converse();
        AtomicReference<Thread> where = new AtomicReference<>();
        CompletableFuture<String> read = socket.readLine();
        CompletableFuture<Void> dependent = read.thenAccept(line -> where.set(Thread.currentThread()));
        peer.send("line\n");
        Await.value(dependent);
        assertTrue(isIoThread(where.get()), "on " + where.get());
    }

    @Test
    void clause10_operationThatCanBeDoneAtOnceIsCompletedByTheCaller() {
        converse();
        peer.send("one\ntwo\n");
        Await.value(socket.readLine());
        AtomicReference<Thread> where = new AtomicReference<>();
        CompletableFuture<String> two = socket.readLine();
        assertTrue(two.isDone());
        two.thenRun(() -> where.set(Thread.currentThread()));
        assertSame(Thread.currentThread(), where.get());
    }

    @Test
    void clause10_cancelledOperationIsCompletedByTheCanceller() {
        converse();
        AtomicReference<Thread> where = new AtomicReference<>();
        CompletableFuture<String> read = socket.readLine();
        read.whenComplete((line, failure) -> where.set(Thread.currentThread()));
        read.cancel(false);
        assertSame(Thread.currentThread(), where.get());
    }

    @Test
    void clause10_waitingOnAnIoThreadThrowsAtOnceAndSaysWhy() {
        converse();
        onIoThread(() -> {
            CompletableFuture<String> read = socket.readLine();
            List<Consumer<CompletableFuture<?>>> ways =
                    List.of(CompletableFuture::join, future -> get(future, false), future -> get(future, true));
            for (Consumer<CompletableFuture<?>> way : ways) {
                for (CompletableFuture<?> future : List.of(
                        read,
                        read.thenApply(String::length),
                        read.copy(),
                        AsyncScope.all(read.copy()),
                        AsyncScope.race(new CompletableFuture<>(), read.copy()),
                        AsyncLoop.forEach(List.of(read.copy()), 2, each -> each),
                        socket.closed(),
                        socket.readable())) {
                    String message = assertThrows(IllegalStateException.class, () -> way.accept(future))
                            .getMessage();
                    assertTrue(message.contains("I/O thread"), message);
                }
            }
            String message =
                    assertThrows(IllegalStateException.class, read::join).getMessage();
            assertTrue(message.contains("readLine"), message);
        });
        peer.send("line\n");
        Await.until("the read ends", () -> socket.buffered() == 0 && socket.isOpen());
    }

    @Test
    void clause10_compositionsThatBeginWithForeignStagesRefuseToo() {
        converse();
        CompletableFuture<Object> foreign = CompletableFuture.completedFuture("foreign");
        CompletableFuture<AutoCloseable> resource = CompletableFuture.completedFuture(() -> {});
        onIoThread(() -> {
            List<Supplier<CompletableFuture<?>>> compositions = List.of(
                    () -> AsyncScope.using(resource, none -> socket.readLine()),
                    () -> AsyncScope.orClose(resource, none -> socket.readLine()),
                    () -> AsyncLoop.forEach(List.of(1, 2), 1, turn -> turn == 1 ? null : socket.readLine()),
                    () -> AsyncLoop.forEach(List.of(1, 2), 2, turn -> turn == 1 ? foreign : socket.readLine()),
                    () -> AsyncLoop.forEach(() -> foreign, item -> socket.readLine()),
                    () -> AsyncScope.all(foreign, socket.readLine()),
                    () -> AsyncScope.race(new CompletableFuture<>(), socket.readLine()));
            for (Supplier<CompletableFuture<?>> each : compositions) {
                CompletableFuture<?> composition = each.get();
                CompletableFuture<?> derived = composition.thenApply(value -> value);
                assertThrows(IllegalStateException.class, composition::join);
                assertThrows(IllegalStateException.class, derived::join);
                assertTrue(derived.cancel(false));
            }
        });
    }

    @Test
    void clause10_composition_learnsSocketsFromLaterStage() {
        converse();
        CompletableFuture<AsyncSocket> later = new CompletableFuture<>();
        CompletableFuture<String> line = AsyncScope.orClose(later, AsyncSocket::readLine);
        CompletableFuture<String> derived = line.thenApply(value -> value);
        onIoThread(() -> {
            later.complete(socket);
            assertThrows(IllegalStateException.class, derived::join);
            assertThrows(IllegalStateException.class, line::join);
        });
        peer.send("line\n");
        assertEquals("line", Await.value(derived));
    }

    private static void get(CompletableFuture<?> future, boolean timed) {
        try {
            if (timed) {
                future.get(1, TimeUnit.SECONDS);
            } else {
                future.get();
            }
        } catch (IllegalStateException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void clause10_waitingForADoneFutureOnAnIoThreadIsFine() {
        converse();
        onIoThread(() -> {
            assertEquals(null, socket.writable().join());
            assertEquals(0, socket.readExactly(0).get(1, TimeUnit.SECONDS).remaining());
        });
    }

    @Test
    void clause10_waitingForOtherSocketsOnAnIoThreadIsFine() {
        converse();
        AsyncSockets others = closing(builder().threads(1).build());
        onIoThread(() -> {
            AsyncSocket other;
            try (var server = new PeerServer()) {
                other = others.connect(server.address()).get(10, TimeUnit.SECONDS);
                try (var itsPeer = server.accept()) {
                    itsPeer.send("line\n");
                    assertEquals("line", other.readLine().join());
                }
            }
        });
    }

    @Test
    void clause10_callbackThrows_failsOnlyDerivedFuture() {
        converse();
        for (Throwable thrown : new Throwable[] {
            new IllegalStateException("callback"), new Exception("sneaky"), new AssertionError("error")
        }) {
            CompletableFuture<String> read = socket.readLine();
            CompletableFuture<Object> broken = read.thenApply(line -> sneak(thrown));
            CompletableFuture<Integer> sibling = read.thenApply(String::length);
            CompletableFuture<String> observed = read.whenComplete((line, failure) -> sneak(thrown));
            peer.send("line\n");
            assertSame(thrown, Await.failure(broken));
            assertSame(thrown, Await.failure(observed));
            assertEquals(4, Await.value(sibling));
            assertEquals("line", Await.value(read));
        }
        assertTrue(socket.isOpen());
        onIoThread(() -> assertTrue(socket.isOpen()));
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> Object sneak(Throwable thrown) throws E {
        throw (E) thrown;
    }

    @Test
    void clause10_noLockIsHeldWhileADependentRuns() {
        converse();
        CompletableFuture<String> read = socket.readLine();
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        CompletableFuture<Void> dependent = read.thenRun(() -> {
            inside.countDown();
            try {
                assertTrue(leave.await(20, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        CompletableFuture<Peer> sent = Background.call(() -> peer.send("line\n"));
        CompletableFuture<Void> other = Background.call(() -> {
            inside.await();
            CompletableFuture<String> next = socket.readLine();
            next.cancel(false);
            socket.write("from another thread");
            socket.writable().cancel(false);
            socket.readable().cancel(false);
            assertEquals(0, socket.buffered());
            assertTrue(socket.toString().contains(nameOf(peer.address())));
            assertTrue(socket.isOpen());
            socket.shutdownInput();
            socket.close();
            assertFalse(socket.isOpen());
            return null;
        });
        Await.value(other);
        assertFalse(dependent.isDone());
        leave.countDown();
        Await.value(dependent);
        Await.value(sent);
        assertEquals("from another thread", peer.textToEnd());
    }

    @Test
    void clause10_callsOfAllKindsAreAllowedOnAnIoThread() {
        converse();
        CompletableFuture<String> echoed = new CompletableFuture<>();
        onIoThread(() -> {
            socket.write("written ");
            socket.readLine().thenCompose(line -> socket.write(line)).thenRun(() -> echoed.complete("echoed"));
        });
        peer.send("there\n");
        assertEquals("written there", peer.text(13));
        assertEquals("echoed", Await.value(echoed));
        onIoThread(socket::close);
        assertEquals(-1, peer.read());
    }
}
