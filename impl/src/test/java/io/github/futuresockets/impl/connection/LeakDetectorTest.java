package io.github.futuresockets.impl.connection;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Tests the sweep of connections with collected sockets. {@code enqueue} stands for the garbage collector. */
class LeakDetectorTest {
    private final LeakDetector detector = new LeakDetector();
    private final ScriptedHost host = ScriptedHost.make();
    private final SocketReference reference = detector.reference(host.socket, host.connection);

    @Test
    void sweep_reachableSocket_leavesTheConnection() {
        detector.sweep();
        assertTrue(host.connection.isOpen());
    }

    @Test
    void sweep_collectedSocket_closesTheConnectionOnce() {
        reference.enqueue();
        detector.sweep();
        assertFalse(host.connection.isOpen());
        assertTrue(host.transport.outputEnded);
        detector.sweep();
    }

    @Test
    void sweep_pendingRead_waitsForTheRead() {
        Read<String> read = host.reads().start(new TextRead(host.reads(), 1));
        reference.enqueue();
        detector.sweep();
        assertTrue(host.connection.isOpen());
        host.transport.arrive("a").readable();
        read.join();
        detector.sweep();
        assertFalse(host.connection.isOpen());
    }

    @Test
    void sweep_waiter_waitsForTheWaiter() {
        Waiters<Boolean>.Watch readable = host.reads().readable();
        reference.enqueue();
        detector.sweep();
        assertTrue(host.connection.isOpen());
        readable.cancel(false);
        detector.sweep();
        assertFalse(host.connection.isOpen());
    }

    @Test
    void sweep_connectionThatHasEnded_isForgotten() {
        Read<String> read = host.reads().start(new TextRead(host.reads(), 1));
        reference.enqueue();
        detector.sweep();
        host.connection.abort();
        assertTrue(read.isCompletedExceptionally());
        detector.sweep();
        assertTrue(host.connection.isClosed() || host.loop.waiting() > 0);
    }
}
