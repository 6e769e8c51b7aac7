package io.github.futuresockets.impl.adversity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.IncompleteReadException;
import io.github.futuresockets.impl.stress.ConnectionPair;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Descriptors;
import io.github.futuresockets.impl.support.Peer;
import io.github.futuresockets.impl.support.Program;
import io.github.futuresockets.impl.support.SilentAddress;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AcceptPendingException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Tests typical bugs of programs on a thin wrapper of asynchronous channels. The library must make the bugs harmless or
 * report an error.
 */
class BrokenProgramsTest extends AdversityBase {

    @Test
    void echoLoop_endOfStreamUnchecked_terminates() {
        try (ConnectionPair link = link()) {
            AtomicInteger turns = new AtomicInteger();
            CompletableFuture<Void> echo = echo(link.near(), turns);
            link.far().send("hello").end();
            assertEquals("hello", link.far().text(5));
            assertInstanceOf(NullPointerException.class, Await.failure(echo), "nobody can write a null");
            assertTrue(turns.get() <= 6, "turns: " + turns);
        }
    }

    private static CompletableFuture<Void> echo(AsyncSocket socket, AtomicInteger turns) {
        turns.incrementAndGet();
        return socket.readSome(512).thenCompose(socket::write).thenCompose(done -> echo(socket, turns));
    }

    @Test
    void write_largerThanSendBuffer_losesNoByte() {
        try (ConnectionPair link = narrow(builder -> builder)) {
            byte[] message = new byte[2 << 20];
            for (int i = 0; i < message.length; i++) {
                message[i] = (byte) (i ^ i >> 9);
            }
            CompletableFuture<Void> write = link.near().write(ByteBuffer.wrap(message));
            assertArrayEquals(message, link.far().receive(message.length));
            Await.value(write);
        }
    }

    @Test
    void recursion_overCompletedFutures_doesNotOverflowStack() {
        try (ConnectionPair link = link()) {
            link.far().send("\n".repeat(200_000)).end();
            assertEquals(200_000, Await.value(count(link.near(), 0)));
        }
    }

    private static CompletableFuture<Integer> count(AsyncSocket socket, int before) {
        return socket.readLine()
                .thenCompose(
                        line -> line == null ? CompletableFuture.completedFuture(before) : count(socket, before + 1));
    }

    @Test
    void readSome_onTwoConnections_usesSeparateBuffers() {
        try (ConnectionPair one = link();
                ConnectionPair two = link()) {
            CompletableFuture<ByteBuffer> first = one.near().readSome(100);
            CompletableFuture<ByteBuffer> second = two.near().readSome(100);
            one.far().send("one");
            two.far().send("two");
            assertNotSame(Await.value(first).array(), Await.value(second).array());
            assertEquals("one two", Frame.text(first.join()) + " " + Frame.text(second.join()));
        }
    }

    @Test
    void accept_repeatedWhilePending_losesNoConnection() throws IOException {
        open(builder -> builder);
        AsyncServerSocket listener = sockets.listen("127.0.0.1", 0);
        CompletableFuture<AsyncSocket> accept = listener.accept();
        for (int i = 0; i < 1_000; i++) {
            Await.failure(AcceptPendingException.class, listener.accept());
        }
        try (Peer first = Peer.connect(listener.localAddress());
                Peer second = Peer.connect(listener.localAddress())) {
            assertEquals(
                    Set.of(first.address(), second.address()),
                    Set.of(
                            Await.value(accept).remoteAddress(),
                            Await.value(listener.accept()).remoteAddress()));
        }
    }

    @Test
    void readExactly_bytesArriveSingly_doesNotUnderflow() {
        try (ConnectionPair link = link()) {
            CompletableFuture<Integer> number = link.near().readExactly(4).thenApply(ByteBuffer::getInt);
            for (byte each : new byte[] {1, 2, 3, 4}) {
                int before = each - 1;
                Await.until("a single byte", () -> link.near().buffered() == before);
                link.far().send(each);
            }
            assertEquals(0x01020304, Await.value(number));
        }
    }

    @Test
    void readExactly_incomplete_failsDependentStage() {
        try (ConnectionPair link = link()) {
            CompletableFuture<String> result = link.near()
                    .readExactly(4)
                    .thenCompose(length -> link.near().readExactly(length.getInt()))
                    .thenApply(Frame::text);
            link.far().send((byte) 0, (byte) 0, (byte) 0).end();
            IncompleteReadException bare = Await.failure(IncompleteReadException.class, result);
            assertEquals(3, bare.partial().remaining());
        }
    }

