package io.github.futuresockets.impl.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Descriptors;
import io.github.futuresockets.impl.support.Peer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.AcceptPendingException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code listen}, and {@code accept} and {@code close} of a listener (clauses 5, 8, 11 and 12). */
abstract class AcceptContract extends ContractTest {

    private AsyncServerSocket listener() throws IOException {
        open(builder -> builder);
        return listen();
    }

    private Peer call(AsyncServerSocket listener) {
        return closing(Peer.connect(listener.localAddress()));
    }

    @Test
    void accept_beforeAndAfterThePeerHasCome() throws Exception {
        AsyncServerSocket listener = listener();
        CompletableFuture<AsyncSocket> early = listener.accept();
        assertFalse(early.isDone());
        for (int i = 0; i < 3; i++) {
            peer = call(listener);
            socket = Await.value(i == 0 ? early : listener.accept());
            assertEquals(peer.address(), socket.remoteAddress());
            assertEquals(listener.localAddress(), socket.localAddress());
            peer.send("ping\n");
            assertEquals("ping", Await.value(socket.readLine()));
            Await.value(socket.write("pong"));
            assertEquals("pong", peer.text(4));
        }
    }

    @Test
    void accept_peerMayHaveSentAndClosedAlready() throws Exception {
        AsyncServerSocket listener = listener();
        peer = call(listener);
        peer.send("gone\n").close();
        AsyncSocket accepted = Await.value(listener.accept());
        assertEquals("gone", Await.value(accepted.readLine()));
        assertEquals(null, Await.value(accepted.readLine()));
    }

    @Test
    void clause08_secondAcceptFails() throws Exception {
        AsyncServerSocket listener = listener();
        CompletableFuture<AsyncSocket> first = listener.accept();
        Await.failure(AcceptPendingException.class, listener.accept());
        call(listener);
        Await.value(first);
        CompletableFuture<AsyncSocket> next = listener.accept();
        call(listener);
        Await.value(next);
    }

    @Test
    void clause05_cancelledAcceptLosesNoConnection() throws Exception {
        AsyncServerSocket listener = listener();
        assertTrue(listener.accept().cancel(false));
        CompletableFuture<AsyncSocket> late = listener.accept().orTimeout(20, TimeUnit.MILLISECONDS);
        TimeoutException failure = Await.failure(TimeoutException.class, late);
        assertTrue(failure.getMessage().contains("accept"), failure.getMessage());
        peer = call(listener);
        socket = Await.value(listener.accept());
        assertEquals(peer.address(), socket.remoteAddress());
    }

    @Test
    void clause05_cancelAgainstArrivalLosesNoConnection() throws Exception {
        AsyncServerSocket listener = listener();
        int before = Descriptors.count();
        for (int i = 0; i < 100; i++) {
            CompletableFuture<AsyncSocket> accept = listener.accept();
            try (Peer caller = Peer.connect(listener.localAddress())) {
                for (int spin = 0; spin < i * 50; spin++) {
                    Thread.onSpinWait();
                }
                AsyncSocket accepted = Await.value(accept.cancel(false) ? listener.accept() : accept);
                assertEquals(caller.address(), accepted.remoteAddress());
                accepted.abort();
                Await.value(accepted.closed());
            }
        }
        Descriptors.awaitAtMost(before);
    }

    @Test
    void clause12_close_unacceptedConnection_isClosed() throws Exception {
        AsyncServerSocket listener = listener();
        CompletableFuture<AsyncSocket> accept = listener.accept();
        peer = call(listener);
        accept.cancel(false);
        if (!accept.isCancelled()) {
            Await.value(accept).abort();
        }
        listener.close();
        peer.awaitOver();
    }

    @Test
    void close_failsPendingAndLaterAccepts() throws Exception {
        AsyncServerSocket listener = listener();
        CompletableFuture<AsyncSocket> pending = listener.accept();
        listener.close();
        Await.failure(AsynchronousCloseException.class, pending);
        Await.failure(ClosedChannelException.class, listener.accept());
        listener.close();
    }

    @Test
    void close_acceptedSocketsGoOn() throws Exception {
        AsyncServerSocket listener = listener();
        peer = call(listener);
        socket = Await.value(listener.accept());
        listener.close();
        assertTrue(socket.isOpen());
        peer.send("on and on\n");
        assertEquals("on and on", Await.value(socket.readLine()));
        Await.value(socket.write("yes"));
        assertEquals("yes", peer.text(3));
    }

