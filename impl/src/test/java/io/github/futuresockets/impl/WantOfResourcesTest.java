package io.github.futuresockets.impl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSocketPair;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.CloseReason;
import io.github.futuresockets.impl.common.Clock;
import io.github.futuresockets.impl.common.Supplies;
import io.github.futuresockets.impl.common.SystemClock;
import io.github.futuresockets.impl.engine.Engine;
import io.github.futuresockets.impl.memory.MemoryPorts;
import io.github.futuresockets.impl.memory.VirtualClock;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.RecordingThreads;
import io.github.futuresockets.impl.transport.BufferPool;
import io.github.futuresockets.spi.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests operations without memory, timers or threads. Only the affected operation or connection fails. */
class WantOfResourcesTest {
    private static final Duration LONG = Duration.ofMinutes(5);

    private final OutOfMemoryError want = new OutOfMemoryError("injected");
    private volatile boolean noMemory;
    private volatile boolean noAlarm;

    private final Settings settings = new Settings(
            1,
            Thread::new,
            null,
            LONG,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ofSeconds(5),
            1 << 20,
            null,
            host -> List.of(InetAddress.getLoopbackAddress()),
            Map.of());
    private final Supplies supplies = suppliesAt(new SystemClock(Supplies.Threads.JVM));
    private final MemoryEngine sockets = MemoryEngine.open(settings, new MemoryPorts(), supplies);

    private Supplies suppliesAt(Clock clock) {
        return new Supplies(new Alarms(clock), new Chunk(), Supplies.Threads.JVM);
    }

    private final class Chunk implements Supplies.Memory {
        @Override
        public ByteBuffer direct(int bytes) {
            if (noMemory) {
                throw want;
            }
            return ByteBuffer.allocateDirect(bytes);
        }
    }

    private final class Alarms implements Clock {
        private final Clock below;

        Alarms(Clock below) {
            this.below = below;
        }

        @Override
        public long nanoTime() {
            return below.nanoTime();
        }

        @Override
        public Future<?> schedule(Runnable task, long nanos) {
            if (noAlarm) {
                throw want;
            }
            return below.schedule(task, nanos);
        }

        @Override
        public Future<?> later(Runnable task, long nanos) {
            if (noAlarm) {
                throw want;
            }
            return below.later(task, nanos);
        }

        @Override
        public void shutdown() {
            below.shutdown();
        }
    }

    @AfterEach
    void close() {
        noMemory = false;
        noAlarm = false;
        sockets.close();
    }

    @Test
    void write_withoutMemory_failsAndIsNeverSent() {
        AsyncSocketPair pair = sockets.pair();
        ByteBuffer src = ByteBuffer.wrap(new byte[100]);
        noMemory = true;
        CompletableFuture<Void> write = pair.left().write(src);
        IOException failure = Await.failure(IOException.class, write);
        noMemory = false;
        assertSame(want, rootOf(failure));
        assertEquals(100, src.remaining());
        assertEquals(null, Await.value(pair.right().readSome(1)), "a byte was sent");
        assertSame(CloseReason.Kind.FAILED, Await.value(pair.left().closed()).kind());
        conversesAnew();
    }

    @Test
    void read_withoutMemory_endsItsConnectionAlone() {
        AsyncSocketPair pair = sockets.pair();
        // Because the pooled buffer of this write is too large for the read, the read has to allocate a buffer.
        Await.value(pair.right().write(new byte[BufferPool.SMALL + 1]));
        noMemory = true;
        assertSame(want, rootOf(Await.failure(pair.left().readLine())));
        noMemory = false;
        Await.value(pair.left().closed());
        conversesAnew();
    }

    @Test
    void read_whoseTimeOutCannotBeSet_failsAlone() {
        AsyncSocketPair pair = sockets.pair();
        pair.left().readTimeout(LONG);
        noAlarm = true;
        assertSame(want, Await.failure(pair.left().readLine()));
        noAlarm = false;
        assertTrue(pair.left().isOpen());
        Await.value(pair.right().writeLine("still"));
        assertEquals("still", Await.value(pair.left().readLine()));
    }

