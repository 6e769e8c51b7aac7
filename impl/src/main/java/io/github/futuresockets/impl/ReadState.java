package io.github.futuresockets.impl;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What a {@link ReadSide} knows: the pending read, the bytes that have arrived, the fill that is under way, the end. */
final class ReadState {
    /*
     * All methods and fields are guarded by this object's monitor, but for the volatile ones. No future is completed, no
     * user code run and no system call made under it: each method ends in an outcome for its caller to act on. WAIT:
     * somebody else will go on. FILL: this thread has set `filling` and asks the transport. DECODE: this thread has set
     * `decoding`, runs the decoder and reports by decoded(). A read: this thread has claimed it and completes it.
     *
     * A read is claimed and its bytes are taken in one locked section, in which `pending` becomes null; withdrawing makes it
     * null too. Whichever comes first decides: a withdrawn read has taken nothing. While `decoding` is set the inbox is
     * its thread's alone, a chunk that arrives is parked, and the claim comes behind the decoder: if its read has been
     * withdrawn meanwhile, the position goes back and what the decoder made is dropped.
     *
     * `end` is what comes behind the last byte: null while unknown, END, or what reads then fail with. Once `lastCall` is
     * set fills do not wait any more: what the kernel has is taken, then `end` becomes `lastCall`. If that is a failure it
     * is taken at once, so that the descriptor can go; otherwise as it is asked for.
     */
    static final Object WAIT = new Object();
    static final Object FILL = new Object();
    static final Object DECODE = new Object();

    /** The regular end of the stream. */
    static final IOException END = new IOException("end of stream");

    private final Inbox inbox;
    private final Watches<Boolean> readable;
    private final Engine engine;

    private @Nullable Read<?> pending;
    private @Nullable Read<?> decoding;
    private @Nullable IOException decodingEnd;
    private @Nullable ByteBuffer parked;
    private volatile @Nullable IOException end;
    private boolean filling;
    private boolean closed;
    private int told;

    /** Somebody asked for the next step while a decoder was running. */
    private boolean missed;

    /** The transport has reported the end or a failure; `end` may come before that, after a last call. */
    private volatile boolean drained;
    private int seen;
    private int unread;
    private int largest = 1;
    private int ask;

    /** Counts the fills; the last one waits in the transport if `issued`. */
    private int fills;

    private boolean issued;

    private volatile @Nullable IOException lastCall;

    ReadState(Engine engine, Inbox inbox, Watches<Boolean> readable) {
        this.engine = engine;
        this.inbox = inbox;
        this.readable = readable;
    }

    synchronized int buffered() {
        return decoding != null ? unread : inbox.size();
    }

    synchronized boolean isFilling() {
        return filling;
    }

    synchronized boolean isWaiting() {
        return pending != null && !pending.isPaused();
    }

    /** Whether reads get nothing more. */
    boolean isOver() {
        return end != null;
    }

    /** Whether the transport gives nothing more. */
    boolean isDrained() {
        return drained;
    }

    /** Whether the peer has ended its stream. */
    boolean isEnded() {
        return end == END && lastCall == null;
    }

    /** Gives the read the place; one that cannot have it is complete, with its failure. */
    synchronized Object start(Read<?> read, boolean atOnce) {
        if (closed) {
            read.fails(Errors.closed(read.describe() + ": the socket is closed", null));
            return read;
        }
        if (pending != null) {
            read.fails(Errors.readPending(read.describe() + ": a " + pending.name() + " is pending"));
            return read;
        }
        pending = read;
        seen = 0;
        largest = Math.max(largest, read.wants());
        return atOnce ? advance() : WAIT;
    }

    boolean isPending(Read<?> read) {
        return pending == read;
    }

    /** All that has arrived, for the read that is being served now and hands it on as a whole. */
    ByteBuffer detach() {
        return inbox.detach();
    }

    /** Takes the place from the read; true if it had it. */
    synchronized boolean withdraw(Read<?> read) {
        boolean mine = pending == read;
        if (mine) {
            pending = null;
        }
        return engine.hook.claim(mine);
    }

    /** Takes the place from whichever read has it, if {@code condition} holds for that one, under the lock. */
    synchronized @Nullable Read<?> evict(BooleanSupplier condition) {
        Read<?> read = pending;
        if (read == null || !condition.getAsBoolean()) {
            return null;
        }
        pending = null;
        return read;
    }

    /** The outcome of a fill: a chunk, or the end or a failure. */
    synchronized Object arrived(@Nullable ByteBuffer chunk, @Nullable IOException failure) {
        if (chunk != null && decoding != null && end == null) {
            parked = chunk;
            return WAIT;
        }
        filling = false;
        issued = false;
        if (chunk == null) {
            drained = true;
            end = end != null ? end : lastCall != null ? lastCall : failure != null ? failure : END;
        } else if (end == null) {
            add(chunk);
        } else {
            inbox.refuse(chunk);
        }
        return advance();
    }

    private void add(ByteBuffer chunk) {
        try {
            inbox.add(chunk, pending == null ? Integer.MAX_VALUE : pending.wants());
        } catch (OutOfMemoryError e) {
            inbox.refuse(chunk);
            end = new IOException("no memory for " + chunk.remaining() + " bytes behind " + inbox.size(), e);
        }
        if (closed) {
            inbox.drop();
        }
    }

