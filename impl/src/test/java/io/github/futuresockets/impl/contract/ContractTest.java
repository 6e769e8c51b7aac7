package io.github.futuresockets.impl.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Background;
import io.github.futuresockets.impl.support.Descriptors;
import io.github.futuresockets.impl.support.Peer;
import io.github.futuresockets.impl.support.PeerServer;
import io.github.futuresockets.impl.support.PeerTransports;
import io.github.futuresockets.impl.support.RecordingThreads;
import io.github.futuresockets.impl.support.TlsWires;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * The ground of every test of the contract: one {@code AsyncSockets} of the provider, one conversation with a peer, and
 * after each test the proof that nothing is left: no thread, no descriptor, no exception that escaped.
 */
abstract class ContractTest {
    private static final Set<Class<?>> WARM = ConcurrentHashMap.newKeySet();

    final RecordingThreads threads = new RecordingThreads();
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private SocketContract provider;
    private int descriptorsBefore;

    AsyncSockets sockets;
    AsyncSocket socket;
    Peer peer;

    @BeforeEach
    final void begin(SocketContract contract) throws IOException {
        provider = contract;
        Peer.use(provider.wires());
        warmUp();
        descriptorsBefore = Descriptors.count();
    }

    /** Lets the JDK open what it opens once and keeps for ever: for channels of its own too, which a test may use. */
    private void warmUp() throws IOException {
        if (WARM.add(provider.getClass())) {
            new ServerSocket(0).close();
            Pipe pipe = Pipe.open();
            pipe.sink().close();
            pipe.source().close();
            try (AsyncSockets once = builder().build()) {
                int port;
                try (PeerServer server = new PeerServer()) {
                    port = server.port();
                    CompletableFuture<AsyncSocket> connected = once.connect("localhost", port);
                    server.accept().close();
                    Await.value(connected).close();
                }
                Await.failure(once.connect("localhost", port));
            }
        }
    }

    @AfterEach
    final void leaveNothing() {
        while (!opened.isEmpty()) {
            AutoCloseable next = opened.pop();
            Await.value(Background.call(() -> {
                next.close();
                return null;
            }));
        }
        Peer.use(PeerTransports.KERNEL);
        threads.awaitEnd();
        Descriptors.awaitAtMost(descriptorsBefore);
        assertEquals(List.of(), threads.escaped(), "escaped from an I/O thread");
    }

    /** Closes {@code resource} after the test. */
    final <C extends AutoCloseable> C closing(C resource) {
        opened.push(resource);
        return resource;
    }

    /** A builder of the provider that nothing has been set on. */
    final AsyncSockets.Builder builder() {
        return provider.builder();
    }

    /** Starts sockets of the provider; closed after the test. */
    final AsyncSockets open(UnaryOperator<AsyncSockets.Builder> settings) {
        sockets = closing(
                settings.apply(builder().threads(2).threadFactory(threads)).build());
        return sockets;
    }

    /** {@link #socket} is connected to {@link #peer}. */
    final void converse() {
        converse(builder -> builder);
    }

    final void converse(UnaryOperator<AsyncSockets.Builder> settings) {
        open(settings);
        connect(0);
    }

    /** A conversation with so little room in the kernel that {@link #megabytes} cannot leave while the peer reads nothing. */
    final void converseNarrowly() {
        converseNarrowly(builder -> builder);
    }

    final void converseNarrowly(UnaryOperator<AsyncSockets.Builder> settings) {
        open(builder -> settings.apply(builder.option(StandardSocketOptions.SO_SNDBUF, 16_384)));
        connect(16_384);
    }

    /** Another conversation of the same sockets. */
    final void connect(int receiveBuffer) {
        try (PeerServer server = new PeerServer(provider.address(), receiveBuffer)) {
            CompletableFuture<AsyncSocket> connected = sockets.connect(server.address());
            peer = closing(server.accept());
            socket = Await.value(connected);
        }
    }

    /** A listener where the provider's tests listen; closed after the test. */
    final AsyncServerSocket listen() throws IOException {
        return closing(sockets.listen(provider.address()));
    }

    /** An address that is free. */
    final SocketAddress address() {
        return provider.address();
    }

    /**
     * The peer reads on until it sees what an abort promises: a reset, where the provider can send one, and otherwise an end. There,
     * too, the kernel resets a connection of which bytes are unread, a ticket of TLS 1.3 for instance.
     */
    final void assertAborted(Peer seen) {
        Peer.Ending ending = seen.ending();
        if (provider.resets()) {
            assertEquals(Peer.Ending.RESET, ending);
        } else if (!isEncrypted()) {
            assertEquals(Peer.Ending.END, ending);
        }
    }

    /** The peer reads on until it sees a regular end. */
    static void assertEnded(Peer seen) {
        assertEquals(Peer.Ending.END, seen.ending());
    }

    /** For an end that goes on when the other has ended: TLS 1.2 has both end together (RFC 5246, 7.2.1). */
    final void onlyWhereOneEndMayGoOn() {
        assumeTrue(provider.wires().halfCloses(), "a half-close");
    }

    /** Whether a connect takes the time of a handshake, too. */
    final boolean isEncrypted() {
        return provider.wires() instanceof TlsWires;
    }

    /** For what only TCP has: a reset, options, ports. */
    final void onlyOverTcp() {
        assumeTrue(provider.address() instanceof InetSocketAddress, "TCP");
    }

    final boolean hasKernel() {
        return provider.wires().overTheKernel();
    }

    /** For what only the kernel has: I/O threads, descriptors, names. */
    final void onlyOverTheKernel() {
        assumeTrue(hasKernel(), "the kernel");
    }

    /** Whether that is a thread where futures are completed; without I/O threads any may be. */
    final boolean isIoThread(Thread thread) {
        return threads.made(thread) || !hasKernel();
    }

    /** Fewer descriptors are open than before, if there are any. */
    final void assertFewerDescriptors(int before) {
        assertTrue(Descriptors.count() < before || !hasKernel(), "a descriptor is still open");
    }

    /** What tells one end of a conversation from all others. */
    static String nameOf(SocketAddress address) {
        return address instanceof InetSocketAddress
                ? String.valueOf(((InetSocketAddress) address).getPort())
                : address.toString();
    }

    /** Much more than a narrow conversation takes. */
    static byte[] megabytes(int count) {
        byte[] bytes = new byte[count << 20];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i >> 8 ^ i);
        }
        return bytes;
    }

    /** Waits until so many bytes were read ahead: they are here, though no read has got them yet. */
    final void awaitBuffered(int bytes) {
        Await.until(() -> bytes + " bytes in the buffer, not " + socket.buffered(), () -> socket.buffered() == bytes);
    }

    /** Runs {@code step} on an I/O thread of {@link #socket}: in the callback of a read. */
    final void onIoThread(ThrowingStep step) {
        CompletableFuture<Integer> read = socket.read(ByteBuffer.allocate(1));
        AtomicReference<Throwable> failure = new AtomicReference<>();
        CompletableFuture<Boolean> ran = new CompletableFuture<>();
        read.whenComplete((count, failed) -> {
            try {
                step.run();
            } catch (Throwable e) {
                failure.set(e);
            } finally {
                ran.complete(isIoThread(Thread.currentThread()));
            }
        });
        peer.send("!");
        assertEquals(true, Await.value(ran), "on an I/O thread");
        if (failure.get() != null) {
            throw new AssertionError("on the I/O thread: " + failure.get(), failure.get());
        }
    }

    /** What may throw. */
    interface ThrowingStep {
        void run() throws Exception;
    }
}
