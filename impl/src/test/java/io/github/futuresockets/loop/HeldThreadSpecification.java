package io.github.futuresockets.loop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.impl.support.Seeds;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.Channels;
import java.nio.channels.CompletionHandler;
import java.nio.channels.InterruptedByTimeoutException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Tests of handlers that block. In some tests, handlers hold all threads of a group except a single thread. In other
 * tests, handlers wait for operations of their own group.
 */
abstract class HeldThreadSpecification extends ProviderFixture {
    private static final int THREADS = 3;
    private static final String NAME = "several";

    /** Released to end the handlers that hold threads. */
    private final CountDownLatch release = new CountDownLatch(1);

    private final List<SocketChannel> peers = new ArrayList<>();

    /** The threads that the group has created. */
    private final Set<Thread> made = ConcurrentHashMap.newKeySet();

    private AsynchronousChannelGroup several;
    private AsynchronousServerSocketChannel server;

    @BeforeEach
    void openGroup() throws Exception {
        several = open(THREADS, task -> {
            Thread thread = new Thread(task, NAME);
            made.add(thread);
            return thread;
        });
        server = listener(several);
    }

    /** Opens a group that has {@code threads} threads while no handler holds a thread. */
    abstract AsynchronousChannelGroup open(int threads, ThreadFactory factory) throws IOException;

    /** Returns true if the group never has more threads. */
    abstract boolean isFixed();

    @AfterEach
    void endGroup() throws Exception {
        release.countDown();
        for (SocketChannel each : peers) {
            each.close();
        }
        end(several);
        assertTrue(!isFixed() || made.size() <= THREADS, made::toString);
    }

    private record Pair(AsynchronousSocketChannel near, SocketChannel far) {}

    private Pair pair() throws Exception {
        Future<AsynchronousSocketChannel> accept = server.accept();
        SocketChannel far = SocketChannel.open(server.getLocalAddress());
        peers.add(far);
        return new Pair(get(accept), far);
    }

