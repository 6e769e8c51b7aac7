package io.github.futuresockets.impl;

import static io.github.futuresockets.impl.Step.DECODE;
import static io.github.futuresockets.impl.Step.FILL;
import static io.github.futuresockets.impl.Step.LATER;
import static io.github.futuresockets.impl.Step.WAIT;

import io.github.futuresockets.SocketStats;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What a {@link ReadSide} knows: the pending read, the bytes that have arrived, the fill that is under way, the end. */
final class ReadState extends Arrivals {
    /*
     * All methods and fields are guarded by this object's monitor, but for the volatile ones. No future is completed, no
     * user code run and no system call made under it: each method ends in a step for its caller to take. FILL: this thread
     * has set `filling`. DECODE: it has set `decoding`. A read: it has claimed that.
     *
     * A read is claimed and its bytes are taken in one locked section, in which `pending` becomes null; withdrawing makes it
     * null too. Whichever comes first decides: a withdrawn read has taken nothing. While `decoding` is set the inbox is
     * its thread's alone, a chunk that arrives is parked, and the claim comes behind the decoder: if its read has been
     * withdrawn meanwhile, the position goes back and what the decoder made is dropped.
     *
     * A buffer that a read lends is filled within the call that begins it, without the lock: nobody has a future yet by
     * which to take it back. Should a close or a time-out end the read meanwhile, its bytes are kept.
     */
    private final ReadSide side;

    private @Nullable Read<?> pending;
    private @Nullable Read<?> decoding;
    private @Nullable IOException decodingEnd;
    private @Nullable ByteBuffer parked;

    /** Somebody asked for the next step while a decoder was running. */
    private boolean missed;

    private boolean atBoundary;
    private int seen;
    private int unread;

    /** Messages in a row that have taken nothing, and their place in the stream, modulo 2 to the 32. */
    private byte looks;

    private int lookedAt;
    private long bytesIn;
    private long reads;

    ReadState(ReadSide side, Loop loop) {
        super(loop);
        this.side = side;
    }

    synchronized int buffered() {
        return decoding != null ? unread : size();
    }

    synchronized SocketStats stats(WriteState writes) {
        return writes.stats(bytesIn, reads);
    }

    synchronized long bytesIn() {
        return bytesIn;
    }

    synchronized boolean isTaken() {
        return pending != null;
    }

    synchronized boolean isWaiting() {
        return pending != null && !pending.isPaused();
    }

