package io.github.futuresockets.impl;

import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Ends what waits without progress. Progress only notes the time; one alarm at most is set per side, and it sets itself again
 * for what is left. So an operation costs no timer of its own, and nothing at all when the time-out is off.
 */
final class StallTimer {
    private final Engine engine;
    private final Loop loop;
    private final BooleanSupplier waiting;
    private final LongConsumer stalled;

    /** Nanoseconds; 0 is off. */
    private volatile long limit;

    private volatile long since;
    private @Nullable Future<?> alarm;
    private boolean stopped;

    /**
     * A timer.
     *
     * @param waiting whether anything waits now
     * @param stalled ends what waits; given the limit; on the loop, under no lock
     */
    StallTimer(Engine engine, Loop loop, long limit, BooleanSupplier waiting, LongConsumer stalled) {
        this.engine = engine;
        this.loop = loop;
        this.limit = limit;
        this.waiting = waiting;
        this.stalled = stalled;
    }

    void limit(long nanos) {
        limit = nanos;
        since = System.nanoTime();
        synchronized (this) {
            disarm();
        }
        if (waiting.getAsBoolean()) {
            watch();
        }
    }

    boolean isOn() {
        return limit != 0;
    }

    /** Something moved. */
    void progress() {
        if (limit != 0) {
            since = System.nanoTime();
        }
    }

    /** Something waits now, since the last progress. */
    void watch() {
        if (limit != 0) {
            arm(limit);
        }
    }

    synchronized void stop() {
        stopped = true;
        disarm();
    }

    private void disarm() {
        if (alarm != null) {
            alarm.cancel(false);
            alarm = null;
        }
    }

    private synchronized void arm(long nanos) {
        if (alarm == null && !stopped && limit != 0) {
            alarm = engine.alarm(this::ring, nanos, loop);
        }
    }

    private void ring() {
        synchronized (this) {
            alarm = null;
        }
        long allowed = limit;
        if (allowed == 0 || !waiting.getAsBoolean()) {
            return;
        }
        if (isOverdue()) {
            stalled.accept(allowed);
        }
        if (waiting.getAsBoolean()) {
            arm(Math.max(1, allowed - (System.nanoTime() - since)));
        }
    }

    /** Whether nothing has moved for too long: to be asked again by whoever then ends something. */
    boolean isOverdue() {
        long allowed = limit;
        return allowed != 0 && System.nanoTime() - since >= allowed;
    }
}