    private List<Pair> pairs(int count) throws Exception {
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            pairs.add(pair());
        }
        return pairs;
    }

    /** A handler that runs a step on a thread of the group, and records the result of the step. */
    private final class Doing extends Outcome<Integer> {
        private final Step step;

        Doing(Step step) {
            this.step = step;
        }

        @Override
        public void completed(Integer value, Object attachment) {
            try {
                super.completed(step.run(value), attachment);
            } catch (Throwable e) {
                failed(e, attachment);
            }
        }
    }

    private interface Step {
        int run(int value) throws Exception;
    }

    /** Blocks the thread until {@link #release}. */
    private int hold(int value) throws InterruptedException {
        release.await();
        return value;
    }

    /** Holds all threads except a single thread in handlers. Returns the outcomes of the handlers. */
    private List<Outcome<Integer>> holdAllButOne(List<Pair> pairs) throws Exception {
        CountDownLatch held = new CountDownLatch(THREADS - 1);
        List<Outcome<Integer>> outcomes = new ArrayList<>();
        for (int i = 0; i < THREADS - 1; i++) {
            Outcome<Integer> holding = new Doing(value -> {
                held.countDown();
                return hold(value);
            });
            outcomes.add(holding);
            pairs.get(i).near.read(ByteBuffer.allocate(8), null, holding);
            pairs.get(i).far.write(bytes(1));
        }
        assertTrue(held.await(PATIENCE, TimeUnit.SECONDS));
        return outcomes;
    }

    @Test
    void otherChannels_allThreadsButOneHeld_goOn() throws Exception {
        List<Pair> pairs = pairs(24);
        List<Outcome<Integer>> holding = holdAllButOne(pairs);
        for (int round = 0; round < 3; round++) {
            List<Outcome<Integer>> reads = new ArrayList<>();
            for (Pair each : pairs.subList(THREADS, pairs.size())) {
                Outcome<Integer> read = new Outcome<>();
                each.near.read(ByteBuffer.allocate(8), null, read);
                reads.add(read);
                each.far.write(bytes(1, 2));
            }
            for (Outcome<Integer> each : reads) {
                assertEquals(2, each.value());
                assertEquals(NAME, each.thread().getName());
            }
        }
        release.countDown();
        for (Outcome<Integer> each : holding) {
            assertEquals(1, each.value());
        }
        for (Pair each : pairs) {
            Outcome<Integer> read = new Outcome<>();
            each.near.read(ByteBuffer.allocate(8), null, read);
            each.far.write(bytes(1));
            assertEquals(1, read.value());
        }
    }

    @Test
    void connections_allThreadsButOneHeld_areAccepted() throws Exception {
        // The group assigns channels to threads in rotation, so the accepting thread is held too.
        holdAllButOne(pairs(THREADS).subList(1, THREADS));
        CountDownLatch accepted = new CountDownLatch(9);
        server.accept(null, new CompletionHandler<>() {
            @Override
            public void completed(AsynchronousSocketChannel channel, Object attachment) {
                server.accept(null, this);
                channel.write(bytes(7), null, new Outcome<>());
                accepted.countDown();
            }

            @Override
            public void failed(Throwable failure, Object attachment) {
                assertInstanceOf(AsynchronousCloseException.class, failure);
            }
        });
        for (int i = 0; i < 9; i++) {
            SocketChannel far = SocketChannel.open(server.getLocalAddress());
            peers.add(far);
            assertEquals(1, far.read(ByteBuffer.allocate(8)));
        }
        assertTrue(accepted.await(PATIENCE, TimeUnit.SECONDS));
    }

    @Test
    void timeOuts_allThreadsButOneHeld_come() throws Exception {
        List<Pair> pairs = pairs(2 * THREADS);
        holdAllButOne(pairs);
        for (Pair each : pairs.subList(THREADS, pairs.size())) {
            Outcome<Integer> late = new Outcome<>();
            each.near.read(ByteBuffer.allocate(8), 5, TimeUnit.MILLISECONDS, null, late);
            assertInstanceOf(InterruptedByTimeoutException.class, late.failure());
            assertEquals(NAME, late.thread().getName());
        }
    }

    @Test
    void tasks_allThreadsButOneHeld_run() throws Exception {
        holdAllButOne(pairs(THREADS));
        CountDownLatch ran = new CountDownLatch(12);
        Set<Thread> used = ConcurrentHashMap.newKeySet();
        for (int i = 0; i < 12; i++) {
            ((Executor) several).execute(() -> {
                used.add(Thread.currentThread());
                ran.countDown();
            });
        }
        assertTrue(ran.await(PATIENCE, TimeUnit.SECONDS));
        assertTrue(made.containsAll(used));
    }

    @Test
    void write_readHandlerOfSameChannelBlocks_completes() throws Exception {
        Pair pair = pair();
        CountDownLatch held = new CountDownLatch(1);
        Outcome<Integer> read = new Doing(value -> {
            held.countDown();
            return hold(value);
        });
        pair.near.read(ByteBuffer.allocate(8), null, read);
        pair.far.write(bytes(1));
        assertTrue(held.await(PATIENCE, TimeUnit.SECONDS));
        Outcome<Integer> write = new Outcome<>();
        pair.near.write(bytes(1, 2), null, write);
        assertEquals(2, write.value());
        assertEquals(NAME, write.thread().getName());
        release.countDown();
        assertEquals(1, read.value());
    }

    @Test
    void close_handlerBlocks_failsOutstandingOperations() throws Exception {
        List<Pair> pairs = pairs(2 * THREADS);
        List<Outcome<Integer>> reads = new ArrayList<>();
        for (Pair each : pairs.subList(THREADS, pairs.size())) {
            Outcome<Integer> read = new Outcome<>();
            each.near.read(ByteBuffer.allocate(8), null, read);
            reads.add(read);
        }
        List<Outcome<Integer>> holding = holdAllButOne(pairs);
        several.shutdownNow();
        for (Outcome<Integer> each : reads) {
            assertInstanceOf(AsynchronousCloseException.class, each.failure());
        }
        release.countDown();
        for (Outcome<Integer> each : holding) {
            assertEquals(1, each.value());
        }
        assertTrue(several.awaitTermination(PATIENCE, TimeUnit.SECONDS));
    }

    @Test
    void write_waitedForInAHandler_completes() throws Exception {
        Pair pair = pair();
        CountDownLatch full = new CountDownLatch(1);
        Outcome<Integer> read = new Doing(value -> {
            Future<Integer> waiting = fill(pair.near);
            full.countDown();
            int count = get(waiting);
            pair.near.shutdownOutput();
            return count;
        });
        pair.near.read(ByteBuffer.allocate(8), null, read);
        pair.far.write(bytes(1));
        assertTrue(full.await(PATIENCE, TimeUnit.SECONDS));
        ByteBuffer sink = ByteBuffer.allocate(1 << 16);
        while (pair.far.read(sink.clear()) >= 0) {
            continue;
        }
        assertTrue(read.value() > 0);
    }

    @Test
    void reads_waitedForInHandlersOnAllThreadsButOne_complete() throws Exception {
        List<Pair> pairs = pairs(THREADS - 1);
        List<Outcome<Integer>> outcomes = new ArrayList<>();
        CountDownLatch waiting = new CountDownLatch(THREADS - 1);
        for (Pair each : pairs) {
            Outcome<Integer> first = new Doing(value -> {
                Future<Integer> next = each.near.read(ByteBuffer.allocate(8));
                waiting.countDown();
                return get(next);
            });
            each.near.read(ByteBuffer.allocate(8), null, first);
            outcomes.add(first);
            each.far.write(bytes(1));
        }
        assertTrue(waiting.await(PATIENCE, TimeUnit.SECONDS));
        for (Pair each : pairs) {
            each.far.write(bytes(1, 2, 3));
        }
        for (Outcome<Integer> each : outcomes) {
            assertEquals(3, each.value());
        }
    }

    @Test
    void outputStream_inAHandler_writesAll() throws Exception {
        Pair pair = pair();
        byte[] all = new byte[8 << 20];
        Seeds.random("bytes of a stream").nextBytes(all);
        Outcome<Integer> read = new Doing(value -> {
            OutputStream out = Channels.newOutputStream(pair.near);
            out.write(all);
            pair.near.shutdownOutput();
            return all.length;
        });
        pair.near.read(ByteBuffer.allocate(8), null, read);
        pair.far.write(bytes(1));
        byte[] got = Channels.newInputStream(pair.far).readAllBytes();
        assertArrayEquals(all, got);
        assertEquals(all.length, read.value());
    }

    /** Handlers hold their threads for random times. Each byte is echoed exactly once and in order. */
    @Test
    void echo_handlersHoldNowAndThen_losesNothing() throws Exception {
        Random random = Seeds.random("handlers that hold");
        List<Pair> pairs = pairs(16);
        Semaphore waiting = new Semaphore(THREADS - 1);
        for (Pair each : pairs) {
            new Echo(each.near, new Random(random.nextLong()), waiting).start();
        }
        List<CompletableFuture<Integer>> clients = new ArrayList<>();
        for (Pair each : pairs) {
            Random own = new Random(random.nextLong());
            CompletableFuture<Integer> client = new CompletableFuture<>();
            clients.add(client);
            Thread thread = new Thread(() -> {
                try {
                    client.complete(converse(each.far, own));
                } catch (Throwable e) {
                    client.completeExceptionally(e);
                }
            });
            thread.setDaemon(true);
            thread.start();
        }
        for (CompletableFuture<Integer> each : clients) {
            assertEquals(ROUNDS, each.get(2 * PATIENCE, TimeUnit.SECONDS));
        }
    }

    private static final int ROUNDS = 200;

    /** Sends random messages and compares the echoes. Returns the number of rounds. */
    private static int converse(SocketChannel far, Random random) throws IOException {
        ByteBuffer got = ByteBuffer.allocate(64);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] message = new byte[1 + random.nextInt(64)];
            random.nextBytes(message);
            far.write(ByteBuffer.wrap(message));
            got.clear().limit(message.length);
            while (got.hasRemaining()) {
                assertTrue(far.read(got) > 0);
            }
            assertEquals(ByteBuffer.wrap(message), got.flip());
        }
        return ROUNDS;
    }

    /** An echo server for a channel, whose handlers sometimes sleep or wait for operations. */
    private static final class Echo implements CompletionHandler<Integer, Boolean> {
        private final AsynchronousSocketChannel channel;
        private final Random random;
        private final Semaphore waiting;
        private final ByteBuffer buffer = ByteBuffer.allocate(64);

        Echo(AsynchronousSocketChannel channel, Random random, Semaphore waiting) {
            this.channel = channel;
            this.random = random;
            this.waiting = waiting;
        }

        void start() {
            channel.read(buffer.clear(), true, this);
        }

        @Override
        public void completed(Integer count, Boolean isRead) {
            try {
                if (random.nextInt(40) == 0) {
                    TimeUnit.MILLISECONDS.sleep(random.nextInt(15));
                }
                if (count < 0) {
                    channel.close();
                } else if (!isRead) {
                    start();
                } else if (random.nextInt(4) > 0 || !waiting.tryAcquire()) {
                    channel.write(buffer.flip(), false, this);
                } else {
                    try {
                        echoAndWait();
                    } finally {
                        waiting.release();
                    }
                    start();
                }
            } catch (Exception e) {
                failed(e, isRead);
            }
        }

        /** Echoes the message, and waits for and echoes the next message. */
        private void echoAndWait() throws Exception {
            get(channel.write(buffer.flip()));
            if (get(channel.read(buffer.clear())) > 0) {
                get(channel.write(buffer.flip()));
            }
        }

        @Override
        public void failed(Throwable failure, Boolean isRead) {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