    @Test
    void orTimeout_thatCannotBeSet_failsTheFuture() {
        AsyncSocketPair pair = sockets.pair();
        noAlarm = true;
        CompletableFuture<String> read = pair.left().readLine().orTimeout(1, TimeUnit.HOURS);
        assertSame(want, Await.failure(read));
        noAlarm = false;
        Await.value(pair.right().writeLine("still"));
        assertEquals("still", Await.value(pair.left().readLine()));
    }

    @Test
    void connect_whoseTimeOutCannotBeSet_failsAlone() throws Exception {
        try (AsyncServerSocket listener = sockets.listen("localhost", 0)) {
            noAlarm = true;
            assertSame(want, Await.failure(sockets.connect("localhost", listener.port())));
            noAlarm = false;
            Await.value(sockets.connect("localhost", listener.port())).close();
        }
    }

    @Test
    void close_thatCannotBeLimited_endsAtOnce() {
        AsyncSocketPair pair = sockets.pair();
        noAlarm = true;
        pair.left().close();
        CloseReason reason = Await.value(pair.left().closed());
        assertSame(want, rootOf(reason.cause()));
    }

    @Test
    void close_alarmCannotBeSetAgain_endsAtOnce() {
        VirtualClock clock = new VirtualClock();
        try (MemoryEngine virtual = MemoryEngine.open(settings, new MemoryPorts(), suppliesAt(clock))) {
            AsyncSocketPair pair = virtual.pair();
            pair.left().write(new byte[1 << 20]);
            pair.left().close();
            clock.advance(Duration.ofSeconds(4).toNanos());
            Await.value(pair.right().readExactly(1 << 19));
            noAlarm = true;
            clock.advance(Duration.ofSeconds(1).toNanos());
            CloseReason reason = Await.value(pair.left().closed());
            assertSame(want, rootOf(reason.cause()));
            noAlarm = false;
        }
    }

    @Test
    void shutdown_whoseGraceCannotBeLimited_failsItsFutureAndAborts() {
        AsyncSocketPair pair = sockets.pair();
        noAlarm = true;
        assertSame(want, Await.failure(sockets.shutdown(LONG)));
        noAlarm = false;
        assertEquals(CloseReason.Kind.ABORTED, Await.value(pair.left().closed()).kind());
    }

    @Test
    void connect_whoseOptionsThrow_doesNotThrow() {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        CompletableFuture<AsyncSocket> connect = sockets.connect(address, options -> {
            throw want;
        });
        assertSame(want, Await.failure(connect));
        assertThrows(
                IllegalArgumentException.class,
                () -> sockets.connect(address, options -> options.timeout(Duration.ofSeconds(-1))));
    }

    @Test
    void accept_thatFailsWithoutAnAlarmForItsPause_goesOn() throws Exception {
        Faults faults = new Faults(1, Set.of(Faults.Kind.JDK), true, true);
        try (Engine below = new LoopProvider().open(settings, supplies);
                Engine failing =
                        new Engine(settings, new FaultyChannels(below.channels(), faults), below.loops(), supplies)) {
            AsyncServerSocket listener = failing.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            noAlarm = true;
            faults.begin();
            CompletableFuture<AsyncSocket> accept = listener.accept();
            Await.until("several failures", () -> failing.stats().acceptFailures() > 3);
            faults.end();
            noAlarm = false;
            AsyncSocket socket = Await.value(below.connect(listener.localAddress()));
            Await.value(accept).close();
            socket.close();
            Await.value(socket.closed());
            listener.close();
        }
    }

    private static Throwable rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    private void conversesAnew() {
        AsyncSocketPair pair = sockets.pair();
        Await.value(pair.left().writeLine("anew"));
        assertEquals("anew", Await.value(pair.right().readLine()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"loop", "nio2"})
    void build_thatCannotMakeAThread_leavesNone(String provider) {
        RecordingThreads threads = new RecordingThreads();
        ThreadFactory two = task -> {
            Thread thread = threads.newThread(task);
            if (thread.getName().endsWith("3")) {
                throw want;
            }
            return thread;
        };
        AsyncSockets.Builder builder =
                AsyncSockets.builder().provider(provider).threads(3).threadFactory(two);
        assertSame(want, assertThrows(OutOfMemoryError.class, builder::build));
        threads.awaitEnd();
    }
}
