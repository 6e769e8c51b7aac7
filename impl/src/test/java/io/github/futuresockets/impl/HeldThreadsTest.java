package io.github.futuresockets.impl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.Deadline;
import io.github.futuresockets.ShutdownReport;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Background;
import io.github.futuresockets.impl.support.SilentAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that the other operations go on while a callback blocks an I/O thread. */
class HeldThreadsTest {
    private static final InetSocketAddress LOOPBACK = new InetSocketAddress("127.0.0.1", 0);

    private final CountDownLatch release = new CountDownLatch(1);
    private AsyncSockets sockets;

    private AsyncServerSocket open(String provider, int threads) throws Exception {
        sockets = AsyncSockets.builder().provider(provider).threads(threads).build();
        return sockets.listen(LOOPBACK);
    }

    @AfterEach
    void end() {
        release.countDown();
        sockets.close();
    }

    private void hold() {
        try {
            assertTrue(release.await(60, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns the two ends of a new connection, the connecting end first. */
    private AsyncSocket[] link(AsyncServerSocket server) {
        CompletableFuture<AsyncSocket> accepted = server.accept();
        AsyncSocket near = Await.value(sockets.connect(server.localAddress()));
        return new AsyncSocket[] {near, Await.value(accepted)};
    }

    /**
     * Opens connections until at least two I/O threads serve some, blocks the thread of the first connection, and
     * returns the connections of the other threads.
     */
    private List<AsyncSocket> othersThanTheHeld(AsyncServerSocket server) {
        Map<AsyncSocket, Thread> threads = new LinkedHashMap<>();
        Map<AsyncSocket, AsyncSocket> peers = new LinkedHashMap<>();
        while (threads.size() < 8 || threads.values().stream().distinct().count() < 2) {
            AsyncSocket[] link = link(server);
            CompletableFuture<Thread> where = link[0].readSome(1).thenApply(some -> Thread.currentThread());
            Await.value(link[1].write("x"));
            threads.put(link[0], Await.value(where));
            peers.put(link[0], link[1]);
        }
        AsyncSocket held = threads.keySet().iterator().next();
        hold(held, peers.get(held));
        List<AsyncSocket> others = new ArrayList<>(threads.keySet());
        others.removeIf(each -> threads.get(each) == threads.get(held));
        return others;
    }

    private void hold(AsyncSocket held, AsyncSocket peer) {
        CompletableFuture<Void> inside = new CompletableFuture<>();
        held.readSome(1).thenRun(() -> {
            inside.complete(null);
            hold();
        });
        Background.run(() -> peer.write("x"));
        Await.value(inside);
    }

    @ParameterizedTest
    @ValueSource(strings = {"loop", "nio2"})
    void timeOuts_ofOtherConnections_ringOnTheirOwnThreads(String provider) throws Exception {
        List<AsyncSocket> others = othersThanTheHeld(open(provider, 2));
        for (int round = 0; round < 4; round++) {
            List<CompletableFuture<Thread>> rung = new ArrayList<>();
            for (AsyncSocket each : others) {
                CompletableFuture<String> read = each.readLine().thenApply(line -> line);
                CompletableFuture<Thread> where = read.handle((line, failure) -> Thread.currentThread());
                if (round % 2 == 0) {
                    read.orTimeout(50, TimeUnit.MILLISECONDS);
                } else {
                    Deadline.after(Duration.ofMillis(50)).limit(read);
                }
                rung.add(where);
            }
            Thread other = Await.value(rung.get(0));
            for (CompletableFuture<Thread> each : rung) {
                assertEquals(other, Await.value(each), "all on one I/O thread ring there");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"loop", "nio2"})
    void timeOuts_thatBelongToNoConnection_ringWhileAllThreadsAreHeld(String provider) throws Exception {
        AsyncServerSocket server = open(provider, 1);
        AsyncSocket[] link = link(server);
        hold(link[0], link[1]);
        try (SilentAddress silent = new SilentAddress()) {
            CompletableFuture<AsyncSocket> connect =
                    sockets.connect(silent.address(), options -> options.timeout(Duration.ofMillis(50)));
            CompletableFuture<AsyncSocket> accept = server.accept().orTimeout(50, TimeUnit.MILLISECONDS);
            Await.failure(SocketTimeoutException.class, connect);
            Await.failure(TimeoutException.class, accept);
        }
        assertEquals(1, release.getCount(), "still held");
    }

    @ParameterizedTest
    @ValueSource(strings = {"loop", "nio2"})
    void callbacks_ofTimeOutsThatBlock_holdNoOtherTimeOut(String provider) throws Exception {
        AsyncServerSocket server = open(provider, 1);
        CountDownLatch blocked = new CountDownLatch(3);
        for (int i = 0; i < 3; i++) {
            CompletableFuture<Void> stopping = server.stopping();
            stopping.whenComplete((none, late) -> {
                blocked.countDown();
                hold();
            });
            stopping.orTimeout(10, TimeUnit.MILLISECONDS);
        }
        assertTrue(blocked.await(20, TimeUnit.SECONDS), "each has a thread");
        Await.failure(TimeoutException.class, server.stopping().orTimeout(10, TimeUnit.MILLISECONDS));
        AsyncSocket[] link = link(server);
        Await.failure(TimeoutException.class, link[0].readLine().orTimeout(10, TimeUnit.MILLISECONDS));
    }

    @ParameterizedTest
    @ValueSource(strings = {"loop", "nio2"})
    void grace_ofAShutdown_endsWhileAThreadIsHeld(String provider) throws Exception {
        List<AsyncSocket> others = othersThanTheHeld(open(provider, 2));
        List<CompletableFuture<?>> closed = new ArrayList<>();
        others.forEach(each -> closed.add(each.closed()));
        CompletableFuture<ShutdownReport> report = sockets.shutdown(Duration.ofMillis(50));
        closed.forEach(Await::value);
        assertFalse(report.isDone(), "one thread is still held");
        release.countDown();
        assertNotEquals(0, Await.value(report).aborted());
    }

    @ParameterizedTest
    @ValueSource(strings = {"loop", "nio2", "memory"})
    void asyncStages_withoutExecutor_runOnDefaultExecutor(String provider) throws Exception {
        AsyncServerSocket server = open(provider, 1);
        assertEquals(
                new CompletableFuture<>().defaultExecutor(),
                link(server)[0].read(ByteBuffer.allocate(1)).defaultExecutor());
        assertEquals(
                new CompletableFuture<>().defaultExecutor(), server.stopping().defaultExecutor());
    }
}
