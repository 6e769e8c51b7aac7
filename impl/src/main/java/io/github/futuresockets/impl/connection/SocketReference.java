package io.github.futuresockets.impl.connection;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.CloseReason;
import io.github.futuresockets.CloseReason.Kind;
import io.github.futuresockets.future.IoContext;
import io.github.futuresockets.impl.common.Log;
import io.github.futuresockets.impl.common.Threads;
import java.lang.System.Logger.Level;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part of a connection that belongs to its user: a reference to the socket, the reason of the end, and the
 * successor.
 *
 * <p>The reference is weak. Because a loop holds its connections, a socket without a user can still be collected. A
 * connection with a collected socket is logged and closed, after its pending operations have completed.
 *
 * <p>A superclass of the connection, and not a field, because each object costs memory in every connection.
 */
public abstract class SocketReference extends WeakReference<AsyncSocket> {
    static final CloseReason ABORTED = new CloseReason(Kind.ABORTED, null);

    private static final ReferenceQueue<AsyncSocket> COLLECTED = new ReferenceQueue<>();

    // the watchdog thread's alone
    /** The open connections with a collected socket. Operations of these connections may be pending. */
    private static final List<SocketReference> BUSY = new ArrayList<>();

    // guarded by this
    private CloseReason reason = ABORTED;
    private @Nullable Waiters<CloseReason> watches;

    // set once by the loop, read by any thread
    /** The connection that continues with the transport after an upgrade. */
    private volatile @Nullable Connection successor;

    /**
     * Makes the reference. If {@code watched} is true, {@link #closeCollected} finds the connection after a collection.
     */
    SocketReference(AsyncSocket socket, boolean watched) {
        super(socket, watched ? COLLECTED : null);
    }

    abstract ConnectionHost engine();

    /** Returns the context of the futures of this connection. */
    abstract IoContext context();

    /** Returns true if the connection is closed and released. */
    abstract boolean isClosed();

    /** Returns true if no operation and no waiter is pending. */
    abstract boolean isIdle();

    /** Returns true if the connection has not begun to end. */
    abstract boolean isOpen();

    abstract void close();

    /** Closes idle connections with a collected socket, and logs a warning. For the watchdog thread alone. */
    public static void closeCollected() {
        for (Reference<?> each = COLLECTED.poll(); each != null; each = COLLECTED.poll()) {
            BUSY.add((SocketReference) each);
        }
        BUSY.removeIf(each -> !each.isOpen());
        List<SocketReference> lost = new ArrayList<>(BUSY);
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
        lost.forEach(each -> Threads.guard(each::close));
    }

    /** Returns the last of the successors, or this connection if there is no successor. */
    public final Connection last() {
        Connection next = successor;
        return next == null ? (Connection) this : next.last();
    }

    final void successor(Connection successor) {
        this.successor = successor;
    }

    final synchronized CloseReason reason() {
        return reason;
    }

    final synchronized void reason(CloseReason why) {
        reason = why;
    }

    /** Returns a future of the end, completed when the connection is closed and released. */
    public final Waiters<CloseReason>.Watch closed() {
        Waiters<CloseReason>.Watch watch;
        synchronized (this) {
            Waiters<CloseReason> all = watches != null ? watches : new Waiters<>("closed", this);
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

    /** Removes and returns the waiters of the end. */
    final synchronized List<Waiters<CloseReason>.Watch> takeClosedWatches() {
        return Waiters.drain(watches);
    }
}
