package io.github.futuresockets.impl.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.CloseReason;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests the making of a connection, and its upgrade. */
class ConnectionTest {
    private final ScriptedHost host = ScriptedHost.make();
    private final Connection connection = host.connection;

    private Connection another() {
        return new Connection(host.socket, host, new ScriptedTransport(host.loop), null);
    }

    @Test
    void constructor_registrationThrows_leavesNothingRegistered() {
        host.duringRegister = () -> {
            throw new OutOfMemoryError("register");
        };
        assertThrows(OutOfMemoryError.class, this::another);
        assertEquals(List.of(connection), host.registered);
    }

    @Test
    void constructor_hostAbortsWithinRegistration_isClosed() {
        host.duringRegister = () -> host.registered.get(1).abort();
        Connection late = another();
        host.loop.runAll();
        assertEquals(CloseReason.Kind.ABORTED, late.closed().join().kind());
        assertEquals(List.of(connection), host.registered);
    }

    @Test
    void connection_withoutEnd_isOpen() {
        assertTrue(connection.isOpen());
        assertTrue(connection.isWaiting());
        assertFalse(connection.isClosed());
        assertSame(connection, connection.last());
        assertTrue(connection.toString().endsWith(" open"));
    }

    @Test
    void closed_waitsWithoutEnd_isOpen() {
        assertFalse(connection.closed().isDone());
        assertTrue(connection.isOpen());
        assertTrue(connection.isWaiting());
    }

    @Test
    void upgrade_isClosedTogetherWithTheSuccessor() {
        assertTrue(connection.upgrade());
        Connection next = another();
        connection.upgrade(next);
        assertEquals(List.of(next), host.registered);
        assertSame(next, connection.last());
        Waiters<CloseReason>.Watch closed = connection.closed();
        connection.abort();
        assertFalse(closed.isDone());
        host.loop.runAll();
        assertEquals(CloseReason.Kind.ABORTED, closed.join().kind());
        assertTrue(connection.isClosed() && connection.last() != connection);
        assertFalse(host.transport.released, "the transport belongs to the successor");
    }

    @Test
    void upgrade_heldConnection_isClosedAfterItsLastHold() {
        assertTrue(connection.upgrade());
        Connection next = another();
        connection.upgrade(next);
        connection.hold();
        next.abort();
        host.loop.runAll();
        assertTrue(next.isClosed());
        assertFalse(connection.closed().isDone());
        connection.unhold();
        assertEquals(CloseReason.Kind.ABORTED, connection.closed().join().kind());
    }

    @Test
    void fallBack_endsTheConnection() {
        assertTrue(connection.upgrade());
        IOException cause = new IOException("no successor");
        connection.fallBack(cause);
        host.loop.runAll();
        assertSame(cause, connection.closed().join().cause());
        assertTrue(host.transport.released);
    }

    @Test
    void upgrade_ofEndingConnection_isRefused() {
        connection.abort();
        assertFalse(connection.upgrade());
    }

    @Test
    void own_connectionOfListener_knowsItsFailures() {
        Origin listener = () -> {};
        Connection accepted = new Connection(host.socket, host, new ScriptedTransport(host.loop), listener);
        IOException failure = new IOException("mine");
        assertFalse(accepted.isOwn(failure));
        assertSame(failure, accepted.own(failure));
        assertTrue(accepted.isOwn(new IOException("outer", failure)));
        assertTrue(accepted.isOpen());
        assertFalse(connection.isOwn(connection.own(failure)), "without a listener no failure is noted");
    }

    @Test
    void upgrade_throws_canBeRepeated() {
        assertTrue(connection.upgrade());
        Connection successor = another();
        host.loop.duringContext = () -> {
            throw new OutOfMemoryError("no future");
        };
        assertThrows(OutOfMemoryError.class, () -> connection.upgrade(successor));
        assertSame(connection, connection.last());
        connection.upgrade(successor);
        successor.abort();
        host.loop.runAll();
        assertTrue(connection.isClosed());
    }

    @Test
    void fallBack_afterTheSuccessorHasClosed_hasNoEffect() {
        assertTrue(connection.upgrade());
        Connection successor = another();
        connection.upgrade(successor);
        successor.abort();
        host.loop.runAll();
        connection.fallBack(new IOException("late"));
        host.loop.runAll();
        assertTrue(connection.isClosed());
        assertEquals(CloseReason.Kind.ABORTED, connection.closed().join().kind());
    }
}
