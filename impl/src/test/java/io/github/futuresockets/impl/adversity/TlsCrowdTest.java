package io.github.futuresockets.impl.adversity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncLoop;
import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.MemoryNetwork;
import io.github.futuresockets.ShutdownReport;
import io.github.futuresockets.TlsOptions;
import io.github.futuresockets.impl.TestAccess;
import io.github.futuresockets.impl.stress.Patience;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Descriptors;
import io.github.futuresockets.impl.support.TestCertificates;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests many handshakes at once, and stalled handshakes beside good handshakes. */
class TlsCrowdTest extends AdversityBase {
    private static final TlsOptions CLIENT = TlsOptions.client().context(TestCertificates.client());
    private static final TlsOptions SERVER = TlsOptions.server(TestCertificates.server());
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final InetSocketAddress ANY = new InetSocketAddress("127.0.0.1", 0);

    private final Queue<Throwable> told = new ConcurrentLinkedQueue<>();

    private AsyncServerSocket serve(TlsOptions options) throws IOException {
        open(builder -> builder.onError((socket, failure) -> told.add(failure)));
        AsyncServerSocket server =
                sockets.listen(ANY, chosen -> chosen.tls(options).backlog(1_024));
        server.serve(socket -> AsyncLoop.forEach(socket::readLine, socket::writeLine));
        return server;
    }

    private static CompletableFuture<String> echo(AsyncSocket socket, String line) {
        socket.writeLine(line);
        return socket.readLine();
    }

    private void handshakes(int count) throws IOException {
        int before = Descriptors.count();
        AsyncServerSocket server = serve(SERVER.handshakeTimeout(LONG));
        List<CompletableFuture<AsyncSocket>> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(sockets.connectTls("localhost", server.port(), CLIENT.handshakeTimeout(LONG)));
        }
        for (int i = 0; i < count; i++) {
            CompletableFuture<AsyncSocket> one = all.get(i);
            Patience.done(Duration.ofMinutes(2), one, () -> "a handshake");
            AsyncSocket socket = Await.value(one);
            assertEquals("line " + i, Await.value(echo(socket, "line " + i)));
            socket.close();
        }
        Await.until("all connections to end", () -> sockets.stats().open() == 0);
        assertEquals(List.of(), List.copyOf(told));
        server.close();
        sockets.close();
        Descriptors.awaitAtMost(before);
    }

    @Test
    void handshakes_hundredAtOnce_succeed() throws IOException {
        handshakes(100);
    }

    @Test
    @Tag("stress")
    void handshakes_thousandAtOnce_succeed() throws IOException {
        handshakes(1_000);
    }

    /** Clients stalled within the handshake do not delay other clients. The shutdown ends the stalled connections. */
    @Test
    void stalledHandshakes_fewOtherClients_holdUpNone() throws IOException {
        stopped(200, 20);
    }

    @Test
    @Tag("stress")
    void stalledHandshakes_manyOtherClients_holdUpNone() throws IOException {
        stopped(200, 200);
    }

    private void stopped(int bad, int others) throws IOException {
        AsyncServerSocket server = serve(SERVER.handshakeTimeout(Duration.ofHours(1)));
        List<AsyncSocket> stopped = new ArrayList<>();
        for (int i = 0; i < bad; i++) {
            AsyncSocket plain = Await.value(sockets.connect(server.localAddress()));
            plain.write(new byte[] {22, 3, 1, 2, 0, 1});
            stopped.add(plain);
        }
        for (int i = 0; i < others; i++) {
            AsyncSocket good = Await.value(sockets.connectTls("localhost", server.port(), CLIENT));
            assertEquals("good", Await.value(echo(good, "good")));
            good.close();
        }
        Await.until("all but those to end", () -> sockets.stats().open() == 2 * bad);
        assertTrue(stopped.stream().allMatch(AsyncSocket::isOpen));
        ShutdownReport report = Await.value(server.shutdown(Duration.ofMillis(100)));
        assertTrue(report.aborted() + report.drained() <= bad, report.toString());
        stopped.forEach(each -> Await.value(each.readLine().handle((line, failure) -> assertNullOrReset(line))));
        stopped.forEach(AsyncSocket::close);
        Await.until("all connections to end", () -> sockets.stats().open() == 0);
        assertTrue(told.stream().allMatch(ClosedChannelException.class::isInstance), told.toString());
    }

    private static boolean assertNullOrReset(String line) {
        assertEquals(null, line);
        return true;
    }

    /**
     * Clients send a byte per second of virtual time and fail exactly at the time-out. Other clients finish at once.
     */
    @Test
    void slowHandshakes_byteEverySecond_timeOutAlone() throws IOException {
        List<Throwable> failures = new ArrayList<>();
        MemoryNetwork network =
                MemoryNetwork.create(settings -> settings.onError((socket, failure) -> failures.add(failure)));
        AsyncServerSocket server = network.listen(ANY, chosen -> chosen.tls(SERVER));
        server.serve(socket -> AsyncLoop.forEach(socket::readLine, socket::writeLine));
        List<AsyncSocket> slow = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            slow.add(network.connect(server.localAddress()).join());
        }
        byte[] hello = new byte[] {22, 3, 1, 2, 0, 1, 0, 1, (byte) 252, 3, 3};
        for (int second = 0; second < 10; second++) {
            assertEquals(List.of(), failures);
            byte next = hello[second];
            slow.forEach(each -> each.write(new byte[] {next}));
            for (int i = 0; i < 5; i++) {
                CompletableFuture<AsyncSocket> good = network.connectTls("localhost", server.port(), CLIENT);
                assertTrue(good.isDone(), "a good one waits");
                CompletableFuture<String> line = echo(good.join(), "good");
                assertEquals("good", Await.value(line));
                good.join().close();
            }
            network.advance(Duration.ofSeconds(1));
        }
        assertEquals(200, failures.size());
        failures.forEach(each -> assertInstanceOf(SocketTimeoutException.class, each));
        assertTrue(
                failures.get(0).getMessage().contains("PT10S"), failures.get(0).getMessage());

        slow.forEach(AsyncSocket::abort);
        network.shutdown(Duration.ZERO);
        assertEquals(0, network.stats().open());
        assertEquals(0, TestAccess.alarms(network), "timers are left");
    }

    @Test
    void connectTls_silentServer_timesOut() throws IOException {
        MemoryNetwork network = MemoryNetwork.create();
        AsyncServerSocket silent = network.listen(ANY);
        CompletableFuture<AsyncSocket> far = silent.accept();
        CompletableFuture<AsyncSocket> connected =
                network.connectTls("localhost", silent.port(), CLIENT.handshakeTimeout(Duration.ofSeconds(3)));
        network.advance(Duration.ofSeconds(3).minusNanos(1));
        assertFalse(connected.isDone());
        network.advance(Duration.ofNanos(1));
        Throwable late = Await.failure(SocketTimeoutException.class, connected);
        assertTrue(late.getMessage().contains("127.0.0.1") && late.getMessage().contains("PT3S"), late.getMessage());
        far.join().abort();
        network.close();
        assertEquals(0, TestAccess.alarms(network), "timers are left");
    }
}
