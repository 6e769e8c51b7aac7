package io.github.futuresockets.impl.connection;

import static io.github.futuresockets.impl.connection.Step.Signal.AWAIT;
import static io.github.futuresockets.impl.connection.Step.Signal.DECODE;
import static io.github.futuresockets.impl.connection.Step.Signal.LATER;
import static io.github.futuresockets.impl.connection.Step.Signal.READ;
import static io.github.futuresockets.impl.connection.Step.Signal.RELEASED;
import static io.github.futuresockets.impl.connection.Step.Signal.SETTLE;
import static io.github.futuresockets.impl.connection.Step.Signal.WAIT;

import io.github.futuresockets.SocketStats;
import io.github.futuresockets.impl.common.Errors;
import io.github.futuresockets.impl.transport.IoLoop;
import io.github.futuresockets.impl.transport.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The state of a {@link ReadSide}: the pending read, the read buffer, and the end of the input. */
public final class ReadState {
    /*
     * No future is completed, no user code runs and no system call is made under the lock. Each method returns a Step,
     * and the caller acts on the step without the lock. A read as a step means that the caller's thread has claimed the
     * read.
     *
     * Claim: `pending` becomes null and the bytes are taken in the same locked section. A withdrawal sets `pending` to
     * null too. The first of both decides. Therefore a withdrawn read has taken nothing.
     *
     * Work: after READ, the thread reads from the transport. After DECODE, the thread runs a decoder, and the bytes of
     * the read buffer belong to the thread. `work` holds the step until the thread reports its end (arrived, decode).
     * In the meantime an event only sets `missed`, and the end of the work takes the next step for the event.
     *
     * Decoder: the claim follows the decoder. If the read was withdrawn in the meantime, the position of the read
     * buffer is restored up to the last mark, and the decoded message is dropped. An attempt for a missed event gets
     * the same bytes as `seen`, so that an event in each run of the decoder does not repeat the decoder for ever. A
     * read of messages moves the mark with each message, and so keeps the messages before a withdrawal.
     *
     * Lent buffer: the buffer of a caller is filled within the call that begins the read, without the lock. Because the
     * caller has no future yet, the caller cannot withdraw the read. If a close or a time-out ends the read in the
     * meantime, the bytes are copied to the read buffer.
     *
     * Signal: if a read of the transport finds nothing, AWAIT requests a signal, and `awaited` is set. Until the signal
     * a read would find nothing again.
     *
     * End: after a last call, a read of the transport asks the kernel. If such a read finds nothing, SETTLE makes sure
     * that the kernel has nothing. `settled` is true from then until bytes arrive.
     *
     * Release: after `release`, no read of the transport begins. If a thread reads at the moment of the release, the
     * release has taken a hold for the thread, and the end of the read returns RELEASED.
     *
     * Upgrade: while `reserved` is set no read is accepted, and bytes stay in the kernel. Bytes that arrive from a read
     * in progress are kept for the successor. After `upgraded` the transport is not read any more.
     */
    private final ReadSide side;
    private final ReadBuffer buffer;
    private final EndOfInput input = new EndOfInput();

    // guarded by this
    private @Nullable Read<?> pending;

    /** READ or DECODE while a thread works, otherwise WAIT. */
    private Step.Signal work = WAIT;

    // set under this; the decoding thread may read without the lock
    private @Nullable Read<?> decoding;

    // guarded by this
    /** True if a next step was requested during the work. */
    private boolean missed;

    private boolean closed;
    private boolean reserved;
    private boolean upgraded;
    private boolean released;

    /** True if the last call waits for the end of a message that has begun. */
    private boolean atBoundary;

    /** True from the request for a signal of the transport until the signal, or until bytes arrive. */
    private boolean awaited;

    /** True from SETTLE until {@link #settled()}. */
    private boolean settling;

    /** True if all bytes of the kernel at the last call can be read, and none has arrived since. */
    private boolean settled;

    /** The bytes that the pending read has seen in vain. The decoding thread reads the number without the lock. */
    private int seen;

