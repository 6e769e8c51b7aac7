package io.github.futuresockets.impl.connection;

import static io.github.futuresockets.impl.connection.Step.Signal.DECODE;
import static io.github.futuresockets.impl.connection.Step.Signal.FILL;
import static io.github.futuresockets.impl.connection.Step.Signal.LATER;
import static io.github.futuresockets.impl.connection.Step.Signal.WAIT;

import io.github.futuresockets.SocketStats;
import io.github.futuresockets.impl.common.Errors;
import io.github.futuresockets.impl.transport.IoLoop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The state of a {@link ReadSide}: the pending read, the read buffer, the pending fill, and the end of the input. */
public final class ReadState extends Arrivals {
    /*
     * No future is completed, no user code runs and no system call is made under the lock. Each method returns a Step,
     * and the caller acts on the step without the lock. FILL means that the caller's thread has begun the fill. DECODE
     * means that the caller's thread has set `decoding`. A read means that the caller's thread has claimed the read.
     *
     * Claim: `pending` becomes null and the bytes are taken in the same locked section. A withdrawal sets `pending` to
     * null too. The first of both decides. Therefore a withdrawn read has taken nothing.
     *
     * Decoder: while `decoding` is set, the read buffer belongs to the decoding thread. A pooled buffer that arrives is
     * kept in `parked`. The claim follows the decoder. If the read was withdrawn in the meantime, the position of the
     * read buffer is restored and the decoded message is dropped.
     *
     * Lent buffer: the buffer of a caller is filled within the call that begins the read, without the lock. Because the
     * caller has no future yet, the caller cannot withdraw the read. If a close or a time-out ends the read in the
     * meantime, the bytes are copied to the read buffer.
     */
    private final ReadSide side;

    // guarded by this
    private @Nullable Read<?> pending;

    // set under this; the decoding thread may read both without the lock
    private @Nullable Read<?> decoding;
    private @Nullable IOException decodingEnd;

    // guarded by this
    private @Nullable ByteBuffer parked;

    /** True if a next step was requested while a decoder was running. */
    private boolean missed;

    /** True if the last call waits for the end of a message that has begun. */
    private boolean atBoundary;

    /** The bytes that the pending read has seen in vain. The decoding thread reads the number without the lock. */
    private int seen;

    /** The size of the read buffer at the begin of the decoder. */
    private int unread;

    /** The messages in a row that have taken no byte. */
    private byte looks;

    /** The position of these messages in the stream, modulo 2 to the power of 32. */
    private int lookedAt;

    private long bytesIn;
    private long reads;

    ReadState(ReadSide side, IoLoop loop) {
        super(loop);
        this.side = side;
    }

    /** Returns the number of bytes in the read buffer. While a decoder runs, the number at the begin of the decoder. */
    public synchronized int buffered() {
        return decoding != null ? unread : size();
    }

    synchronized SocketStats stats(WriteState writes) {
        return writes.stats(bytesIn, reads);
    }

    synchronized long bytesIn() {
        return bytesIn;
    }

    /** Returns true if a read is pending. */
    synchronized boolean isTaken() {
        return pending != null;
    }

    /** Returns true if a read is pending that waits for bytes. */
    synchronized boolean isWaiting() {
        return pending != null && !pending.isPaused();
    }

    /**
     * Makes a read the pending read. If the read is not accepted, returns the read itself, to be completed with its
     * failure.
     *
     * @param atOnce false if the loop has to take the first step, so that {@link Step.Signal#WAIT} is returned
     */
    synchronized Step start(Read<?> read, boolean atOnce) {
        if (isShut()) {
            read.fails(refusal(read.describe()));
            return read;
        }
        if (pending != null) {
            read.fails(Errors.readPending(read.describe() + ": a " + pending.name() + " is pending"));
            return read;
        }
        reads++;
        seen = 0;
        expect(read.wants());
        pending = read;
        return atOnce ? advance() : WAIT;
    }

    @Override
    @Nullable IOException why() {
        return side.connection.reason().cause();
    }

    /** Returns true if the read is pending. The caller holds the lock. */
    public boolean isPending(Read<?> read) {
        assert Thread.holdsLock(this);
        return pending == read;
    }