    @Test
    void readMessage_startOfNextArrivesToo_keepsBytes() {
        try (ConnectionPair link = link()) {
            CompletableFuture<String> first = link.near().readMessage(new Frame.Prefixed());
            link.far().send("\0\0\0\3one\0\0\0\3tw");
            assertEquals("one", Await.value(first));
            CompletableFuture<String> second = link.near().readMessage(new Frame.Prefixed());
            link.far().send("o");
            assertEquals("two", Await.value(second));
        }
    }

    @Test
    void readExactly_hugeLength_allocatesNothingInAdvance() {
        try (ConnectionPair warm = link()) {
            Await.value(warm.near().writeLine("warm"));
            List<ConnectionPair> links = new ArrayList<>();
            List<CompletableFuture<?>> bodies = new ArrayList<>();
            long before = used();
            for (int i = 0; i < 64; i++) {
                ConnectionPair link = link();
                links.add(link);
                bodies.add(link.near()
                        .readExactly(4)
                        .thenCompose(length -> link.near().readExactly(length.getInt())));
                link.far().send((byte) 0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 'x');
            }
            links.forEach(each ->
                    Await.until("the body's first byte", () -> each.near().buffered() == 1));
            long grown = used() - before;
            assertTrue(grown < 32L << 20, "64 reads of 2 GiB each, of which one byte came, hold " + grown + " bytes");
            links.forEach(each -> each.far().end());
            bodies.forEach(each -> Await.failure(IncompleteReadException.class, each));
            links.forEach(ConnectionPair::close);
        }
    }

