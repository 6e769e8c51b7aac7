package io.github.futuresockets.impl.memory;

import io.github.futuresockets.FaultPlan;
import io.github.futuresockets.impl.common.Clock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a connection in memory. Holds a bounded number of bytes in flight, and applies a {@link FaultPlan}
 * to them.
 */
final class MemoryPipe {
    /*
     * Guarded by this: all fields that change, except `twin`. Byte number i of the stream, from `taken` to `written`,
     * is at index i modulo the length of `ring`.
     *
     * With a delay, the bytes before offset `here` have arrived. Each element of `due` says when the bytes before an
     * offset arrive.
     *
     * A waiter runs once, under no lock. So the monitors of the two directions are never held together.
     *
     * Two rules are those of TCP:
     * - Bytes that arrived before a reset are read first. Then the reset is reported.
     * - Bytes for a reader that has closed are answered by a reset.
     */
    private record Arrival(long end, long time) {}

    private final FaultPlan plan;
    private final Clock clock;
    private final @Nullable Random random;
    private final long delay;

    /** The other direction. Set before the first transfer. */
    private @Nullable MemoryPipe twin;

    // Guarded by this, like `random`.
    private int capacity;
    private byte[] ring = new byte[64];
    private long written;
    private long taken;
    private long here;
    private final Deque<Arrival> due = new ArrayDeque<>();
    private boolean ended;
    private boolean abandoned;
    private boolean reset;
    private @Nullable Runnable reader;
    private @Nullable Runnable writer;

    MemoryPipe(FaultPlan plan, Clock clock) {
        this.plan = plan;
        this.clock = clock;
        this.capacity = plan.capacity();
        this.random = plan.seed() == 0 ? null : new Random(plan.seed());
        this.delay = TimeUnit.NANOSECONDS.convert(plan.delay());
    }

    /** Sets the other direction. Both directions are reset together. */
    void twin(MemoryPipe other) {
        twin = other;
    }

    /** Sets the number of bytes that may be in flight, at least 1. Runs the waiting writer if there is room. */
    void capacity(int bytes) {
        Runnable woken;
        synchronized (this) {
            capacity = Math.max(1, bytes);
            woken = hasRoom() ? takeWriter() : null;
        }
        run(woken);
    }

    private boolean hasRoom() {
        assert Thread.holdsLock(this);
        return written - taken < capacity;
    }

    /**
     * Reads bytes that have arrived.
     *
     * @return the number of bytes, 0 if there are none, or -1 at the end of the stream
     * @throws IOException if the connection was reset, and all bytes before the reset have been read
     */
    int read(ByteBuffer dst) throws IOException {
        int count;
        boolean resets;
        Runnable woken;
        synchronized (this) {
            count = Math.min(Math.min(arrived(), dst.remaining()), piece(plan.splitReads()));
            if (count == 0) {
                if (reset) {
                    throw new IOException("Connection reset");
                }
                if (isAtEnd()) {
                    return -1;
                }
            }
            for (int i = 0; i < count; i++) {
                dst.put(ring[(int) ((taken + i) % ring.length)]);
            }
            taken += count;
            resets = taken == plan.resetAfter();
            woken = count > 0 ? takeWriter() : null;
        }
        run(woken);
        if (resets) {
            reset();
        }
        return count;
    }

    /**
     * Takes as many bytes as there is room for.
     *
     * @return the number of bytes, 0 if there is no room
     * @throws IOException if the connection was reset
     */
    int write(ByteBuffer src) throws IOException {
        int count;
        boolean inVain;
        Runnable woken = null;
        synchronized (this) {
            if (reset) {
                throw new IOException("Connection reset by peer");
            }
            // The capacity may have become smaller than the number of bytes in flight.
            long room = abandoned ? Integer.MAX_VALUE : Math.max(0, capacity - (written - taken));
            count = (int) Math.min(Math.min(room, src.remaining()), piece(plan.splitWrites()));
            if (count > 0) {
                put(src, count);
                woken = delay == 0 ? takeReader() : null;
            }
            inVain = abandoned && count > 0;
        }
        if (count > 0 && delay > 0) {
            clock.later(this::arrive, delay);
        }
        run(woken);
        if (inVain) {
            reset();
        }
        return count;
    }

