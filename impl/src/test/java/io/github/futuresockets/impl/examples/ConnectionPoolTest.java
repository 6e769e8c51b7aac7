package io.github.futuresockets.impl.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncLoop;
import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Background;
import io.github.futuresockets.impl.support.Seeds;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@link ConnectionPool} with idle, failing, cancelled and concurrent conversations. */
class ConnectionPoolTest {
    private AsyncSockets there;
    private AsyncSockets here;
    private SocketAddress address;
    private ConnectionPool pool;

    @BeforeEach
    void open() throws IOException {
        address = start(new InetSocketAddress("127.0.0.1", 0), Duration.ZERO);
        here = AsyncSockets.builder().threads(2).build();
        pool = new ConnectionPool(2, () -> here.connect(address));
    }

    @AfterEach
    void close() {
        here.close();
        there.close();
    }

    /** Starts a server. The server echoes lines and closes a connection after the idle time-out. */
    private SocketAddress start(SocketAddress where, Duration idle) throws IOException {
        there = AsyncSockets.builder().threads(1).idleTimeout(idle).build();
        AsyncServerSocket server = there.listen(where);
        server.serve(socket -> AsyncLoop.forEach(socket::readLine, socket::writeLine));
        return server.localAddress();
    }

    private CompletableFuture<String> ask(String line) {
        return pool.use(socket -> ask(socket, line));
    }

    private static CompletableFuture<String> ask(AsyncSocket socket, String line) {
        socket.writeLine(line);
        return socket.expectLine();
    }

    private static CompletableFuture<String> talk(AsyncSocket socket) {
        return socket.expectLine();
    }

    private void expectReply() {
        String line = "line " + ThreadLocalRandom.current().nextInt();
        assertEquals(line, Await.value(ask(line)));
    }

    @Test
    void use_thousandConversationsInSequence_takeOneConnection() {
        for (int i = 0; i < 1_000; i++) {
            expectReply();
        }
        assertEquals(1, here.stats().connected());
    }

    @Test
    void use_allConnectionsInUse_fails() {
        CompletableFuture<String> one = pool.use(ConnectionPoolTest::talk);
        CompletableFuture<String> two = pool.use(ConnectionPoolTest::talk);
        String message = Await.failure(IOException.class, ask("three")).getMessage();
        assertTrue(message.contains("in use"), message);
        assertTrue(one.cancel(false), "it gives its place back");
        expectReply();
        assertTrue(two.cancel(false));
        expectReply();
    }

    @Test
    void use_conversationFailsOrIsCancelled_closesConnection() {
        CompletableFuture<String> cancelled = pool.use(ConnectionPoolTest::talk);
        Await.until("connected", () -> here.stats().connected() == 1);
        assertTrue(cancelled.cancel(false));
        Await.failure(IllegalStateException.class, pool.use(socket -> {
            throw new IllegalStateException("said by the conversation");
        }));
        Await.until("both are closed", () -> here.stats().open() == 0);
        expectReply();
    }

    @Test
    void use_cancelledAtAnyMoment_returnsPlace() {
        Random random = Seeds.random("pool");
        for (int i = 0; i < 500; i++) {
            CompletableFuture<String> reply = ask("line " + i);
            CompletableFuture<?> cancelled = i % 2 == 0 ? reply : reply.thenApply(String::length);
            int delay = random.nextInt(150_000);
            CompletableFuture<Void> canceller = Background.run(() -> {
                LockSupport.parkNanos(delay);
                cancelled.cancel(false);
            });
            Await.value(cancelled.handle((value, failure) -> null));
            Await.value(canceller);
        }
        Await.until("both places are back", () -> {
            CompletableFuture<String> one = ask("one");
            CompletableFuture<String> two = ask("two");
            return "one".equals(Await.value(one.exceptionally(failure -> "")))
                    && "two".equals(Await.value(two.exceptionally(failure -> "")));
        });
    }

    @Test
    void use_idleConnectionClosedByPeer_isNotReused() throws IOException {
        there.close();
        address = start(address, Duration.ofMillis(50));
        for (int i = 0; i < 5; i++) {
            expectReply();
            Await.until("the pool has seen the peer go", () -> here.stats().open() == 0);
        }
        assertEquals(5, here.stats().connected());
    }

    @Test
    void use_connectionWithUnexpectedBytes_isNotReused() {
        assertEquals("one", Await.value(ask("one\ntwo")));
        assertEquals("three", Await.value(ask("three")), "not the second reply to the first");
        assertEquals(2, here.stats().connected());
    }

    @Test
    void use_afterServerRestart_connectsAgain() throws IOException {
        for (int round = 0; round < 3; round++) {
            expectReply();
            there.close();
            Await.until("the pool has seen the server go", () -> here.stats().open() == 0);
            for (int i = 0; i < 5; i++) {
                Await.failure(ConnectException.class, ask("anybody?"));
            }
            start(address, Duration.ZERO);
            expectReply();
        }
    }

    @Test
    void pool_socketsClosed_failsConversationsAndClosesConnections() {
        expectReply();
        CompletableFuture<String> inUse = pool.use(ConnectionPoolTest::talk);
        here.close();
        Await.failure(ClosedChannelException.class, inUse);
        Await.failure(ClosedChannelException.class, ask("late"));
        assertEquals(0, here.stats().open());
        Await.until("the server has seen it", () -> there.stats().open() == 0);
    }

    @Test
    void use_concurrentConversations_neverShareAConnection() {
        List<CompletableFuture<Void>> askers = new ArrayList<>();
        for (int asker = 0; asker < 2; asker++) {
            String line = "asker " + asker;
            int[] turn = {0};
            askers.add(AsyncLoop.whileTrue(() -> ask(line).thenApply(reply -> {
                assertEquals(line, reply);
                return ++turn[0] < 5_000;
            })));
        }
        askers.forEach(Await::value);
        assertTrue(here.stats().connected() <= 2, here.stats().toString());
    }
}
