package io.github.futuresockets.impl;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.CloseReason;
import io.github.futuresockets.CloseReason.Kind;
import io.github.futuresockets.spi.IoContext;
import java.lang.System.Logger.Level;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a connection is to its user: the socket, and the tidings of its end.
 *
 * <p>The way to the socket is weak: a loop holds its connections, but nobody can use one whose socket has been collected. It is
 * told of and closed, once the operations that are pending, whose futures somebody may still have, are over.
 *
 * <p>A superclass of the connection and no part of it, since each connection pays for each object.
 */
abstract class Handle extends WeakReference<AsyncSocket> {
    static final CloseReason ABORTED = new CloseReason(Kind.ABORTED, null);

    private static final ReferenceQueue<AsyncSocket> COLLECTED = new ReferenceQueue<>();

    /** Those that have been collected and are still busy: the watching thread's. */
    private static final List<Handle> BUSY = new ArrayList<>();

    /** Guarded by this object's monitor. */
    private CloseReason reason = ABORTED;

    private @Nullable Watches<CloseReason> watches;

    /** Who goes on with the transport. */
    private volatile @Nullable Connection heir;

    /** @param watched whether somebody looks for those that were collected */
    Handle(AsyncSocket socket, boolean watched) {
        super(socket, watched ? COLLECTED : null);
    }

    abstract Engine engine();

    /** For the futures of this connection. */
    abstract IoContext context();

    /** Whether it is closed and released. */
    abstract boolean isClosed();

    /** Whether it has neither been ended nor an operation that is pending. */
    abstract boolean isIdle();

    /** Whether nobody has ended it yet. */
    abstract boolean isOpen();

    abstract void close();

    /** For the thread that looks after all loops, now and then. */
    static void closeCollected() {
        for (Reference<?> each = COLLECTED.poll(); each != null; each = COLLECTED.poll()) {
            BUSY.add((Handle) each);
        }
        BUSY.removeIf(each -> !each.isOpen());
        List<Handle> lost = new ArrayList<>(BUSY);
        lost.removeIf(each -> !each.isIdle());
        if (lost.isEmpty()) {
            return;
        }
        BUSY.removeAll(lost);
        Log.log(
                Level.WARNING,
                lost.size() + (lost.size() == 1 ? " socket was" : " sockets were")
                        + " collected without having been closed, and closed now: " + lost.get(0)
                        + (lost.size() == 1 ? "" : " and others"),
                null);
        lost.forEach(each -> ChannelLoop.guard(each::close));
    }

    /** Who goes on with the transport: this, unless it has an heir. */
    final Connection last() {
        Connection next = heir;
        return next == null ? (Connection) this : next.last();
    }

    final void heir(Connection successor) {
        heir = successor;
    }

    final synchronized CloseReason reason() {
        return reason;
    }

    final synchronized void reason(CloseReason why) {
        reason = why;
    }

    final Watches<CloseReason>.Watch closed() {
        Watches<CloseReason>.Watch watch;
        synchronized (this) {
            Watches<CloseReason> all = watches != null ? watches : new Watches<>("closed", this);
            watches = all;
            watch = all.make(context());
            if (!isClosed()) {
                all.add(watch);
                return watch;
            }
        }
        watch.ready(reason());
        return watch;
    }

    /** Those who are to be told of the end. */
    final synchronized List<Watches<CloseReason>.Watch> takeClosedWatches() {
        return Watches.drain(watches);
    }
}