    /** Stores bytes. Drops bytes that are written after an end by {@link FaultPlan#endAfter}. */
    private void put(ByteBuffer src, int count) {
        assert Thread.holdsLock(this);
        int kept = plan.endAfter() < 0 ? count : (int) Math.min(count, Math.max(0, plan.endAfter() - written));
        int needed = (int) (written - taken) + kept;
        if (needed > ring.length) {
            byte[] larger = new byte[Math.max(needed, Math.min(2 * ring.length, capacity))];
            for (long i = taken; i < written; i++) {
                larger[(int) (i % larger.length)] = ring[(int) (i % ring.length)];
            }
            ring = larger;
        }
        for (int i = 0; i < count; i++) {
            byte next = src.get();
            if (i < kept && !abandoned) {
                ring[(int) (written++ % ring.length)] = next;
            }
        }
        note();
    }

    /** Notes when the bytes written so far will arrive, if there is a delay. */
    private void note() {
        assert Thread.holdsLock(this);
        if (delay > 0) {
            due.add(new Arrival(written, clock.nanoTime() + delay));
        }
    }

    /** Ends the stream after the bytes that were written. */
    void end() {
        Runnable woken;
        synchronized (this) {
            ended = true;
            note();
            woken = delay == 0 ? takeReader() : null;
        }
        if (delay > 0) {
            clock.later(this::arrive, delay);
        }
        run(woken);
    }

    /** Runs the waiting reader when delayed bytes are due. */
    private void arrive() {
        Runnable woken;
        synchronized (this) {
            woken = takeReader();
        }
        run(woken);
    }

    /** Ends the reading. Returns true if unread bytes were dropped. */
    boolean abandon() {
        boolean unread;
        Runnable woken;
        synchronized (this) {
            unread = written > taken;
            abandoned = true;
            ring = Arrays.copyOf(ring, 1);
            taken = written;
            woken = takeWriter();
        }
        run(woken);
        return unread;
    }

    /** Resets the connection, in both directions. */
    void reset() {
        fail();
        if (twin != null) {
            twin.fail();
        }
    }

    private void fail() {
        Runnable first;
        Runnable second;
        synchronized (this) {
            reset = true;
            first = takeReader();
            second = takeWriter();
        }
        run(first);
        run(second);
    }

    /** Returns the number of bytes that can be read now. */
    private int arrived() {
        assert Thread.holdsLock(this);
        long end = written;
        if (delay > 0) {
            long now = clock.nanoTime();
            for (Arrival first = due.peek(); first != null && first.time - now <= 0; first = due.peek()) {
                here = due.remove().end;
            }
            end = here;
        }
        end = least(end, plan.endAfter(), plan.stallAfter(), plan.resetAfter());
        for (long cut : plan.cuts()) {
            if (cut > taken) {
                end = Math.min(end, cut);
                break;
            }
        }
        return (int) Math.max(0, end - taken);
    }

    private static long least(long end, long... limits) {
        long least = end;
        for (long each : limits) {
            least = each < 0 ? least : Math.min(least, each);
        }
        return least;
    }

    /**
     * Returns true if nothing is left before the end of the stream. Called after {@link #arrived}, which updates {@code
     * due}.
     */
    private boolean isAtEnd() {
        assert Thread.holdsLock(this);
        boolean stalled = plan.stallAfter() >= 0 && taken >= plan.stallAfter();
        return taken == plan.endAfter() || ended && taken == written && due.isEmpty() && !stalled;
    }

    /** Returns the most bytes of one transfer. {@code most} is the limit of the plan, or 0. */
    private int piece(int most) {
        assert Thread.holdsLock(this);
        return most == 0 ? Integer.MAX_VALUE : random == null ? most : 1 + random.nextInt(most);
    }

    /** Runs the waiter once, when there is something to read, or within the call. */
    void awaitReadable(Runnable waiter) {
        synchronized (this) {
            if (arrived() == 0 && !reset && !isAtEnd()) {
                reader = waiter;
                return;
            }
        }
        waiter.run();
    }

    /** Runs the waiter once, when there is room, or within the call. */
    void awaitWritable(Runnable waiter) {
        synchronized (this) {
            if (!hasRoom() && !reset && !abandoned) {
                writer = waiter;
                return;
            }
        }
        waiter.run();
    }

    private @Nullable Runnable takeReader() {
        assert Thread.holdsLock(this);
        Runnable waiter = reader;
        reader = null;
        return waiter;
    }

    private @Nullable Runnable takeWriter() {
        assert Thread.holdsLock(this);
        Runnable waiter = writer;
        writer = null;
        return waiter;
    }

    private static void run(@Nullable Runnable waiter) {
        if (waiter != null) {
            waiter.run();
        }
    }
}
