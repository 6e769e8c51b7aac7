package io.github.futuresockets.impl.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Descriptors;
import io.github.futuresockets.impl.support.Peer;
import io.github.futuresockets.impl.support.PeerServer;
import io.github.futuresockets.impl.support.RefusedPort;
import io.github.futuresockets.impl.support.SilentAddress;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Clause 12: {@code connect}. */
abstract class ConnectContract extends ContractTest {
    /** A name with a label of 64 characters. Because DNS allows only 63, the look-up fails without a name server. */
    private static final String NO_NAME = "x".repeat(64) + ".invalid";

    private InetSocketAddress refused() {
        return closing(new RefusedPort()).address();
    }

    private static void assertNames(Throwable failure, Object... parts) {
        for (Object part : parts) {
            assertTrue(String.valueOf(failure.getMessage()).contains(String.valueOf(part)), failure.toString());
        }
    }

    @Test
    void connect_unresolvedLocalAddress_failsSayingSo() {
        onlyOverTcp();
        converse();
        InetSocketAddress nowhere = InetSocketAddress.createUnresolved("nowhere.invalid", 0);
        Throwable failure = Await.failure(
                ConnectException.class, sockets.connect(socket.remoteAddress(), options -> options.local(nowhere)));
        assertTrue(failure.getMessage().contains("UnresolvedAddress"), failure.getMessage());
    }

    @Test
    void connect_byNameByAddressAndUnresolved() {
        open(builder -> builder);
        try (PeerServer server = new PeerServer()) {
            for (CompletableFuture<AsyncSocket> connect : List.of(
                    sockets.connect("localhost", server.port()),
                    sockets.connect("127.0.0.1", server.port()),
                    sockets.connect(server.address()),
                    sockets.connect(InetSocketAddress.createUnresolved("localhost", server.port())))) {
                AsyncSocket connected = Await.value(connect);
                assertTrue(connected.isOpen());
                assertEquals(server.address(), connected.remoteAddress());
                Peer accepted = closing(server.accept());
                accepted.send("hello\n");
            }
        }
    }

    @Test
    void clause12_refusedIsAConnectExceptionThatNamesThePeer() {
        open(builder -> builder);
        InetSocketAddress nobody = refused();
        for (CompletableFuture<AsyncSocket> connect : List.of(
                sockets.connect(nobody),
                sockets.connect("127.0.0.1", nobody.getPort()),
                sockets.connect("localhost", nobody.getPort()))) {
            assertNames(Await.failure(ConnectException.class, connect), nobody.getPort());
        }
        assertNames(Await.failure(ConnectException.class, sockets.connect("localhost", nobody.getPort())), "localhost");
    }

    @Test
    void clause12_connect_triesEveryAddressAndSuppressesFailures() throws Exception {
        onlyOverTheKernel();
        InetAddress[] addresses = InetAddress.getAllByName("many.test");
        assertEquals(3, addresses.length, "the tests have a table of hosts");
        open(builder -> builder);
        Throwable failure = Await.failure(
                ConnectException.class, sockets.connect("many.test", refused().getPort()));
        assertEquals(addresses.length, failure.getSuppressed().length, "one for each address");
        assertReached(new PeerServer());
        try (SocketChannel held = SocketChannel.open()) {
            // The first address is bound without a listener, so no other process can accept connections on this port.
            held.bind(new InetSocketAddress(addresses[0], 0));
            int port = held.socket().getLocalPort();
            assertReached(new PeerServer(new InetSocketAddress(addresses[1], port), 0));
            assertReached(new PeerServer(new InetSocketAddress(addresses[2], port), 0));
        }
    }

    private void assertReached(PeerServer listener) {
        try (listener) {
            AsyncSocket socket = Await.value(sockets.connect("many.test", listener.port()));
            assertEquals(listener.address(), socket.remoteAddress());
            socket.abort();
        }
    }

    @Test
    void clause12_nameThatDoesNotResolve() {
        onlyOverTheKernel();
        open(builder -> builder);
        int before = Descriptors.count();
        for (CompletableFuture<AsyncSocket> connect : List.of(
                sockets.connect(NO_NAME, 80),
                sockets.connect(InetSocketAddress.createUnresolved(NO_NAME, 80)),
                sockets.connect("no such host", 80))) {
            Await.failure(UnknownHostException.class, connect);
        }
        assertNames(Await.failure(sockets.connect(NO_NAME, 80)), NO_NAME);
        Descriptors.awaitAtMost(before);
    }

