package io.github.futuresockets.impl;

import io.github.futuresockets.ShutdownReport;
import io.github.futuresockets.spi.OperationFuture;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Waits until connections have ended, and then aborts those that are left. */
final class Drain extends OperationFuture<ShutdownReport> {
    /*
     * Guarded by this object's monitor: `waiting` are the connections that have not ended; `aborted` is set once, by the alarm,
     * to their number at that moment. The thread that takes the last one out completes the future, also before `begin`.
     */
    private final Engine engine;
    private final int total;
    private final Set<Connection> waiting = Collections.newSetFromMap(new IdentityHashMap<>());
    private int aborted;
    private @Nullable Future<?> alarm;

    private Drain(Engine engine, List<Connection> connections) {
        super(engine);
        this.engine = engine;
        this.total = connections.size();
        waiting.addAll(connections);
    }

    /** Counts these connections from now on; to be called before any of them is told to end. {@link #begin} follows. */
    static Drain of(Engine engine, List<Connection> connections) {
        Drain drain = new Drain(engine, connections);
        connections.forEach(each -> each.closed().whenComplete((reason, failure) -> drain.ended(each)));
        return drain;
    }

    /** Aborts what is left after that time. */
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
