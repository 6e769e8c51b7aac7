package io.github.futuresockets.impl.engine;

import io.github.futuresockets.ShutdownReport;
import io.github.futuresockets.future.OperationFuture;
import io.github.futuresockets.impl.connection.Connection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** The future of a shutdown: waits for the end of the connections, and aborts the rest after the grace period. */
final class ShutdownTracker extends OperationFuture<ShutdownReport> {
    /*
     * The thread that removes the last connection from `waiting` completes the future, also before `begin`.
     *
     * Lock order: this, then the locks of the clock. Connections are called without the lock.
     */
    private final Engine engine;
    private final int total;

    // guarded by this
    /** The connections that have not ended. */
    private final Set<Connection> waiting = Collections.newSetFromMap(new IdentityHashMap<>());

    /** The number of connections that were open at the end of the grace period. */
    private int aborted;

    /** The timer of the grace period. */
    private @Nullable Future<?> alarm;

    private ShutdownTracker(Engine engine, List<Connection> connections) {
        super(engine);
        this.engine = engine;
        this.total = connections.size();
        waiting.addAll(connections);
    }

    /** Makes a tracker of connections. Call before the connections are drained, and {@link #begin} afterwards. */
    static ShutdownTracker of(Engine engine, List<Connection> connections) {
        ShutdownTracker drain = new ShutdownTracker(engine, connections);
        connections.forEach(each -> each.closed().whenComplete((reason, failure) -> drain.ended(each)));
        return drain;
    }

    /**
     * Begins the grace period. Aborts the connections that are open after {@code grace} nanoseconds, or at once for 0.
     * If no timer can be set, the future fails and the connections are aborted at once.
     */
    void begin(long grace) {
        if (total == 0) {
            deliver(new ShutdownReport(0, 0));
        } else if (grace == 0) {
            expired();
        } else {
            try {
                arm(grace);
            } catch (Throwable e) {
                deliverFailure(e);
                expired();
            }
        }
    }

    private synchronized void arm(long grace) {
        if (!waiting.isEmpty()) {
            alarm = engine.later(this::expired, grace);
        }
    }

    private void ended(Connection connection) {
        ShutdownReport report;
        synchronized (this) {
            if (!waiting.remove(connection) || !waiting.isEmpty()) {
                return;
            }
            report = new ShutdownReport(total - aborted, aborted);
            if (alarm != null) {
                alarm.cancel(false);
            }
        }
        deliver(report);
    }

    private void expired() {
        List<Connection> left;
        synchronized (this) {
            left = new ArrayList<>(waiting);
            aborted = left.size();
        }
        left.forEach(Connection::abort);
    }

    @Override
    protected String describe() {
        return "shutdown of " + engine;
    }
}
