package io.github.futuresockets.impl;

import io.github.futuresockets.FaultPlan;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One direction of a connection in memory: bytes on their way, in bounded number, and what a plan does to them. */
final class MemoryPipe {
    /*
     * Guarded by this object's monitor. Byte number i of the stream, from `taken` to `written`, is at i modulo the length of
     * `ring`. With a delay, those before `here` have arrived, and `due` says when those before each offset do. Who waits is told
     * once, under no lock.
     *
     * As in TCP, what has arrived before a reset is read before that is told, and bytes for a reader that has closed are
     * answered by a reset.
     */
    private record Arrival(long end, long time) {}

    private final FaultPlan plan;
    private final Clock clock;
    private final @Nullable Random random;
    private final long delay;
    private @Nullable MemoryPipe twin;
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

    /** Says which one is the other direction: they are reset together. */
    void twin(MemoryPipe other) {
        twin = other;
    }

    synchronized void capacity(int bytes) {
        capacity = Math.max(1, bytes);
    }

    /** Gives what has arrived: how many bytes, 0 for none, -1 at the end. */
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

    /** Takes what there is room for: how many bytes, 0 for none. */
    int write(ByteBuffer src) throws IOException {
        int count;
        boolean inVain;
        Runnable woken = null;
        synchronized (this) {
            if (reset) {
                throw new IOException("Connection reset by peer");
            }
            // The capacity may have become less than what is under way.
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

    /** Behind an end that comes too soon nothing arrives any more. */
    private void put(ByteBuffer src, int count) {
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

    private void note() {
        if (delay > 0) {
            due.add(new Arrival(written, clock.nanoTime() + delay));
        }
    }

    /** The end of the stream follows what was written. */
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

    private void arrive() {
        Runnable woken;
        synchronized (this) {
            woken = takeReader();
        }
        run(woken);
    }

    /** Nobody reads any more. Returns whether somebody should have. */
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

    /** How many bytes can be read now. */
    private int arrived() {
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

    /** Asked behind {@link #arrived}. */
    private boolean isAtEnd() {
        boolean stalled = plan.stallAfter() >= 0 && taken >= plan.stallAfter();
        return taken == plan.endAfter() || ended && taken == written && due.isEmpty() && !stalled;
    }

    private int piece(int most) {
        return most == 0 ? Integer.MAX_VALUE : random == null ? most : 1 + random.nextInt(most);
    }

    /** Has it run once, when there is something to read; now if there is. */
    void awaitReadable(Runnable waiter) {
        synchronized (this) {
            if (arrived() == 0 && !reset && !isAtEnd()) {
                reader = waiter;
                return;
            }
        }
        waiter.run();
    }

    /** Has it run once, when there is room; now if there is. */
    void awaitWritable(Runnable waiter) {
        synchronized (this) {
            if (written - taken >= capacity && !reset && !abandoned) {
                writer = waiter;
                return;
            }
        }
        waiter.run();
    }

    private @Nullable Runnable takeReader() {
        Runnable waiter = reader;
        reader = null;
        return waiter;
    }

    private @Nullable Runnable takeWriter() {
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
