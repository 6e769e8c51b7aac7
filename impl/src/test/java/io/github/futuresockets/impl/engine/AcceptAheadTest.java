package io.github.futuresockets.impl.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.futuresockets.AsyncLoop;
import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.ListenOptions;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Descriptors;
import io.github.futuresockets.impl.support.Peer;
import io.github.futuresockets.impl.transport.IoLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.AcceptPendingException;
import java.nio.channels.AsynchronousCloseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests prefetched connections. A listener accepts connections before the calls of {@code accept}, many in each turn of
 * its I/O thread. The channels of the JDK accept a single connection in each turn.
 */
class AcceptAheadTest {
    private static final int CALLERS = 600;
    private static final int AHEAD = 64;
    private static final long LENGTH_OF_TURN = 2_000_000;

    /** A way to accept all connections and to report each connection. */
    interface Acceptance {
        void begin(AsyncServerSocket listener, Consumer<AsyncSocket> accepted);
    }

    /** Accepts in a hand-written loop. The completion of each accept starts the next accept. */
    private static void byHand(AsyncServerSocket listener, Consumer<AsyncSocket> accepted) {
        listener.accept().thenAccept(socket -> {
            accepted.accept(socket);
            byHand(listener, accepted);
        });
    }

    private static void byLoop(AsyncServerSocket listener, Consumer<AsyncSocket> accepted) {
        AsyncLoop.forEach(listener::accept, socket -> {
            accepted.accept(socket);
            return null;
        });
    }

    private static void byServe(AsyncServerSocket listener, Consumer<AsyncSocket> accepted) {
        listener.serve(socket -> {
            accepted.accept(socket);
            return socket.closed();
        });
    }

    static Stream<Arguments> ways() {
        List<Acceptance> ways = List.of(AcceptAheadTest::byHand, AcceptAheadTest::byLoop, AcceptAheadTest::byServe);
        return Stream.of(1, 2)
                .flatMap(threads -> ways.stream()
                        .flatMap(way -> Stream.of(
                                Arguments.of(threads, way, null),
                                Arguments.of(threads, way, ForkJoinPool.commonPool()))));
    }

    private final List<Peer> callers = new ArrayList<>();
    private volatile boolean over;

    @AfterEach
    void hangUp() {
        callers.forEach(Peer::close);
    }

    private Peer call(AsyncServerSocket listener) {
        Peer caller = Peer.connect(listener.localAddress());
        callers.add(caller);
        return caller;
    }

    private AsyncServerSocket called(Engine engine, Consumer<ListenOptions> options) throws IOException {
        AsyncServerSocket listener = engine.listen(new InetSocketAddress("127.0.0.1", 0), options);
        for (int i = 0; i < CALLERS; i++) {
            call(listener);
        }
        return listener;
    }

    private static Engine open(int threads, @Nullable Executor executor) {
        AsyncSockets.Builder builder = AsyncSockets.builder().provider("loop").threads(threads);
        return (Engine) (executor == null ? builder : builder.executor(executor)).build();
    }

    /** Keeps an I/O thread busy in each turn, and counts the turns. */
    private final class Turns implements Runnable {
        private final IoLoop loop;
        private volatile int count;

        Turns(IoLoop loop) {
            this.loop = loop;
        }