    @Test
    void close_thePortIsFreeAndTheAddressStillKnown() throws Exception {
        onlyOverTcp();
        AsyncServerSocket listener = listener();
        int port = listener.port();
        assertTrue(port > 0);
        assertEquals(new InetSocketAddress("127.0.0.1", port), listener.localAddress());
        assertTrue(listener.toString().contains(String.valueOf(port)), listener.toString());
        peer = call(listener);
        socket = Await.value(listener.accept());
        listener.close();
        assertEquals(port, listener.port());
        assertEquals(new InetSocketAddress("127.0.0.1", port), listener.localAddress());
        Await.until("the port is free", () -> isFree(port));
        if (hasKernel()) {
            Await.until("nobody answers", () -> {
                try {
                    new Socket(InetAddress.getLoopbackAddress(), port).close();
                    return false;
                } catch (IOException e) {
                    return true;
                }
            });
        }
    }

    /** Returns true if a listener can bind the port. Leaves no socket open, even if the bind fails. */
    private boolean isFree(int port) {
        try {
            if (hasKernel()) {
                try (ServerSocket again = new ServerSocket()) {
                    again.setReuseAddress(true);
                    again.bind(new InetSocketAddress("127.0.0.1", port));
                }
            } else {
                sockets.listen("127.0.0.1", port).close();
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void listen_aUsedPortFailsAndNamesTheAddress() throws Exception {
        onlyOverTcp();
        AsyncServerSocket listener = listener();
        int before = Descriptors.count();
        for (boolean byName : new boolean[] {true, false}) {
            IOException failure = assertThrows(
                    IOException.class,
                    () -> closing(
                            byName
                                    ? sockets.listen("127.0.0.1", listener.port())
                                    : sockets.listen(listener.localAddress())));
            assertTrue(failure.getMessage().contains("127.0.0.1"), failure.toString());
            assertTrue(failure.getMessage().contains(String.valueOf(listener.port())), failure.toString());
        }
        Descriptors.awaitAtMost(before);
    }

    @Test
    void listen_emptyHostIsEveryLocalAddress() throws Exception {
        open(builder -> builder);
        AsyncServerSocket listener = closing(sockets.listen("", 0));
        CompletableFuture<AsyncSocket> accept = listener.accept();
        peer = closing(Peer.connect(new InetSocketAddress("127.0.0.1", listener.port())));
        socket = Await.value(accept);
        assertEquals(peer.address(), socket.remoteAddress());
        assertNotEquals(0, listener.port());
    }

    @Test
    void listen_hasABacklog() throws Exception {
        AsyncServerSocket listener = listener();
        List<Peer> callers = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            callers.add(call(listener).send("caller " + i + "\n"));
        }
        for (int i = 0; i < 300; i++) {
            AsyncSocket accepted = Await.value(listener.accept());
            assertTrue(Await.value(accepted.readLine()).startsWith("caller "));
        }
    }

    @Test
    void clause05_acceptCancelledRepeatedly_losesNoConnection() throws Exception {
        AsyncServerSocket listener = listener();
        List<AsyncSocket> accepted = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            call(listener).send("!");
        }
        Await.until(() -> "100 are accepted, not " + accepted.size(), () -> {
            CompletableFuture<AsyncSocket> accept = listener.accept();
            if (!accept.cancel(false)) {
                accepted.add(Await.value(accept));
            }
            return accepted.size() == 100;
        });
    }

    @Test
    void accept_acceptedSocket_hasOptionsOfBuilder() throws Exception {
        onlyOverTcp();
        open(builder -> builder.option(StandardSocketOptions.SO_KEEPALIVE, true));
        AsyncServerSocket listener = listen();
        call(listener);
        AsyncSocket accepted = Await.value(listener.accept());
        assertEquals(true, accepted.getOption(StandardSocketOptions.SO_KEEPALIVE));
        assertEquals(true, accepted.getOption(StandardSocketOptions.TCP_NODELAY));
    }

    @Test
    void clause11_recursionOverAcceptKeepsTheStackLow() throws Exception {
        AsyncServerSocket listener = listener();
        for (int i = 0; i < 300; i++) {
            call(listener).send("!");
        }
        AtomicInteger deepest = new AtomicInteger();
        List<AsyncSocket> accepted = Await.value(acceptAll(listener, 300, deepest, new ArrayList<>()));
        assertEquals(300, accepted.size());
        assertTrue(deepest.get() < 1_000, deepest + " frames");
    }

    private CompletableFuture<List<AsyncSocket>> acceptAll(
            AsyncServerSocket listener, int left, AtomicInteger deepest, List<AsyncSocket> accepted) {
        deepest.accumulateAndGet(StackWalker.getInstance().walk(Stream::count).intValue(), Math::max);
        return left == 0
                ? CompletableFuture.completedFuture(accepted)
                : listener.accept().thenCompose(socket -> {
                    accepted.add(socket);
                    return acceptAll(listener, left - 1, deepest, accepted);
                });
    }
}