    @Test
    void clause12_connectRefused_leavesNoDescriptor() {
        open(builder -> builder);
        InetSocketAddress nobody = refused();
        Await.failure(sockets.connect(nobody));
        int before = Descriptors.count();
        List<CompletableFuture<AsyncSocket>> connects = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            connects.add(sockets.connect(nobody));
        }
        connects.forEach(connect -> Await.failure(ConnectException.class, connect));
        Descriptors.awaitAtMost(before);
    }

    @Test
    void clause12_connectTimeoutBoundsAnAddressThatDoesNotAnswer() {
        SilentAddress silent = closing(new SilentAddress());
        open(builder -> builder.connectTimeout(Duration.ofMillis(100)));
        int before = Descriptors.count();
        CompletableFuture<AsyncSocket> connect = sockets.connect(silent.address());
        assertFalse(connect.isDone());
        Throwable failure = Await.failure(SocketTimeoutException.class, connect);
        assertNames(failure, silent.address().getPort());
        Descriptors.awaitAtMost(before);
    }

    @Test
    void clause12_cancelledConnectLeavesNothing() {
        SilentAddress silent = closing(new SilentAddress());
        open(builder -> builder);
        int before = Descriptors.count();
        CompletableFuture<AsyncSocket> cancelled = sockets.connect(silent.address());
        CompletableFuture<AsyncSocket> late = sockets.connect(silent.address()).orTimeout(30, TimeUnit.MILLISECONDS);
        CompletableFuture<AsyncSocket> source = sockets.connect(silent.address());
        CompletableFuture<Void> derived = source.thenAccept(AsyncSocket::close);
        assertTrue(cancelled.cancel(false));
        assertTrue(derived.cancel(false));
        assertTrue(source.isDone());
        Await.failure(CancellationException.class, cancelled);
        assertNames(
                Await.failure(TimeoutException.class, late),
                "connect",
                silent.address().getPort());
        Descriptors.awaitAtMost(before);
    }

    @Test
    void clause12_cancelAgainstSuccessLeaksNoSocket() {
        converse();
        int before = Descriptors.count();
        try (PeerServer server = new PeerServer()) {
            for (int i = 0; i < 200; i++) {
                CompletableFuture<AsyncSocket> connect = sockets.connect(server.address());
                for (int spin = 0; spin < i * 50; spin++) {
                    Thread.onSpinWait();
                }
                if (!connect.cancel(false)) {
                    Await.value(connect).abort();
                }
            }
        }
        Await.until(
                () -> "sockets of cancelled connects left: " + Descriptors.open(), () -> Descriptors.count() <= before);
    }

    @Test
    void connect_illegalArgumentsThrowAtOnce() {
        open(builder -> builder);
        SocketAddress unknownKind = new SocketAddress() {
            private static final long serialVersionUID = 1L;
        };
        List<Executable> calls = List.of(
                () -> sockets.connect("localhost", 0),
                () -> sockets.connect("localhost", -1),
                () -> sockets.connect("localhost", 65_536),
                () -> sockets.connect("", 80),
                () -> sockets.connect(unknownKind),
                () -> sockets.listen("localhost", -1),
                () -> sockets.listen("localhost", 65_536),
                () -> sockets.listen(unknownKind));
        for (int i = 0; i < calls.size(); i++) {
            assertThrows(IllegalArgumentException.class, calls.get(i), "call " + i);
        }
    }

    @Test
    void connect_afterCloseFailsInTheFuture() {
        open(builder -> builder);
        sockets.close();
        Await.failure(ClosedChannelException.class, sockets.connect("localhost", 80));
        Await.failure(ClosedChannelException.class, sockets.connect(NO_NAME, 80));
        Await.failure(ClosedChannelException.class, sockets.connect(new InetSocketAddress("127.0.0.1", 80)));
    }

    @Test
    void connect_anyNumberMayBePending() {
        open(builder -> builder);
        try (PeerServer server = new PeerServer()) {
            List<CompletableFuture<AsyncSocket>> connects = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                connects.add(sockets.connect(i % 2 == 0 ? "localhost" : "127.0.0.1", server.port()));
            }
            for (CompletableFuture<AsyncSocket> each : connects) {
                Await.value(each).abort();
            }
        }
    }
}