    /** The messages and peeks in a row that have taken no byte. */
    private byte looks;

    /** The position of these looks in the stream, modulo 2 to the power of 32. */
    private int lookedAt;

    private long bytesIn;
    private long reads;

    ReadState(ReadSide side, IoLoop loop) {
        this.side = side;
        this.buffer = new ReadBuffer(loop);
    }

    /** Returns the end of the input. Without the lock only its volatile fields may be read. */
    EndOfInput input() {
        return input;
    }

    /** Returns the planned size of the read of the transport. For the reading thread. */
    int ask() {
        return buffer.ask();
    }

    /** Returns the number of bytes in the read buffer. While a decoder runs, the number at the begin of the decoder. */
    public synchronized int buffered() {
        return decoding != null ? buffer.marked() : buffer.size();
    }

    /** Returns true if the read buffer has bytes. Without the lock the result is a hint. */
    boolean hasBytes() {
        return buffer.size() > 0;
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

    /** Returns true while a thread reads from the transport, or runs a decoder. */
    public synchronized boolean isBusy() {
        return work != WAIT;
    }

    private boolean isShut() {
        assert Thread.holdsLock(this);
        return closed || reserved;
    }

    /** Returns the failure of a read that is not accepted. */
    private IOException refusal(String what) {
        assert Thread.holdsLock(this);
        return closed
                ? Errors.closed(
                        what + ": the socket is closed",
                        side.connection.reason().cause())
                : Errors.closed(what + Errors.ENCRYPTED, null);
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
        if (read.isWithdrawn()) {
            return WAIT;
        }
        if (pending != null && !pending.givesWay()) {
            read.fails(Errors.readPending(read.describe() + ": a " + pending.name() + " is pending"));
            return read;
        }
        reads++;
        seen = 0;
        buffer.expect(read.wants());
        pending = read;
        return atOnce ? advance() : WAIT;
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
        return mine;
    }

    /** Withdraws the pending read if the condition holds, under the lock. Returns the read, or null. */
    synchronized @Nullable Read<?> evict(BooleanSupplier condition) {
        Read<?> read = pending;
        boolean evicted = read != null && condition.getAsBoolean();
        pending = evicted ? null : read;
        return evicted ? read : null;
    }

    /** Claims the pending read if its bytes have arrived, or returns another next step. */
    synchronized Step advance() {
        if (work != WAIT) {
            missed = true;
            return WAIT;
        }
        Read<?> read = pending;
        if (read == null || read.isPaused() || (buffer.size() == 0 && input.end() == null && read.wants() > 0)) {
            return idle();
        }
        if (!read.runsUserCode()) {
            return settle(read, attempt(read, buffer.bytes(), input.end()));
        }
        work = DECODE;
        missed = false;
        decoding = read;
        buffer.mark();
        return DECODE;
    }

    /** Begins a read of the transport after its signal, unless no byte may be read. */
    synchronized Step readable() {
        awaited = false;
        if (work != WAIT) {
            missed = true;
            return WAIT;
        }
        return isOver() || reserved && !isAllWanted() ? WAIT : read();
    }

    /** Begins a read of the transport if a waiter or a last call needs bytes. */
    synchronized Step more() {
        return work == WAIT ? idle() : WAIT;
    }

    /** Begins a read of the transport if bytes are needed, and if the read may find some or ends the input. */
    private Step idle() {
        assert Thread.holdsLock(this);
        buffer.releaseIfEmpty();
        boolean mayFind = !awaited || input.isDraining() && !isWithinMessage();
        return mayFind && !settling && wantsBytes() ? read() : WAIT;
    }

    /** Returns true if the last call waits for the rest of a message that has begun. */
    private boolean isWithinMessage() {
        assert Thread.holdsLock(this);
        return atBoundary && (buffer.size() > 0 || side.transport().isWithinRecord());
    }

    private boolean isOver() {
        return upgraded || released || (closed ? input.isDrained() : input.end() != null);
    }

    private boolean isAllWanted() {
        return closed || input.isDrainingEagerly();
    }

    /** Returns true if the transport has to be read: for the pending read, for a waiter, or to drop the bytes. */
    private boolean wantsBytes() {
        assert Thread.holdsLock(this);
        if (isOver()) {
            return false;
        }
        Read<?> read = pending;
        boolean wanted = read != null ? !read.isPaused() : buffer.size() == 0 && side.hasWaiters() && !reserved;
        return wanted || isAllWanted();
    }

    /** Begins a read of the transport. Prefetches, but not past the end of a large message. */
    private Step read() {
        assert Thread.holdsLock(this);
        Read<?> read = pending;
        buffer.plan(read == null ? 0 : read.wants() - buffer.size(), read == null ? 0 : read.chunk(), isAllWanted());
        work = READ;
        missed = false;
        return READ;
    }

    /**
     * Takes the outcome of a read of the transport: a pooled buffer, or a failure, or neither at the end of stream.
     *
     * @param chunk the buffer, null at the end, or {@link Transport#NOTHING}
     * @param asked true if the read has asked the kernel after a last call
     */
    synchronized Step arrived(@Nullable ByteBuffer chunk, @Nullable IOException failure, boolean asked) {
        if (chunk != Transport.NOTHING) {
            settled = false;
            awaited = false;
            if (chunk == null) {
                input.ended(failure);
            } else {
                bytesIn += chunk.remaining();
                keep(chunk);
            }
        }
        boolean last = released && work == READ;
        work = WAIT;
        if (last) {
            return RELEASED;
        }
        return chunk == Transport.NOTHING && !missed ? nothing(asked) : advance();
    }

    /** Begins the release. Takes a hold for the thread that reads from the transport, if there is one. */
    synchronized void release(HoldCount holds) {
        released = true;
        if (work == READ) {
            holds.hold();
        }
    }

    /** Returns the step after a read of the transport has found nothing. */
    private Step nothing(boolean asked) {
        assert Thread.holdsLock(this);
        if (!wantsBytes()) {
            return WAIT;
        }
        if (!input.isDraining() || isWithinMessage()) {
            awaited = true;
            return AWAIT;
        }
        if (!asked) {
            return read();
        }
        if (!settled) {
            settling = true;
            return SETTLE;
        }
        input.endDraining();
        return advance();
    }

    /** Notes that all bytes of the kernel can be read now, and reads them, or ends the input if there is none. */
    synchronized Step settled() {
        settling = false;
        settled = input.isDraining();
        return advance();
    }

    /** Takes the bytes of a lent buffer. If the read is not pending any more, the next read gets a copy. */
    synchronized Step arrivedIn(ByteBuffer lent, Read<?> read) {
        if (pending != read || released) {
            return arrived(ByteBuffer.allocate(lent.remaining()).put(lent).flip(), null, false);
        }
        work = WAIT;
        settled = false;
        bytesIn += lent.remaining();
        pending = null;
        read.filled(lent.remaining());
        return read;
    }

    /** Adds arrived bytes to the read buffer, or drops the bytes after the end or a close. */
    private void keep(ByteBuffer chunk) {
        assert Thread.holdsLock(this);
        if (input.end() != null) {
            buffer.refuse(chunk);
            return;
        }
        input.endWith(buffer.add(chunk, pending == null ? Integer.MAX_VALUE : pending.wants()));
        if (closed) {
            buffer.drop();
        }
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
            seen = buffer.size();
            return idle();
        }
        pending = pending == read ? null : pending;
        if (read.hasTaken(buffer.bytes())) {
            buffer.detach();
        }
        buffer.releaseIfEmpty();
        return read;
    }