    /** Does what can be done now, and says what is next. */
    synchronized Object advance() {
        Read<?> read = pending;
        if (decoding != null) {
            missed = true;
            return WAIT;
        }
        if (read == null || read.isPaused() || (inbox.size() == 0 && end == null && read.wants() > 0)) {
            return idle();
        }
        if (!read.runsUserCode()) {
            return settle(read, read.attempt(inbox.bytes(), seen, end));
        }
        decoding = read;
        decodingEnd = end;
        unread = inbox.size();
        return DECODE;
    }

    private Object settle(Read<?> read, boolean complete) {
        if (!complete) {
            seen = inbox.size();
            return idle();
        }
        if (pending == read) {
            pending = null;
        }
        if (read.hasTaken(inbox.bytes())) {
            inbox.detach();
        }
        inbox.releaseIfEmpty();
        return read;
    }

    /** Nothing to do with the bytes that are there: are more needed? Reads ahead, but not past a large message. */
    private Object idle() {
        inbox.releaseIfEmpty();
        Read<?> read = pending;
        boolean wanted = read != null ? !read.isPaused() : inbox.size() == 0 && !readable.isEmpty();
        if (filling || (closed ? drained : end != null) || !(wanted || isAllWanted())) {
            return WAIT;
        }
        int missing = read == null ? 0 : read.wants() - inbox.size();
        int most = missing > Chunks.LARGE / 2 ? Math.min(missing, Chunks.LARGE) : Chunks.LARGE;
        ask = isAllWanted() ? Chunks.LARGE : Math.min(largest, most);
        filling = true;
        fills++;
        return FILL;
    }

    private boolean isAllWanted() {
        return closed || (lastCall != null && lastCall != END);
    }

    /** Whether a watch or a last call needs a fill. */
    synchronized Object more() {
        return decoding == null ? idle() : WAIT;
    }

    /** How much to ask for, for the thread that fills. */
    int ask() {
        return ask;
    }

    /** The number of the fill, for the thread that fills. */
    int fillNumber() {
        return fills;
    }

    /** Whether the fill has to find out what the kernel has: on the loop, as a task of its own. */
    boolean isLast() {
        return lastCall != null && end == null;
    }

    /** The fill waits in the transport; true if it must not. */
    synchronized boolean issued(int fill) {
        issued = filling && fills == fill;
        return issued && isLast();
    }

    /** The fill that waits in the transport and must not any more, or -1. */
    synchronized int fillToEnd() {
        return issued && isLast() ? fills : -1;
    }

    /** The kernel has nothing: the end comes although that fill waits. What it still brings is dropped. */
    synchronized Object ends(int fill) {
        if (filling && parked == null && fills == fill && end == null) {
            end = lastCall;
        }
        return advance();
    }

    /** Runs the decoder, without the lock, on the thread that got DECODE. */
    Object decode(@Nullable Read<?> own) {
        Read<?> read = Objects.requireNonNull(decoding);
        ByteBuffer in = inbox.bytes();
        int mark = in.position();
        boolean complete = read.attempt(in, seen, decodingEnd);
        synchronized (this) {
            boolean mine = pending == read;
            boolean again = missed && !complete;
            boolean changed = !mine || parked != null || end != decodingEnd || again;
            decoding = null;
            missed = false;
            Object outcome = WAIT;
            if (engine.hook.claim(mine)) {
                outcome = again ? WAIT : settle(read, complete);
            } else if (in == inbox.bytes()) {
                in.position(mark);
            }
            if (parked != null) {
                filling = false;
                issued = false;
                add(parked);
                parked = null;
            }
            if (closed) {
                inbox.drop();
            }
            if (outcome != WAIT || !changed) {
                return outcome;
            }
            return own == null || pending == null || pending == own ? advance() : DECODE_LATER;
        }
    }

    /** As WAIT, but the read of somebody else is left to the loop. */
    static final Object DECODE_LATER = new Object();

    /** Whether those who watch can be told something: true for bytes, false for the end. */
    synchronized @Nullable Boolean readiness() {
        if (closed) {
            return false;
        }
        if (decoding != null) {
            return null;
        }
        return inbox.size() == 0 ? (end != null ? false : null) : pending == null ? true : null;
    }

    /** The end, for the one caller who is to tell it: when reads see it, and when the transport has. */
    synchronized @Nullable IOException endToTell() {
        int known = drained ? 2 : end != null ? 1 : 0;
        if (told >= known) {
            return null;
        }
        told = known;
        return end;
    }

    /** No more reads: returns the pending one. What still comes is dropped; after an abort nothing is awaited any more. */
    synchronized @Nullable Read<?> close(boolean aborted) {
        closed = true;
        if (aborted) {
            end = end == null ? END : end;
            drained = true;
            told = 2;
        }
        if (decoding == null) {
            inbox.drop();
        }
        Read<?> read = pending;
        pending = null;
        return read;
    }

    /** The first failure stays. */
    synchronized Object callLast(IOException ending) {
        if (end != null || (lastCall != null && lastCall != END)) {
            return WAIT;
        }
        lastCall = ending;
        if (decoding != null) {
            missed = true;
            return WAIT;
        }
        return idle();
    }
}
