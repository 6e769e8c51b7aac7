package io.github.futuresockets.impl.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.PeerServer;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.function.Executable;

/** Socket options, the builder's settings, and {@code toString}. */
abstract class OptionsContract extends ContractTest {

    private record NoSuchOption(String name) implements SocketOption<Integer> {
        @Override
        public Class<Integer> type() {
            return Integer.class;
        }
    }

    @Test
    void option_getAndSet() throws Exception {
        onlyOverTcp();
        converse();
        assertEquals(true, socket.getOption(StandardSocketOptions.TCP_NODELAY), "on unless set");
        assertSame(socket, socket.setOption(StandardSocketOptions.TCP_NODELAY, false));
        assertEquals(false, socket.getOption(StandardSocketOptions.TCP_NODELAY));
        socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        assertEquals(true, socket.getOption(StandardSocketOptions.SO_KEEPALIVE));
        assertTrue(socket.getOption(StandardSocketOptions.SO_RCVBUF) > 0);
    }

    @Test
    void option_thatTheSocketDoesNotHave() {
        converse();
        NoSuchOption option = new NoSuchOption("NO_SUCH_OPTION");
        assertThrows(UnsupportedOperationException.class, () -> socket.getOption(option));
        assertThrows(UnsupportedOperationException.class, () -> socket.setOption(option, 1));
        assertThrows(
                UnsupportedOperationException.class, () -> socket.getOption(StandardSocketOptions.IP_MULTICAST_TTL));
        assertThrows(IllegalArgumentException.class, () -> socket.setOption(StandardSocketOptions.SO_SNDBUF, -1));
    }

    @Test
    void builder_option_appliesToEverySocketSupportingTheOption() throws Exception {
        onlyOverTcp();
        converse(builder -> builder.option(StandardSocketOptions.TCP_NODELAY, false)
                .option(StandardSocketOptions.SO_KEEPALIVE, true)
                .option(StandardSocketOptions.IP_MULTICAST_TTL, 3)
                .option(new NoSuchOption("NO_SUCH_OPTION"), 1));
        assertEquals(false, socket.getOption(StandardSocketOptions.TCP_NODELAY));
        assertEquals(true, socket.getOption(StandardSocketOptions.SO_KEEPALIVE));
        AsyncServerSocket listener = listen();
        assertTrue(listener.port() > 0);
    }

