package io.github.futuresockets.impl.adversity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Installed;
import io.github.futuresockets.impl.support.Pauses;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Peers whose process has been stopped: their kernels answer, they do not. Time-outs come neither early nor late. */
class StoppedPeerTest extends AdversityTest {
    private static final int PEERS = 20;
    private static final Duration ASKED = Duration.ofMillis(400);
    private static final long TOLERANCE = 50;

    private final List<Process> peers = new ArrayList<>();
    private final List<AsyncSocket> connected = new ArrayList<>();

    @BeforeEach
    void connectAndStop() throws Exception {
        Installed.assume("socat");
        open(builder -> builder.option(StandardSocketOptions.SO_SNDBUF, 16_384));
        try (AsyncServerSocket listener = sockets.listen("127.0.0.1", 0)) {
            for (int i = 0; i < PEERS; i++) {
                peers.add(new ProcessBuilder("socat", "-", "TCP:127.0.0.1:" + listener.port()).start());
                AsyncSocket socket = Await.value(listener.accept());
                connected.add(socket);
            }
        }
        for (Process each : peers) {
            signal("STOP", each);
        }
    }

    private static void signal(String name, Process process) throws Exception {
        assertEquals(
                0,
                new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid())
                        .start()
                        .waitFor());
    }

    @AfterEach
    void end() {
        connected.forEach(AsyncSocket::abort);
        peers.forEach(Process::destroyForcibly);
    }

    /** What was begun on each socket ends when so much time is over, counted from its beginning. */
    private void assertInTime(Function<AsyncSocket, CompletableFuture<?>> begin) {
        List<Long> late = Collections.synchronizedList(new ArrayList<>());
        long machine = Pauses.during(() -> {
            List<CompletableFuture<?>> ends = new ArrayList<>();
            for (AsyncSocket each : connected) {
                long begun = System.nanoTime();
                ends.add(begin.apply(each)
                        .handle((value, failure) ->
                                late.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun - ASKED.toNanos()))));
            }
            ends.forEach(Await::value);
        });
        Collections.sort(late);
        assertTrue(late.get(0) >= 0, "early: " + late);
        assertTrue(late.get(PEERS - 1) - machine <= TOLERANCE, late + ", the machine paused for " + machine);
    }

    @Test
    void aReadTimesOut() {
        assertInTime(socket -> socket.readTimeout(ASKED).readLine());
    }

    @Test
    void anIdleConnectionIsAborted() {
        assertInTime(socket -> socket.idleTimeout(ASKED).closed());
    }

    @Test
    void aWriteThatCannotLeaveTimesOut() {
        connected.forEach(each -> each.write(new byte[8 << 20]));
        // The buffers of the kernel grow for a while; each byte that still leaves would put the time-out off.
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
        assertInTime(socket -> socket.writeTimeout(ASKED).closed());
    }
}
