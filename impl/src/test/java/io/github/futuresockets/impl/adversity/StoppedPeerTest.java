package io.github.futuresockets.impl.adversity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Installed;
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

/**
 * Tests time-outs against stopped processes. The kernel still acknowledges, but the process neither reads nor writes.
 */
class StoppedPeerTest extends AdversityBase {
    private static final int PEERS = 20;
    private static final Duration ASKED = Duration.ofMillis(400);

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

    /** Asserts that each operation ends, and none before its time-out, counted from the start of the operation. */
    private void assertNotEarly(Function<AsyncSocket, CompletableFuture<?>> begin) {
        List<Long> late = Collections.synchronizedList(new ArrayList<>());
        List<CompletableFuture<?>> ends = new ArrayList<>();
        for (AsyncSocket each : connected) {
            long begun = System.nanoTime();
            ends.add(begin.apply(each)
                    .handle((value, failure) ->
                            late.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun - ASKED.toNanos()))));
        }
        ends.forEach(Await::value);
        Collections.sort(late);
        assertTrue(late.get(0) >= 0, "early: " + late);
    }

    @Test
    void readTimeout_peerStopped_failsReadNotEarly() {
        assertNotEarly(socket -> socket.readTimeout(ASKED).readLine());
    }

    @Test
    void idleTimeout_peerStopped_abortsConnectionNotEarly() {
        assertNotEarly(socket -> socket.idleTimeout(ASKED).closed());
    }

    @Test
    void writeTimeout_peerStopped_endsConnectionNotEarly() {
        connected.forEach(each -> each.write(new byte[8 << 20]));
        // The buffers of the kernel grow for a while. Each byte sent after the start would defer the time-out.
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
        assertNotEarly(socket -> socket.writeTimeout(ASKED).closed());
    }
}
