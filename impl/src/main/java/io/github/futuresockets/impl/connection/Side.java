package io.github.futuresockets.impl.connection;

import io.github.futuresockets.future.IoContext;
import io.github.futuresockets.impl.transport.IoLoop;
import io.github.futuresockets.impl.transport.Transport;
import java.net.SocketAddress;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** A side of a connection, with its waiters and its stall time-out. Superclass of the read side and the write side. */
abstract class Side<W> implements StallTimer.Watched {
    /*
     * Because most connections have neither a time-out nor waiters, `timer` is made for the first time-out and
     * `watches` for the first waiter. After `stopped` no timer is made.
     */
    /** The connection of the side. */
    public final Connection connection;

    // written under this, read by any thread
    private volatile @Nullable StallTimer timer;
    private volatile @Nullable Waiters<W> watches;

    // guarded by this
    private boolean stopped;

    Side(Connection connection, long timeout) {
        this.connection = connection;
        this.timer = timeout == 0 ? null : new StallTimer(this, timeout);
    }

    @Override
    public final ConnectionHost engine() {
        return connection.engine();
    }

    /** Returns the context of the futures of this side. */
    public final IoContext context() {
        return connection.context();
    }

    @Override
    public final IoLoop loop() {
        return connection.loop();
    }

    /** Returns the transport of the connection. No field, because each side of each connection pays for a field. */
    public final Transport transport() {
        return connection.transport;
    }

    /** Returns the address of the peer. */
    public final SocketAddress peer() {
        return transport().remoteAddress();
    }

    /** Returns the waiters for the condition of this side. {@code name} is for messages. */
    final synchronized Waiters<W> watches(String name) {
        Waiters<W> made = watches != null ? watches : new Waiters<>(name, connection);
        watches = made;
        return made;
    }

    final boolean hasWaiters() {
        return Waiters.some(watches);
    }

    final Collection<Waiters<W>.Watch> takeWaiters() {
        return Waiters.drain(watches);
    }

    /** Sets the stall time-out in nanoseconds, from now on. 0 means no time-out. */
    public final void limit(long nanos) {
        StallTimer mine;
        synchronized (this) {
            mine = timer;
            if (mine == null) {
                if (nanos == 0 || stopped) {
                    return;
                }
                mine = new StallTimer(this, nanos);
                timer = mine;
            }
        }
        mine.limit(nanos);
    }

    /** Notes the begin of an operation. If no other operation is waiting, the time of the time-out begins now. */
    final void begins() {
        StallTimer mine = timer;
        if (mine != null && mine.isOn() && !isWaiting()) {
            mine.progress();
        }
    }

    /** Notes that a byte moved. */
    public void progress() {
        StallTimer mine = timer;
        if (mine != null) {
            mine.progress();
        }
        connection.moved();
    }

    /** Sets the alarm of the time-out, if there is a time-out. Called when an operation may have begun to wait. */
    final void armTimer() {
        StallTimer mine = timer;
        if (mine != null) {
            mine.armTimer();
        }
    }

    /** Returns true if no byte has moved for the whole time-out. Checked again before an operation is ended. */
    final boolean isOverdue() {
        StallTimer mine = timer;
        return mine != null && mine.isOverdue();
    }

    /** Stops the time-out for good. */
    final synchronized void stop() {
        stopped = true;
        if (timer != null) {
            timer.stop();
        }
    }
}
