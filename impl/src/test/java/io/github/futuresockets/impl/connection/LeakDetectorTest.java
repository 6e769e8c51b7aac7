package io.github.futuresockets.impl.connection;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** Tests the sweep of connections with collected sockets. {@code enqueue} stands for the garbage collector. */
class LeakDetectorTest {
    private final LeakDetector detector = new LeakDetector();
    private final ScriptedHost host = ScriptedHost.make();
    private final SocketReference reference = detector.reference(host.socket, host.connection);

    /** A read of a byte. */
    private static final class One extends Read<Byte> {
        One(ReadSide side) {
            super(side);
        }

        @Override
        public String name() {
            return "one";
        }

        @Override
        protected int wants() {
            return 1;
        }

        @Override
        protected Object take(ByteBuffer in, int seen, boolean ended) {
            return in.hasRemaining() ? in.get() : MORE;
        }
    }

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
        Read<Byte> read = host.reads().start(new One(host.reads()));
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
        Read<Byte> read = host.reads().start(new One(host.reads()));
        reference.enqueue();
        detector.sweep();
        host.connection.abort();
        assertTrue(read.isCompletedExceptionally());
        detector.sweep();
        assertTrue(host.connection.isClosed() || host.loop.waiting() > 0);
    }
}