    private static long used() {
        System.gc();
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void handler_endOfStreamOrReset_leaksNoDescriptor() throws IOException {
        open(builder -> builder);
        AsyncServerSocket listener = sockets.listen("127.0.0.1", 0);
        Peer.connect(listener.localAddress()).close();
        Await.value(Await.value(listener.accept()).readAll(1));
        int before = Descriptors.count();
        accept(listener);
        for (int i = 0; i < 200; i++) {
            Peer peer = Peer.connect(listener.localAddress());
            peer.send("a line\n");
            if (i % 2 == 0) {
                peer.end();
            } else {
                peer.reset();
            }
            peer.close();
        }
        Descriptors.awaitAtMost(before);
    }

    private static void accept(AsyncServerSocket listener) {
        listener.accept().thenAccept(socket -> {
            lines(socket).whenComplete((done, failure) -> socket.close());
            accept(listener);
        });
    }

    private static CompletableFuture<Void> lines(AsyncSocket socket) {
        return socket.expectLine().thenCompose(line -> lines(socket));
    }

    @Test
    void accept_withoutDescriptors_waitsForSome() throws Exception {
        String said = DescriptorsExhausted.run(provider());
        assertTrue(said.contains("accepted all"), said);
    }

    @Test
    void callback_holdingIoThread_isLoggedOncePerHoldWithStack() throws Exception {
        String said = new Program(HeldThread.class).run(provider());
        assertEquals(2, said.split("is held by a callback", -1).length - 1, said);
        assertEquals(2, said.split("HeldThread.holdTheThread", -1).length - 1, said);
    }

    /** 1,000 clients connect to a server with at most 64 descriptors. */
    @Test
    void serve_moreClientsThanDescriptors_servesAllEventually() throws Exception {
        Process server = new Program(FewDescriptors.class).shell("ulimit -n 64").start(provider());
        List<String> said = new ArrayList<>();
        try (BufferedReader out = server.inputReader();
                BufferedWriter in = server.outputWriter()) {
            InetSocketAddress address = new InetSocketAddress("127.0.0.1", port(out));
            warmUp(address);
            List<Peer> clients = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                clients.add(Peer.connect(address));
            }
            long before = ask(in, out, said);
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(2));
            long used = ask(in, out, said) - before;
            for (int i = 0; i < clients.size(); i++) {
                clients.get(i).send(i + "\n");
                assertEquals(i + "\n", clients.get(i).textToEnd());
                clients.get(i).close();
            }
            ask(in, out, said);
            System.out.println(provider() + ": " + used + " ms of processor time in 2 s, said " + said);
            assertTrue(used <= 100, used + " ms of processor time in 2 s without descriptors");
            assertTrue(said.size() < 20, said.toString());
            assertTrue(said.toString().contains("Too many open files"), said.toString());
        } finally {
            server.destroyForcibly();
        }
    }

    /** Makes the server load all classes of a conversation, because loading a class takes a descriptor. */
    private static void warmUp(InetSocketAddress address) {
        for (int i = 0; i < 200; i++) {
            try (Peer client = Peer.connect(address)) {
                client.send("warm\n").awaitOver();
            }
        }
    }

    private static int port(BufferedReader out) throws IOException {
        String line = out.readLine();
        while (!line.matches("\\d+")) {
            line = out.readLine();
        }
        return Integer.parseInt(line);
    }

    /**
     * Returns the processor time of the server in milliseconds. Other lines of its output are added to {@code said}.
     */
    private static long ask(BufferedWriter in, BufferedReader out, List<String> said) throws IOException {
        in.write("\n");
        in.flush();
        String line = out.readLine();
        while (!line.matches("\\d+")) {
            said.add(line);
            line = out.readLine();
        }
        return Long.parseLong(line);
    }

    @Test
    void unreadSocket_peerSendsEndlessly_costsLittleMemoryAndCpu() throws Exception {
        String said = new Program(SenderForEver.class).run(provider());
        System.out.println(provider() + ": " + said.replace('\n', ' '));
        assertTrue(number(said, "processor time") < 250, said);
        assertTrue(number(said, "buffered") <= 20 * 65_536, said);
        assertTrue(number(said, "direct") <= 20 * 70_000 + (1 << 20), said);
    }

    private static long number(String said, String name) {
        Matcher found = Pattern.compile(name + ": (\\d+)").matcher(said);
        assertTrue(found.find(), said);
        return Long.parseLong(found.group(1));
    }

    @Test
    void connect_refusedOrTimedOut_failsFuture() throws IOException {
        open(builder -> builder.connectTimeout(Duration.ofMillis(300)));
        InetSocketAddress closed;
        try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = (InetSocketAddress) gone.getLocalSocketAddress();
        }
        ConnectException refused = Await.failure(ConnectException.class, sockets.connect(closed));
        assertTrue(refused.getMessage().contains(String.valueOf(closed.getPort())), refused.getMessage());
        try (SilentAddress silent = new SilentAddress()) {
            Await.failure(SocketTimeoutException.class, sockets.connect(silent.address()));
        }
    }

    @Test
    void join_onIoThread_isRefused() {
        try (ConnectionPair link = link()) {
            CompletableFuture<String> second = link.near()
                    .readLine()
                    .thenApply(line -> line + link.near().readLine().join());
            link.far().send("one\n");
            assertInstanceOf(IllegalStateException.class, Await.failure(second));
        }
    }

    @Test
    void callback_blockingOnExecutor_holdsUpNoOtherConnection() {
        ExecutorService pool = Executors.newCachedThreadPool();
        try {
            open(builder -> builder.executor(pool).threads(1));
            BlockingQueue<String> queue = new LinkedBlockingQueue<>();
            try (ConnectionPair blocked = link();
                    ConnectionPair other = link()) {
                CompletableFuture<String> taken = blocked.near().readLine().thenApply(line -> {
                    try {
                        return queue.take();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
                blocked.far().send("go\n");
                CompletableFuture<String> line = other.near().readLine();
                other.far().send("still here\n");
                assertEquals("still here", Await.value(line));
                queue.add("done");
                assertEquals("done", Await.value(taken));
            }
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void write_sourceReused_sendsOriginalContent() {
        try (ConnectionPair link = narrow(builder -> builder)) {
            StringBuilder text = new StringBuilder("x".repeat(1 << 20));
            CompletableFuture<Void> write = link.near().write(text);
            text.setLength(0);
            text.append("y".repeat(1 << 20));
            ByteBuffer buffer = ByteBuffer.allocate(4);
            CompletableFuture<Void> numbers = CompletableFuture.runAsync(() -> {
                for (int i = 0; i < 1_000; i++) {
                    Await.value(link.near().write(buffer.clear().putInt(i).flip()));
                }
            });
            assertEquals("x".repeat(1 << 20), link.far().text(1 << 20));
            for (int i = 0; i < 1_000; i++) {
                assertEquals(i, ByteBuffer.wrap(link.far().receive(4)).getInt());
            }
            Await.value(write);
            Await.value(numbers);
        }
    }
}