    /** Gives the read the place; one that cannot have it is complete, with its failure. */
    synchronized Object start(Read<?> read, boolean atOnce) {
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

    boolean isPending(Read<?> read) {
        return pending == read;
    }

    /** Takes the place from the read; true if it had it. */
    synchronized boolean withdraw(Read<?> read) {
        boolean mine = pending == read;
        pending = mine ? null : pending;
        return side.engine().hook.claim(mine);
    }

    /** Takes the place from whichever read has it, if {@code condition} holds for that one, under the lock. */
    synchronized @Nullable Read<?> evict(BooleanSupplier condition) {
        Read<?> read = pending;
        boolean evicted = read != null && condition.getAsBoolean();
        pending = evicted ? null : read;
        return evicted ? read : null;
    }

    /** The outcome of a fill: a chunk, or the end or a failure. */
    synchronized Object arrived(@Nullable ByteBuffer chunk, @Nullable IOException failure) {
        if (isHandedOver()) {
            input.answered();
            return Step.HAND_ON;
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

    /** The outcome of a fill of the buffer that a read lends; should it have lost its place, the bytes are for the next one. */
    synchronized Object arrivedIn(ByteBuffer lent, Read<?> read) {
        if (pending != read) {
            return arrived(ByteBuffer.allocate(lent.remaining()).put(lent).flip(), null);
        }
        bytesIn += lent.remaining();
        input.answered();
        pending = null;
        read.filled(lent.remaining());
        return read;
    }

    private void keep(ByteBuffer chunk) {
        if (input.end() != null) {
            refuse(chunk);
            return;
        }
        input.endWith(add(chunk, pending == null ? Integer.MAX_VALUE : pending.wants()));
        if (closed) {
            drop();
        }
    }

    /** Does what can be done now, and says what is next. */
    synchronized Object advance() {
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

    /** A read that throws has failed. */
    private boolean attempt(Read<?> read, ByteBuffer in, @Nullable IOException ending) {
        try {
            return read.attempt(in, seen, ending);
        } catch (Throwable e) {
            read.fails(e);
            return true;
        }
    }

    /** Whether the read has handed the bytes to another thread; one that has no thread for that has failed. */
    private static boolean handsOn(Read<?> read, ByteBuffer in) {
        try {
            return read.worksElsewhere(in);
        } catch (Throwable e) {
            read.unable(e);
            return false;
        }
    }

    private Object settle(Read<?> read, boolean complete) {
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

    /** Nothing to do with the bytes that are there: are more needed? Reads ahead, but not past a large message. */
    private Object idle() {
        releaseIfEmpty();
        Read<?> read = pending;
        boolean wanted = read != null ? !read.isPaused() : size() == 0 && side.isWatched();
        boolean over = closed ? input.isDrained() : input.end() != null;
        if (input.isFilling() || over || !(wanted || isAllWanted())) {
            return WAIT;
        }
        plan(read == null ? 0 : read.wants() - size(), read == null ? 0 : read.chunk(), isAllWanted());
        input.fill();
        return FILL;
    }

    private boolean isAllWanted() {
        return closed || input.isLastAtOnce();
    }

    /** Whether a watch or a last call needs a fill. */
    synchronized Object more() {
        return decoding == null ? idle() : WAIT;
    }

    /** That fill waits in the transport; true if it must not. */
    synchronized boolean issued(int fill) {
        return input.issued(fill);
    }

    /** The kernel has nothing for that fill: the end comes although it waits. */
    synchronized Object ends(int fill) {
        boolean waits = input.isWaiting(fill) && parked == null;
        if (waits && !(atBoundary && (size() > 0 || side.transport.isWithinRecord()))) {
            input.ends();
        }
        return advance();
    }

    /** Runs the decoder, without the lock, on the thread that got DECODE. */
    Object decode(@Nullable Read<?> own) {
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
            Object outcome = WAIT;
            if (side.engine().hook.claim(mine)) {
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

    /** A decoder makes a message and takes nothing: the number of such messages in a row at this place of the stream. */
    synchronized int looks() {
        int place = (int) (bytesIn - unread - (parked == null ? 0 : parked.remaining()));
        looks = (byte) (place == lookedAt ? Math.min(looks + 1, Byte.MAX_VALUE) : 1);
        lookedAt = place;
        return looks;
    }

    /** Bytes come back that the read which runs now, as a decoder does, has given away. */
    synchronized void takeBack(ByteBuffer bytes) {
        assert decoding != null;
        putBack(bytes);
    }

    /** Whether those who watch can be told something: true for bytes, false for the end. */
    synchronized @Nullable Boolean readiness() {
        if (isShut() || (decoding == null && size() == 0 && input.end() != null)) {
            return false;
        }
        return decoding == null && size() > 0 && pending == null ? true : null;
    }

    /** The end, for the one caller who is to tell it. */
    synchronized @Nullable IOException endToTell() {
        return input.toTell();
    }

    /** No more reads: returns the pending one. What still comes is dropped; after an abort nothing is awaited any more. */
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

    /** From now on nothing is waited for. Returns the fill that waits in vain then, or -1. */
    synchronized int callLast(IOException ending, boolean boundary) {
        if (boundary && input.isCalled()) {
            return -1;
        }
        if (input.callLast(ending)) {
            atBoundary = boundary;
            missed |= decoding != null;
        }
        return input.waitingInVain();
    }

    /** From now on nobody reads here, and what comes is kept for an heir; returns why not. */
    synchronized @Nullable Exception reserve(String what) {
        return pending != null
                ? Errors.readPending(what + ": a " + pending.name() + " is pending")
                : reserve(what, decoding != null);
    }
}
