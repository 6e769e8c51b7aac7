package io.github.futuresockets.impl.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Descriptors;
import io.github.futuresockets.impl.support.Peer;
import io.github.futuresockets.impl.support.PeerServer;
import io.github.futuresockets.impl.support.RefusedPort;
import io.github.futuresockets.impl.support.SilentAddress;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Clause 12: staggered attempts at several addresses (RFC 8305), and the options of a single connect. */
abstract class RacingConnectsContract extends ContractTest {
    private static final long STAGGER = 250;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final int ROUNDS = 1_000;
    private static final int AT_ONCE = 100;

    private static InetAddress host(String address) {
        try {
            return InetAddress.getByName(address);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private void openWith(Duration timeout, InetAddress... addresses) {
        open(builder -> builder.connectTimeout(timeout).resolver(host -> List.of(addresses)));
    }

    @Test
    void connect_silentFirstAddress_costsOneStagger() {
        onlyOverTcp();
        SilentAddress silent = closing(new SilentAddress(host("127.0.0.2")));
        int port = silent.address().getPort();
        PeerServer server = closing(new PeerServer(new InetSocketAddress("127.0.0.3", port), 0));
        openWith(CONNECT_TIMEOUT, host("127.0.0.2"), host("127.0.0.3"));
        Await.value(sockets.connect("two.test", port)).abort();
        server.accept().close();
        int before = Descriptors.count();
        List<Long> millis = Collections.synchronizedList(new ArrayList<>());
        for (int round = 0; round < ROUNDS; round += AT_ONCE) {
            List<CompletableFuture<AsyncSocket>> connects = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                long begun = System.nanoTime();
                connects.add(sockets.connect("two.test", port).whenComplete((socket, failure) -> {
                    millis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
                }));
            }
            for (CompletableFuture<AsyncSocket> each : connects) {
                AsyncSocket socket = Await.value(each);
                assertEquals(new InetSocketAddress("127.0.0.3", port), socket.remoteAddress());
                socket.abort();
                server.accept().close();
            }
        }
        Collections.sort(millis);
        assertEquals(ROUNDS, millis.size());
        assertTrue(millis.get(0) >= STAGGER, "the first after " + millis.get(0) + " ms");
        assertTrue(millis.get(ROUNDS - 1) < CONNECT_TIMEOUT.toMillis(), "no connect waits for the silent address");
        Descriptors.awaitAtMost(before);
    }

    @Test
    void connect_allAddressesSilent_failsWithinTimeout() {
        onlyOverTcp();
        SilentAddress silent = closing(new SilentAddress(host("127.0.0.2")));
        openWith(Duration.ofMillis(600), host("127.0.0.2"), host("127.0.0.2"));
        int before = Descriptors.count();
        Throwable failure = Await.failure(
                SocketTimeoutException.class,
                sockets.connect("two.test", silent.address().getPort()));
        assertEquals(2, failure.getSuppressed().length);
        assertTrue(failure.getMessage().contains("two.test"), failure.getMessage());
        Descriptors.awaitAtMost(before);
    }

    @Test
    void connect_cancelledWithSeveralAttempts_leavesNoDescriptor() {
        onlyOverTcp();
        SilentAddress silent = closing(new SilentAddress(host("127.0.0.2")));
        InetAddress[] four = new InetAddress[4];
        Arrays.fill(four, host("127.0.0.2"));
        openWith(Duration.ofSeconds(30), four);
        int before = Descriptors.count();
        for (long wait : new long[] {0, 20, STAGGER + 50, 2 * STAGGER + 50}) {
            List<CompletableFuture<AsyncSocket>> connects = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                connects.add(sockets.connect("four.test", silent.address().getPort()));
            }
            java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(wait));
            connects.forEach(each -> assertTrue(each.cancel(false)));
            Descriptors.awaitAtMost(before);
        }
    }

    @Test
    void connect_addressRefuses_triesNextAtOnce() {
        onlyOverTcp();
        PeerServer server = closing(new PeerServer(new InetSocketAddress("127.0.0.9", 0), 0));
        InetAddress[] addresses = new InetAddress[21];
        Arrays.fill(addresses, host("127.0.0.8"));
        addresses[20] = host("127.0.0.9");
        openWith(Duration.ofSeconds(10), addresses);
        long begun = System.nanoTime();
        Await.value(sockets.connect("many.test", server.port())).abort();
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
        assertTrue(millis < 10 * STAGGER, millis + " ms");
    }

    @Test
    void connect_bothFamilies_areTriedAlternately() {
        onlyOverTcp();
        openWith(
                Duration.ofSeconds(10),
                host("127.0.0.7"),
                host("127.0.0.8"),
                host("127.0.0.9"),
                host("::1"),
                host("::1"));
        Throwable failure = Await.failure(IOException.class, sockets.connect("both.test", 1));
        List<String> tried = Arrays.stream(failure.getSuppressed())
                .map(each -> each.getMessage().replaceAll("^[^/]*/|:1: .*$", ""))
                .collect(Collectors.toList());
        assertEquals(5, tried.size(), tried.toString());
        assertEquals("127.0.0.7", tried.get(0));
        assertTrue(tried.get(1).contains("0:0:1"), tried.toString());
        assertEquals("127.0.0.8", tried.get(2));
        assertEquals("127.0.0.9", tried.get(4));
    }

    @Test
    void connect_resolverFailsOrFindsNothing_failsAsUnknownHost() {
        UnknownHostException none = new UnknownHostException("on purpose");
        open(builder -> builder.resolver(host -> {
            if (host.equals("none.test")) {
                throw none;
            }
            return List.of();
        }));
        assertSame(
                none,
                Await.failure(UnknownHostException.class, sockets.connect("none.test", 1))
                        .getCause());
        Await.failure(UnknownHostException.class, sockets.connect("empty.test", 1));
    }

    @Test
    void connectOptions_localAddressTimeoutAndSocketOptions() {
        onlyOverTcp();
        open(builder -> builder);
        try (PeerServer server = new PeerServer()) {
            AsyncSocket connected = Await.value(sockets.connect(
                    server.address(),
                    options -> options.local(new InetSocketAddress("127.0.0.5", 0))
                            .option(StandardSocketOptions.SO_KEEPALIVE, true)));
            try (Peer accepted = server.accept()) {
                assertEquals("127.0.0.5", ((InetSocketAddress) accepted.remoteAddress()).getHostString());
            }
            assertEquals(true, getOption(connected));
            connected.abort();
        }
        SilentAddress silent = closing(new SilentAddress());
        CompletableFuture<AsyncSocket> late =
                sockets.connect(silent.address(), options -> options.timeout(Duration.ofMillis(50)));
        assertTrue(
                Await.failure(SocketTimeoutException.class, late).getMessage().contains("PT0.05S"));
        Throwable unusable = Await.failure(
                ConnectException.class,
                sockets.connect(silent.address(), options -> options.local(new InetSocketAddress("192.0.2.1", 0))));
        assertInstanceOf(IOException.class, unusable.getSuppressed()[0]);
    }

    private static boolean getOption(AsyncSocket socket) {
        try {
            return socket.getOption(StandardSocketOptions.SO_KEEPALIVE);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void connect_fromFixedPort_triesAddressesSequentially() throws IOException {
        onlyOverTcp();
        SilentAddress silent = closing(new SilentAddress(host("127.0.0.2")));
        int port = silent.address().getPort();
        PeerServer server = closing(new PeerServer(new InetSocketAddress("127.0.0.3", port), 0));
        InetSocketAddress several = InetSocketAddress.createUnresolved("several.test", port);
        // Silent, refused, silent, good: each attempt binds the local port of the previous attempt.
        openWith(Duration.ofSeconds(4), host("127.0.0.2"), host("127.0.0.4"), host("127.0.0.2"), host("127.0.0.3"));
        for (int round = 0; round < 2; round++) {
            InetSocketAddress local = new InetSocketAddress("127.0.0.1", freePort());
            AsyncSocket socket = Await.value(sockets.connect(several, options -> options.local(local)));
            assertEquals(local, socket.localAddress());
            assertEquals(server.address(), socket.remoteAddress());
            socket.abort();
            server.accept().close();
        }
        InetSocketAddress nobody = InetSocketAddress.createUnresolved(
                "several.test", closing(new RefusedPort()).port());
        InetSocketAddress local = new InetSocketAddress("127.0.0.1", freePort());
        Throwable refused = Await.failure(sockets.connect(nobody, options -> options.local(local)));
        assertEquals(4, refused.getSuppressed().length);
        for (Throwable each : refused.getSuppressed()) {
            assertTrue(each.getMessage().contains("refused"), each.toString());
        }
    }

    private int freePort() throws IOException {
        try (PeerServer any = new PeerServer()) {
            return any.port();
        }
    }
}
