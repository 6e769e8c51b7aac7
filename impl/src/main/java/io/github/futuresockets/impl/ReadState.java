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
    private boolean told;
    private int seen;
    private int unread;
    private int largest = 1;
    private int ask;

    /** The one who asks for a fill and the one who calls for the last must not miss each other. */
    private volatile boolean issued;

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

    /** Whether nothing comes any more. */
    boolean isOver() {
        return end != null;
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
        if (chunk != null && decoding != null) {
            parked = chunk;
            return WAIT;
        }
        filling = false;
        if (chunk != null) {
            add(chunk);
        } else if (end == null) {
            end = lastCall != null ? lastCall : failure != null ? failure : END;
        }
        return advance();
    }

    private void add(ByteBuffer chunk) {
        inbox.add(chunk, pending == null ? Integer.MAX_VALUE : pending.wants());
        if (closed) {
            inbox.drop();
        }
    }

    /** Does what can be done now, and says what is next. */
    synchronized Object advance() {
        Read<?> read = pending;
        if (decoding != null) {
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
        boolean all = closed || (lastCall != null && lastCall != END);
        if (filling || end != null || !(wanted || all)) {
            return WAIT;
        }
        int missing = read == null ? 0 : read.wants() - inbox.size();
        int most = missing > Chunks.LARGE / 2 ? Math.min(missing, Chunks.LARGE) : Chunks.LARGE;
        ask = all ? Chunks.LARGE : Math.min(largest, most);
        filling = true;
        issued = false;
        return FILL;
    }

    /** Whether a watch needs a fill. */
    synchronized Object more() {
        return decoding == null ? idle() : WAIT;
    }

    /** How much to ask for, for the thread that fills. */
    int ask() {
        return ask;
    }

    /** The fill waits in the transport; true if it must not. */
    boolean issued() {
        issued = true;
        return lastCall != null;
    }

    /** Runs the decoder, without the lock, on the thread that got DECODE. */
    Object decode(@Nullable Read<?> own) {
        Read<?> read = Objects.requireNonNull(decoding);
        ByteBuffer in = inbox.bytes();
        int mark = in.position();
        boolean complete = read.attempt(in, seen, decodingEnd);
        synchronized (this) {
            boolean mine = pending == read;
            boolean changed = !mine || parked != null || end != decodingEnd;
            decoding = null;
            Object outcome = WAIT;
            if (engine.hook.claim(mine)) {
                outcome = settle(read, complete);
            } else if (in == inbox.bytes()) {
                in.position(mark);
            }
            if (parked != null) {
                filling = false;
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
        if (closed || (end != null && inbox.size() == 0)) {
            return false;
        }
        return pending == null && decoding == null && inbox.size() > 0 ? true : null;
    }

    /** The end, for the one caller who is to tell it. */
    synchronized @Nullable IOException endToTell() {
        if (told) {
            return null;
        }
        told = end != null;
        return end;
    }

    /** No more reads. What still comes is dropped; after an abort nothing is awaited any more. */
    synchronized Object close(boolean aborted) {
        closed = true;
        if (aborted && end == null) {
            end = END;
            told = true;
        }
        if (decoding != null) {
            return WAIT;
        }
        inbox.drop();
        return idle();
    }

    synchronized Object callLast(IOException ending) {
        if (end != null) {
            return WAIT;
        }
        lastCall = ending;
        return decoding == null ? idle() : WAIT;
    }

    /** Whether a fill waits that must not any more. */
    synchronized boolean isFillToEnd() {
        return filling && issued && lastCall != null;
    }
}