        @Override
        public void run() {
            count++;
            long begun = System.nanoTime();
            while (System.nanoTime() - begun < LENGTH_OF_TURN) {
                Thread.onSpinWait();
            }
            if (!over) {
                loop.execute(this);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void accept_manyCallers_needsFewTurns(int threads, Acceptance way, @Nullable Executor executor) throws Exception {
        try (Engine engine = open(threads, executor)) {
            AsyncServerSocket listener = called(engine, options -> {});
            List<Turns> turns = engine.loops().stream().map(Turns::new).collect(Collectors.toList());
            turns.forEach(each -> each.loop.execute(each));
            Set<Integer> turnsThatBroughtSome = ConcurrentHashMap.newKeySet();
            Queue<AsyncSocket> accepted = new ConcurrentLinkedQueue<>();
            CountDownLatch left = new CountDownLatch(CALLERS);
            way.begin(listener, socket -> {
                turnsThatBroughtSome.add(turns.get(0).count);
                accepted.add(socket);
                left.countDown();
            });
            try {
                Await.until(() -> left + " are not accepted", () -> left.getCount() == 0);
            } finally {
                over = true;
            }
            assertTrue(turnsThatBroughtSome.size() < CALLERS / 4, turnsThatBroughtSome.size() + " turns");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 65, 100})
    void acceptAhead_beyondLimits_takesNoConnection(int maxConnections) throws Exception {
        assumeTrue(Descriptors.count() > 0, "descriptors can be counted");
        try (Engine engine = open(1, null)) {
            AsyncServerSocket listener = called(engine, options -> options.maxConnections(maxConnections));
            int before = Descriptors.count();
            AsyncSocket first = Await.value(listener.accept());
            turns(engine.loops().get(0), 20);
            assertEquals(Math.min(maxConnections, 1 + AHEAD), Descriptors.count() - before);
            assertTrue(first.isOpen());
        }
    }

    private static void turns(IoLoop loop, int count) {
        for (int i = 0; i < count; i++) {
            Await.value(CompletableFuture.runAsync(() -> {}, loop));
        }
    }

    /** A pending accept whose connection belongs to a busy I/O thread. */
    private final class HeldUp implements AutoCloseable {
        private final Engine engine = open(2, null);
        private final AsyncServerSocket listener = engine.listen("127.0.0.1", 0);
        private final CountDownLatch release = new CountDownLatch(1);
        private CompletableFuture<AsyncSocket> accept;
        private Peer caller;

        HeldUp() throws IOException {
            engine.loops().get(1).execute(this::awaitRelease);
            do {
                accept = listener.accept();
                caller = call(listener);
                Await.until("the connection is there", () -> accept.isDone() || isTaken());
                // Lets the free loop run its tasks, because a task may be about to deliver the connection.
                turns(engine.loops().get(0), 2);
            } while (accept.isDone());
        }

        private boolean isTaken() {
            AcceptQueue queue = ((DefaultServerSocket) listener).queue();
            synchronized (queue) {
                return !queue.ready.isEmpty();
            }
        }

        private void awaitRelease() {
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() {
            release.countDown();
            engine.close();
        }
    }

    @Test
    void accept_threadBusyAndOthersConnect_doesNotWait() throws Exception {
        try (HeldUp heldUp = new HeldUp()) {
            Peer other = call(heldUp.listener);
            AsyncSocket first = Await.value(heldUp.accept);
            AsyncSocket second = Await.value(heldUp.listener.accept());
            assertEquals(heldUp.caller.address(), first.remoteAddress());
            assertEquals(other.address(), second.remoteAddress());
        }
    }

    @Test
    void accept_cancelledBeforeHandover_leavesConnectionForNext() throws Exception {
        try (HeldUp heldUp = new HeldUp()) {
            assertTrue(heldUp.accept.cancel(false));
            AsyncSocket next = Await.value(heldUp.listener.accept());
            assertEquals(heldUp.caller.address(), next.remoteAddress());
        }
    }

    @Test
    void accept_anotherPendingBeforeHandover_isRefused() throws Exception {
        try (HeldUp heldUp = new HeldUp()) {
            Await.failure(AcceptPendingException.class, heldUp.listener.accept());
            heldUp.release.countDown();
            assertEquals(heldUp.caller.address(), Await.value(heldUp.accept).remoteAddress());
        }
    }

    @Test
    void accept_listenerClosedBeforeHandover_fails() throws Exception {
        try (HeldUp heldUp = new HeldUp()) {
            heldUp.listener.close();
            Await.failure(AsynchronousCloseException.class, heldUp.accept);
            heldUp.release.countDown();
            heldUp.caller.awaitOver();
        }
    }
}