    /** Two processes share a port for a restart without a gap. Without {@code SO_REUSEPORT}, {@code listen} fails. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void reusePort_onBothListeners_sharesThePort() throws Exception {
        onlyOverTcp();
        onlyOverTheKernel();
        for (int threads = 1; threads <= 2; threads++) {
            AsyncSockets first = closing(builder().threads(threads).build());
            AsyncSockets second = closing(builder().threads(threads).build());
            AsyncSockets whole = closing(builder()
                    .threads(threads)
                    .option(StandardSocketOptions.SO_REUSEPORT, true)
                    .build());
            InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            try (AsyncServerSocket one = first.listen(any, o -> o.option(StandardSocketOptions.SO_REUSEPORT, true))) {
                InetSocketAddress taken = new InetSocketAddress(any.getAddress(), one.port());
                second.listen(taken, o -> o.option(StandardSocketOptions.SO_REUSEPORT, true))
                        .close();
                whole.listen(taken).close();
                assertThrows(BindException.class, () -> second.listen(taken));
            }
        }
    }

    @Test
    void builder_illegalSettings() {
        AsyncSockets.Builder builder = builder();
        List<Executable> calls = List.of(
                () -> builder.threads(0),
                () -> builder.threads(-1),
                () -> builder.writeQueueLimit(0),
                () -> builder.connectTimeout(Duration.ofMillis(-1)),
                () -> builder.readTimeout(Duration.ofMillis(-1)),
                () -> builder.writeTimeout(Duration.ofMillis(-1)),
                () -> builder.closeTimeout(Duration.ofMillis(-1)));
        for (int i = 0; i < calls.size(); i++) {
            assertThrows(IllegalArgumentException.class, calls.get(i), "call " + i);
        }
        List<Executable> nulls = List.of(
                () -> builder.provider(null),
                () -> builder.threadFactory(null),
                () -> builder.executor(null),
                () -> builder.connectTimeout(null),
                () -> builder.option(null, 1),
                () -> builder.option(StandardSocketOptions.SO_RCVBUF, null));
        for (int i = 0; i < nulls.size(); i++) {
            assertThrows(NullPointerException.class, nulls.get(i), "call " + i);
        }
    }

    @Test
    void builder_veryLongTimeOutsAreAllowed() {
        Duration ages = Duration.ofSeconds(Long.MAX_VALUE);
        converse(builder -> builder.connectTimeout(ages)
                .readTimeout(ages)
                .writeTimeout(ages)
                .closeTimeout(ages));
        CompletableFuture<String> line = socket.readLine();
        Await.value(socket.write("x"));
        peer.send("line\n");
        assertEquals("line", Await.value(line));
        socket.readTimeout(Duration.ofNanos(1)).readTimeout(ages);
        socket.close();
        peer.end();
        Await.value(socket.closed());
    }

    @Test
    void builder_changedAfterBuild_doesNotAffectBuiltSockets() throws Exception {
        AsyncSockets.Builder builder = builder().threads(1);
        AsyncSockets built = closing(builder.build());
        builder.option(StandardSocketOptions.TCP_NODELAY, false).readTimeout(Duration.ofMillis(1));
        try (PeerServer server = new PeerServer()) {
            socket = Await.value(built.connect(server.address()));
            peer = closing(server.accept());
        }
        assertEquals(true, socket.getOption(StandardSocketOptions.TCP_NODELAY));
        CompletableFuture<String> line = socket.readLine();
        onIoThreadOf(built);
        peer.send("line\n");
        assertEquals("line", Await.value(line));
    }

    private void onIoThreadOf(AsyncSockets built) {
        AsyncSockets other =
                closing(builder().threads(1).readTimeout(Duration.ofMillis(20)).build());
        try (PeerServer server = new PeerServer()) {
            var timed = Await.value(other.connect(server.address()));
            closing(server.accept());
            Await.failure(timed.readLine());
        }
        assertTrue(built.toString() != null);
    }

    @Test
    void builder_threads() {
        onlyOverTheKernel();
        open(builder -> builder.threads(1));
        connect(0);
        onIoThread(() -> assertTrue(threads.made(Thread.currentThread())));
        assertTrue(threads.alive() >= 1);
        Set<String> before = names();
        AsyncSockets defaults = closing(builder().build());
        try (PeerServer server = new PeerServer()) {
            Await.value(defaults.connect(server.address()));
            closing(server.accept());
        }
        Set<Thread> made = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("futuresockets-"))
                .filter(thread -> !before.contains(thread.getName()))
                .collect(Collectors.toSet());
        assertFalse(made.isEmpty(), "named threads");
        made.forEach(thread -> assertFalse(thread.isDaemon(), thread.getName()));
        defaults.close();
        made.forEach(thread -> assertFalse(thread.isAlive(), thread.getName()));
    }

    private static Set<String> names() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).collect(Collectors.toSet());
    }

    @Test
    void toString_showsBothAddressesAndTheState() {
        converse();
        String open = socket.toString();
        assertTrue(open.contains(nameOf(peer.address())), open);
        assertTrue(open.contains(nameOf(peer.remoteAddress())), open);
        CompletableFuture<String> read = socket.readLine();
        assertTrue(read.toString().contains("readLine"), read.toString());
        assertTrue(read.toString().contains(nameOf(peer.address())), read.toString());
        socket.close();
        String closing = socket.toString();
        assertFalse(closing.equals(open), "the state shows");
        peer.end();
        Await.value(socket.closed());
        String closed = socket.toString();
        assertTrue(closed.contains(nameOf(peer.address())), closed);
        assertTrue(closed.contains(nameOf(peer.remoteAddress())), closed);
        assertFalse(closed.equals(open), "the state shows");
    }
}