    /**
     * Runs the decoder without the lock, on the thread that got DECODE. Then claims the read, unless the read was
     * withdrawn.
     *
     * @param own the read of the caller of start, or null
     */
    Step decode(@Nullable Read<?> own) {
        Read<?> read = Objects.requireNonNull(decoding);
        ByteBuffer in = buffer.bytes();
        if (handsOn(read, in)) {
            return WAIT;
        }
        buffer.mark();
        IOException ending = input.end();
        boolean complete = attempt(read, in, ending);
        synchronized (this) {
            boolean mine = pending == read;
            boolean again = missed && !complete;
            boolean changed = !mine || input.end() != ending || again;
            work = WAIT;
            decoding = null;
            missed = false;
            Step outcome = WAIT;
            if (mine) {
                if (!complete && read.hasYielded()) {
                    seen = 0;
                    return LATER;
                }
                if (again) {
                    seen = buffer.size();
                } else {
                    outcome = settle(read, complete);
                }
            } else if (in == buffer.bytes()) {
                in.position(in.limit() - buffer.marked());
            }
            if (closed) {
                buffer.drop();
            }
            if (outcome != WAIT || !changed) {
                return outcome;
            }
            return own == null || pending == null || pending == own ? advance() : LATER;
        }
    }

    /**
     * Counts a message that took no byte, or a peek. Returns their number in a row at the current position of the
     * stream.
     */
    public synchronized int looks() {
        int place = (int) (bytesIn - buffered());
        looks = (byte) (place == lookedAt ? Math.min(looks + 1, Byte.MAX_VALUE) : 1);
        lookedAt = place;
        return looks;
    }