    /** Withdraws a read. Returns true if the read was pending. */
    synchronized boolean withdraw(Read<?> read) {
        boolean mine = pending == read;
        pending = mine ? null : pending;
        return side.engine().hook().claim(mine);
    }

    /** Withdraws the pending read if the condition holds, under the lock. Returns the read, or null. */
    synchronized @Nullable Read<?> evict(BooleanSupplier condition) {
        Read<?> read = pending;
        boolean evicted = read != null && condition.getAsBoolean();
        pending = evicted ? null : read;
        return evicted ? read : null;
    }

    /** Takes the outcome of a fill: a pooled buffer, or a failure, or neither at the end of stream. */
    synchronized Step arrived(@Nullable ByteBuffer chunk, @Nullable IOException failure) {
        if (isUpgraded()) {
            input.answered();
            return Step.Signal.HAND_ON;
        }
        bytesIn += chunk == null ? 0 : chunk.remaining();
        if (chunk != null && decoding != null && input.end() == null) {
            parked = chunk;
            return WAIT;
        }
        input.answered();
        if (chunk == null) {
            input.ended(failure);
        } else {
            keep(chunk);
        }
        return advance();
    }

    /** Takes the outcome of a fill of a lent buffer. If the read is not pending any more, the next read gets a copy. */
    synchronized Step arrivedIn(ByteBuffer lent, Read<?> read) {
        if (pending != read) {
            return arrived(ByteBuffer.allocate(lent.remaining()).put(lent).flip(), null);
        }
        bytesIn += lent.remaining();
        input.answered();
        pending = null;
        read.filled(lent.remaining());
        return read;
    }

    /** Adds a filled buffer to the read buffer, or drops its bytes after the end or a close. */
    private void keep(ByteBuffer chunk) {
        assert Thread.holdsLock(this);
        if (input.end() != null) {
            refuse(chunk);
            return;
        }
        input.endWith(add(chunk, pending == null ? Integer.MAX_VALUE : pending.wants()));
        if (closed) {
            drop();
        }
    }

    /** Claims the pending read if its bytes have arrived, or returns another next step. */
    synchronized Step advance() {
        Read<?> read = pending;
        if (decoding != null) {
            missed = true;
            return WAIT;
        }
        if (read == null || read.isPaused() || (size() == 0 && input.end() == null && read.wants() > 0)) {
            return idle();
        }
        if (!read.runsUserCode()) {
            return settle(read, attempt(read, bytes(), input.end()));
        }
        decoding = read;
        decodingEnd = input.end();
        unread = size();
        return DECODE;
    }

    /**
     * Attempts the read on the bytes. A read that throws is complete, with a failure. Under the lock unless decoding.
     */
    private boolean attempt(Read<?> read, ByteBuffer in, @Nullable IOException ending) {
        try {
            return read.attempt(in, seen, ending);
        } catch (Throwable e) {
            read.fails(e);
            return true;
        }
    }

    /**
     * Returns true if another thread works on the bytes for the read. If no thread can be had, notifies the read, and
     * the next attempt fails.
     */
    private static boolean handsOn(Read<?> read, ByteBuffer in) {
        try {
            return read.worksElsewhere(in);
        } catch (Throwable e) {
            read.unable(e);
            return false;
        }
    }

    /** Claims a read that is complete, or looks for more bytes. */
    private Step settle(Read<?> read, boolean complete) {
        assert Thread.holdsLock(this);
        if (!complete) {
            seen = size();
            return idle();
        }
        pending = pending == read ? null : pending;
        if (read.hasTaken(bytes())) {
            detach();
        }
        releaseIfEmpty();
        return read;
    }

    /**
     * Begins a fill if bytes are needed and no fill is pending. Prefetches, but not past the end of a large message.
     */
    private Step idle() {
        assert Thread.holdsLock(this);
        releaseIfEmpty();
        Read<?> read = pending;
        boolean wanted = read != null ? !read.isPaused() : size() == 0 && side.hasWaiters();
        boolean over = closed ? input.isDrained() : input.end() != null;
        if (input.isFilling() || over || !(wanted || isAllWanted())) {
            return WAIT;
        }
        plan(read == null ? 0 : read.wants() - size(), read == null ? 0 : read.chunk(), isAllWanted());
        input.fill();
        return FILL;
    }

