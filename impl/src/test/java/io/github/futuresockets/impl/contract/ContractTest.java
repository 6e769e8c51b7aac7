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
 * The base class of the contract tests. A test opens {@link #sockets} of the provider and connects {@link #socket} to
 * {@link #peer}. After each test, {@link #leaveNothing} asserts the following:
 *
 * <ul>
 *   <li>All I/O threads have ended.
 *   <li>No descriptor is left open.
 *   <li>No exception has escaped from an I/O thread.
 * </ul>
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

    /** Opens the descriptors cached by the JDK for ever, so that they are open before the first count. */
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

    /** Returns a new builder of the provider, without any setting. */
    final AsyncSockets.Builder builder() {
        return provider.builder();
    }

    /** Starts {@link #sockets} of the provider, with two I/O threads by default. They are closed after the test. */
    final AsyncSockets open(UnaryOperator<AsyncSockets.Builder> settings) {
        sockets = closing(
                settings.apply(builder().threads(2).threadFactory(threads)).build());
        return sockets;
    }

    /** Starts {@link #sockets}, and connects {@link #socket} to {@link #peer}. */
    final void converse() {
        converse(builder -> builder);
    }

    final void converse(UnaryOperator<AsyncSockets.Builder> settings) {
        open(settings);
        connect(0);
    }

    /** Connects with small kernel buffers. A write of {@link #megabytes} is pending while the peer reads nothing. */
    final void converseNarrowly() {
        converseNarrowly(builder -> builder);
    }

    final void converseNarrowly(UnaryOperator<AsyncSockets.Builder> settings) {
        open(builder -> settings.apply(builder.option(StandardSocketOptions.SO_SNDBUF, 16_384)));
        connect(16_384);
    }

    /** Connects a new {@link #socket} to a new {@link #peer}. A {@code receiveBuffer} of 0 is the kernel's default. */
    final void connect(int receiveBuffer) {
        try (PeerServer server = new PeerServer(provider.address(), receiveBuffer)) {
            CompletableFuture<AsyncSocket> connected = sockets.connect(server.address());
            Peer accepted = server.accept();
            socket = Await.value(connected);
            while (socket.localAddress() instanceof InetSocketAddress own && !own.equals(accepted.remoteAddress())) {
                // A test in another process may have connected to the port.
                accepted.close();
                accepted = server.accept();
            }
            peer = closing(accepted);
        }
    }

    /** Listens on a free address of the provider. The listener is closed after the test. */
    final AsyncServerSocket listen() throws IOException {
        return closing(sockets.listen(provider.address()));
    }

    /** Returns a free address of the provider. */
    final SocketAddress address() {
        return provider.address();
    }

    /**
     * Asserts the ending of an aborted connection, as read by {@code seen}:
     *
     * <ul>
     *   <li>If the provider sends resets, the ending is a reset.
     *   <li>Otherwise, and without encryption, the ending is an end of stream.
     *   <li>Otherwise, over TLS, both endings are correct. Because the kernel resets a connection with unread bytes, an
     *       unread ticket of TLS 1.3 causes a reset.
     * </ul>
     */
    final void assertAborted(Peer seen) {
        Peer.Ending ending = seen.ending();
        if (provider.resets()) {
            assertEquals(Peer.Ending.RESET, ending);
        } else if (!isEncrypted()) {
            assertEquals(Peer.Ending.END, ending);
        }
    }

    /** Reads at {@code seen} until the connection is over, and asserts an end of stream. */
    static void assertEnded(Peer seen) {
        assertEquals(Peer.Ending.END, seen.ending());
    }

    /** Skips the test if a half-close is impossible. TLS 1.2 closes both directions together (RFC 5246, 7.2.1). */
    final void onlyWhereOneEndMayGoOn() {
        assumeTrue(provider.wires().halfCloses(), "a half-close");
    }

    /** Returns true if connections use TLS. Each connect then takes the time of a handshake, too. */
    final boolean isEncrypted() {
        return provider.wires() instanceof TlsWires;
    }

    /** Skips the test without TCP addresses. Only TCP has resets, TCP options and ports. */
    final void onlyOverTcp() {
        assumeTrue(provider.address() instanceof InetSocketAddress, "TCP");
    }

    final boolean hasKernel() {
        return provider.wires().overTheKernel();
    }

    /** Skips the test without a kernel. Only the kernel has I/O threads, descriptors and host names. */
    final void onlyOverTheKernel() {
        assumeTrue(hasKernel(), "the kernel");
    }

    /** Returns true if {@code thread} is an I/O thread. Without a kernel, any thread counts as an I/O thread. */
    final boolean isIoThread(Thread thread) {
        return threads.made(thread) || !hasKernel();
    }

    /** Asserts that fewer than {@code before} descriptors are open. Without a kernel, the assertion always holds. */
    final void assertFewerDescriptors(int before) {
        assertTrue(Descriptors.count() < before || !hasKernel(), "a descriptor is still open");
    }

    /** Returns the port of a TCP address, or the text of any other address. Failure messages contain this name. */
    static String nameOf(SocketAddress address) {
        return address instanceof InetSocketAddress
                ? String.valueOf(((InetSocketAddress) address).getPort())
                : address.toString();
    }

    /** Returns {@code count} MiB of bytes, far more than the kernel buffers of {@link #converseNarrowly()} hold. */
    static byte[] megabytes(int count) {
        byte[] bytes = new byte[count << 20];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i >> 8 ^ i);
        }
        return bytes;
    }

    /** Waits until the read buffer of {@link #socket} holds exactly {@code bytes} bytes. */
    final void awaitBuffered(int bytes) {
        Await.until(() -> bytes + " bytes in the buffer, not " + socket.buffered(), () -> socket.buffered() == bytes);
    }

    /** Runs {@code step} on the I/O thread of {@link #socket}, in the callback of a read. */
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

    /** A step of a test, with checked exceptions. */
    interface ThrowingStep {
        void run() throws Exception;
    }
}