    /**
     * Notes that the decoding read has taken bytes for good. A later withdrawal does not restore these bytes. Only for
     * the decoding thread.
     */
    public void keepTaken() {
        buffer.mark();
    }

    /** Empties the read buffer and returns the old buffer. Only while a decoder runs, under the lock. */
    public ByteBuffer detach() {
        assert Thread.holdsLock(this) && decoding != null;
        return buffer.detach();
    }

    /** Puts back the bytes that the decoding read has detached. Only while a decoder runs, on the decoding thread. */
    public synchronized void takeBack(ByteBuffer bytes) {
        assert decoding != null;
        buffer.putBack(bytes);
    }

    /** Returns the value for waiters: true for bytes, false for the end, null if the waiters have to wait. */
    synchronized @Nullable Boolean readiness() {
        if (isShut() || (decoding == null && buffer.size() == 0 && input.end() != null)) {
            return false;
        }
        return decoding == null && buffer.size() > 0 && pending == null ? true : null;
    }

    /** Returns the end if the caller has to report the end to the connection, otherwise null. */
    synchronized @Nullable IOException endToReport() {
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
            buffer.drop();
        }
        Read<?> read = pending;
        pending = null;
        return read;
    }

    /**
     * Sets the last call: the input ends with {@code ending} when the kernel has no more bytes.
     *
     * @param boundary true if a message that has begun is still awaited
     */
    synchronized void drainThenEnd(IOException ending, boolean boundary) {
        if (boundary && input.isEnding()) {
            return;
        }
        if (input.drainThenEnd(ending)) {
            atBoundary = boundary;
            missed |= work != WAIT;
        }
    }

    /** Reserves the input for a successor. Returns null, or the reason why the input cannot be reserved. */
    synchronized @Nullable Exception reserve(String what) {
        if (pending != null && !pending.givesWay()) {
            return Errors.readPending(what + ": a " + pending.name() + " is pending");
        }
        pending = null;
        if (isShut()) {
            return refusal(what);
        }
        if (input.end() != null || input.isEnding()) {
            return Errors.closed(what + ": the stream has ended", null);
        }
        int unread = decoding == null ? buffer.size() : decoding.untaken(buffer.size());
        if (unread > 0) {
            return new SSLException(what + ": " + unread + " bytes have come in the plain and have not been read");
        }
        reserved = true;
        return null;
    }

    /** Ends the reservation without a successor. */
    public synchronized void cancelUpgrade() {
        reserved = false;
    }

    /**
     * Ends the reading for good, because a successor reads from now on. Only while no thread reads or decodes.
     *
     * @return the bytes that have arrived since the reservation, for the successor, or null
     */
    public synchronized @Nullable ByteBuffer upgrade() {
        assert work == WAIT;
        upgraded = true;
        return buffer.size() > 0 ? buffer.detach() : null;
    }
}