    private boolean isAllWanted() {
        return closed || input.isDrainingEagerly();
    }

    /** Begins a fill if a waiter or a last call needs bytes. */
    synchronized Step more() {
        return decoding == null ? idle() : WAIT;
    }

    /** Notes that a fill waits in the transport. Returns true if the fill must not wait, because of a last call. */
    synchronized boolean issued(int fill) {
        return input.issued(fill);
    }

    /** Ends the input after a last call, because the kernel has no byte for the waiting fill. */
    synchronized Step ends(int fill) {
        boolean waits = input.isWaiting(fill) && parked == null;
        if (waits && !(atBoundary && (size() > 0 || side.transport.isWithinRecord()))) {
            input.ends();
        }
        return advance();
    }

    /**
     * Runs the decoder without the lock, on the thread that got DECODE. Then claims the read, unless the read was
     * withdrawn.
     *
     * @param own the read of the caller of start, or null
     */
    Step decode(@Nullable Read<?> own) {
        Read<?> read = Objects.requireNonNull(decoding);
        ByteBuffer in = bytes();
        if (handsOn(read, in)) {
            return WAIT;
        }
        int mark = in.position();
        boolean complete = attempt(read, in, decodingEnd);
        synchronized (this) {
            boolean mine = pending == read;
            boolean again = missed && !complete;
            boolean changed = !mine || parked != null || input.end() != decodingEnd || again;
            decoding = null;
            missed = false;
            Step outcome = WAIT;
            if (side.engine().hook().claim(mine)) {
                outcome = again ? WAIT : settle(read, complete);
            } else if (in == bytes()) {
                in.position(mark);
            }
            if (parked != null) {
                input.answered();
                keep(parked);
                parked = null;
            }
            if (closed) {
                drop();
            }
            if (outcome != WAIT || !changed) {
                return outcome;
            }
            return own == null || pending == null || pending == own ? advance() : LATER;
        }
    }

    /**
     * Counts a message that took no byte. Returns the number of such messages in a row at the current position of the
     * stream.
     */
    public synchronized int looks() {
        int place = (int) (bytesIn - unread - (parked == null ? 0 : parked.remaining()));
        looks = (byte) (place == lookedAt ? Math.min(looks + 1, Byte.MAX_VALUE) : 1);
        lookedAt = place;
        return looks;
    }

    /** Puts back the bytes that the decoding read has detached. Only while a decoder runs, on the decoding thread. */
    public synchronized void takeBack(ByteBuffer bytes) {
        assert decoding != null;
        putBack(bytes);
    }

    /** Returns the value for waiters: true for bytes, false for the end, null if the waiters have to wait. */
    synchronized @Nullable Boolean readiness() {
        if (isShut() || (decoding == null && size() == 0 && input.end() != null)) {
            return false;
        }
        return decoding == null && size() > 0 && pending == null ? true : null;
    }

    /** Returns the end if the caller has to report the end to the connection, otherwise null. */
    synchronized @Nullable IOException endToTell() {
        return input.toReport();
    }

    /**
     * Refuses all later reads, and returns the pending read. Bytes that arrive later are dropped. If {@code aborted} is
     * true, the input ends at once.
     */
    synchronized @Nullable Read<?> close(boolean aborted) {
        closed = true;
        if (aborted) {
            input.abort();
        }
        if (decoding == null) {
            drop();
        }
        Read<?> read = pending;
        pending = null;
        return read;
    }

    /**
     * Sets the last call: the input ends with {@code ending} when the kernel has no more bytes.
     *
     * @param boundary true if a message that has begun is still awaited
     * @return the fill in the transport that must not wait any more, or -1
     */
    synchronized int drainThenEnd(IOException ending, boolean boundary) {
        if (boundary && input.isEnding()) {
            return -1;
        }
        if (input.drainThenEnd(ending)) {
            atBoundary = boundary;
            missed |= decoding != null;
        }
        return input.waitsForNothing();
    }

    /** Refuses all later reads and keeps arriving bytes for a successor. Returns null, or the reason of a refusal. */
    synchronized @Nullable Exception reserve(String what) {
        return pending != null
                ? Errors.readPending(what + ": a " + pending.name() + " is pending")
                : reserve(what, decoding != null);
    }
}
