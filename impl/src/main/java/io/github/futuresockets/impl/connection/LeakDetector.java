package io.github.futuresockets.impl.connection;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.impl.common.Log;
import io.github.futuresockets.impl.common.Threads;
import java.lang.System.Logger.Level;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds open connections whose sockets were collected. Logs and closes each such connection, after its pending
 * operations have completed.
 *
 * <p><b>Concurrency.</b> {@link #reference} is thread-safe. Only a single thread at a time may call {@link #sweep}.
 */
public final class LeakDetector {
    /** The detector for all engines of the JVM, swept by the watchdog thread. */
    public static final LeakDetector JVM = new LeakDetector();

    private final ReferenceQueue<AsyncSocket> collected = new ReferenceQueue<>();

    // the sweeping thread's alone
    /** The open connections with a collected socket. Operations of these connections may be pending. */
    private final List<Connection> busy = new ArrayList<>();

    LeakDetector() {}

    /** Makes the reference of a connection to its socket. The connection keeps the reference reachable. */
    SocketReference reference(AsyncSocket socket, Connection connection) {
        return new SocketReference(socket, connection, collected);
    }

    /** Closes the idle connections with a collected socket, and logs a warning. */
    public void sweep() {
        for (Reference<?> each = collected.poll(); each != null; each = collected.poll()) {
            busy.add(((SocketReference) each).connection);
        }
        busy.removeIf(each -> !each.isOpen());
        List<Connection> lost = new ArrayList<>(busy);
        lost.removeIf(each -> !each.isIdle());
        if (lost.isEmpty()) {
            return;
        }
        busy.removeAll(lost);
        Log.log(
                Level.WARNING,
                lost.size() + (lost.size() == 1 ? " socket was" : " sockets were")
                        + " collected without having been closed, and closed now: " + lost.get(0)
                        + (lost.size() == 1 ? "" : " and others"),
                null);
        lost.forEach(each -> Threads.guard(each::close));
    }
}
