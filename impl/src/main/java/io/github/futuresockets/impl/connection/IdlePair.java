package io.github.futuresockets.impl.connection;

import io.github.futuresockets.impl.common.Errors;
import io.github.futuresockets.impl.transport.IoLoop;
import java.io.IOException;

/** Two connections with a common idle time-out. A byte that moves on either connection counts for both. */
public final class IdlePair implements StallTimer.Watched {
    private final Connection first;
    private final Connection second;

    private IdlePair(Connection first, Connection second) {
        this.first = first;
        this.second = second;
    }

    /** Ends both connections when no byte has moved on either connection for {@code nanos}. */
    public static void watch(Connection first, Connection second, long nanos) {
        StallTimer timer = new StallTimer(new IdlePair(first, second), nanos);
        first.idleTimer(timer);
        second.idleTimer(timer);
        timer.limit(nanos);
    }

    @Override
    public boolean isWaiting() {
        return first.isWaiting() || second.isWaiting();
    }

    @Override
    public void stalled(long nanos) {
        IOException late = Errors.stalled(first + " and " + second + ": no byte moved on either", nanos);
        // Both before the first future of either is completed: what depends on it may close the other one in good
        // order.
        boolean firstEnds = first.ending().beginEnd(late);
        boolean secondEnds = second.ending().beginEnd(late);
        if (firstEnds) {
            first.ending().finishEnd(late);
        }
        if (secondEnds) {
            second.ending().finishEnd(late);
        }
    }

    @Override
    public void unwatched(Throwable cause) {
        first.unwatched(cause);
        second.unwatched(cause);
    }

    @Override
    public ConnectionHost engine() {
        return first.engine();
    }

    @Override
    public IoLoop loop() {
        return first.loop();
    }
}
