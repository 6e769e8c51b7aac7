package io.github.futuresockets.impl;

import io.github.futuresockets.spi.IoContext;
import java.net.SocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the two sides of a socket have in common: where they belong, who watches, the end of what waits without progress. */
abstract class Side<W> implements StallTimer.Watched {
    /*
     * `timer` and `watches` are made, under this object's monitor, when a time-out is first set and for the first who
     * watches: most sockets have neither. `stopped`, guarded by the monitor too, keeps a timer from being made behind
     * the end.
     */
    final Connection connection;
    final Transport transport;
    private volatile @Nullable StallTimer timer;
    private volatile @Nullable Watches<W> watches;
    private boolean stopped;

    Side(Connection connection, Transport transport, long timeout) {
        this.connection = connection;
        this.transport = transport;
        this.timer = timeout == 0 ? null : new StallTimer(this, timeout);
    }

    @Override
    public final Engine engine() {
        return connection.engine();
    }

    /** For the futures of this side. */
    final IoContext context() {
        return transport.loop().context();
    }

    @Override
    public final Loop loop() {
        return transport.loop();
    }

    final SocketAddress peer() {
        return transport.remoteAddress();
    }

    /** Those who wait for a condition of this name. */
    final synchronized Watches<W> watches(String name) {
        Watches<W> made = watches != null ? watches : new Watches<>(name, connection);
        watches = made;
        return made;
    }

    final boolean isWatched() {
        return Watches.some(watches);
    }

    final List<Watches<W>.Watch> takeWatches() {
        return Watches.drain(watches);
    }

    /** Sets the time-out, from now on; 0: none. */
    final void limit(long nanos) {
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

    /** An operation begins: if it is the only one, its time begins too. */
    final void begins() {
        StallTimer mine = timer;
        if (mine != null && mine.isOn() && !isWaiting()) {
            mine.progress();
        }
    }

    /** Something moved. */
    public void progress() {
        StallTimer mine = timer;
        if (mine != null) {
            mine.progress();
        }
        connection.moved();
    }

    /** Something may wait now, since the last progress. */
    final void watch() {
        StallTimer mine = timer;
        if (mine != null) {
            mine.watch();
        }
    }

    /** Whether nothing has moved for too long: to be asked again by whoever then ends something. */
    final boolean isOverdue() {
        StallTimer mine = timer;
        return mine != null && mine.isOverdue();
    }

    /** Nothing waits any more. */
    final synchronized void stop() {
        stopped = true;
        if (timer != null) {
            timer.stop();
        }
    }
}
