package io.github.futuresockets.impl.connection;

import static io.github.futuresockets.impl.connection.Step.Signal.WAIT;

import io.github.futuresockets.CloseReason;
import io.github.futuresockets.impl.common.Errors;
import io.github.futuresockets.impl.observe.Recorder;
import io.github.futuresockets.impl.transport.DirectTransport;
import io.github.futuresockets.impl.transport.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The read side of a connection. Acts on the steps of {@link ReadState}, without its lock. */
public final class ReadSide extends Side<Boolean> {
    /** The budget of a fast peer, in bytes. After these bytes the loop serves its other connections first. */
    private static final int BUDGET = 256 << 10;

    private final ReadState state;

    // the reading thread's alone
    /** The bytes in a row that the transport has had at once. */
    private int inARow;

    // written by the dispatching thread; other threads only compare the reference with themselves
    /** The thread that is completing a read. */
    private @Nullable Thread dispatcher;

    // the dispatching thread's alone
    /** True if the completion of a read has begun another read, left for the dispatching thread. */
    private boolean left;

    ReadSide(Connection connection, long timeout) {
        super(connection, timeout);
        this.state = new ReadState(this, connection.loop());
    }

    /** Returns the state of this side. */
    public ReadState state() {
        return state;
    }

    @Override
    public boolean isWaiting() {
        return state.isWaiting();
    }

    /** Starts a read. The read fails with everything that is thrown by the start. Returns the read. */
    public <T> Read<T> start(Read<T> read) {
        try {
            begin(read);
        } catch (Throwable e) {
            state.withdraw(read);
            read.fail(e);
        }
        connection.budget.returns(read);
        return read;
    }

    /**
     * Starts a read that has given its place away after a claim. The loop takes the first step. The read fails with
     * everything that is thrown.
     */
    public void restart(Read<?> read) {
        try {
            begins();
            boolean atOnce = loop().inLoop();
            Step outcome = state.start(read, atOnce);
            if (!atOnce && outcome == WAIT) {
                loop().execute(this::resume);
            }
            armTimer();
            proceed(outcome, null);
        } catch (Throwable e) {
            state.withdraw(read);
            read.fail(e);
        }
    }

    private void begin(Read<?> read) {
        begins();
        Recorder.HERE.reading(read);
        boolean atOnce = !connection.budget.isSpent();
        Step outcome = state.start(read, atOnce);
        if (!atOnce && outcome == WAIT) {
            if (dispatcher == Thread.currentThread()) {
                left = true;
                connection.budget.refill();
            } else {
                connection.budget.defer(loop(), this::resume);
            }
        }
        armTimer();
        proceed(outcome, read);
    }

    /**
     * Returns true if this thread is completing a read and bytes have arrived for another read. Writes of the
     * completion are then corked and coalesced. The result is a hint, read without the lock. After the dispatch all
     * corked writes are sent.
     */
    public boolean isDispatching() {
        return dispatcher == Thread.currentThread() && state.hasBytes();
    }

    /**
     * Makes the calling thread the dispatching thread, for the user code of a decoding read.
     *
     * @return true if the thread was not dispatching before, so that the caller has to call {@link #endDispatch}
     */
    public boolean beginDispatch() {
        boolean begins = dispatcher != Thread.currentThread();
        dispatcher = Thread.currentThread();
        return begins;
    }

    /** Ends a {@link #beginDispatch} that has returned true. */
    public void endDispatch() {
        dispatcher = null;
    }

    /** Withdraws a read. Returns true if the read has taken nothing. */
    public boolean withdraw(Read<?> read) {
        boolean withdrawn = state.withdraw(read);
        notifyOfRest();
        return withdrawn;
    }

    /** Notifies the waiters of bytes left by a withdrawn read. */
    private void notifyOfRest() {
        if (hasWaiters()) {
            resume();
        }
    }

    /** Takes the next step of a read left to the loop, of a read after its pause, or for a waiter. */
    public void resume() {
        armTimer();
        proceed(state.advance(), null);
    }

    /** Reads after the signal of the transport. On the loop. */
    void onReadable() {
        proceed(state.readable(), null);
    }

    /** Acts on a step and on all following steps up to WAIT. {@code own} is the read of the caller of start. */
    private void proceed(Step first, @Nullable Read<?> own) {
        try {
            act(first, own);
        } finally {
            if (dispatcher != Thread.currentThread()) {
                connection.writes().uncork();
            }
        }
    }

    private void act(Step first, @Nullable Read<?> own) {
        Step outcome = first;
        do {
            while (outcome != WAIT) {
                outcome = take(outcome, own);
            }
            if (state.input().end() != null || state.input().isDraining() || hasWaiters()) {
                notifyWaiters();
                outcome = state.more();
            }
        } while (outcome != WAIT);
    }

    /** Takes a step and returns the next step. A step that throws ends the connection, and its read fails. */
    private Step take(Step step, @Nullable Read<?> own) {
        try {
            if (step instanceof Read<?> read) {
                return complete(read, own);
            }
            switch ((Step.Signal) step) {
                case READ:
                    return read(own);
                case AWAIT:
                    transport().awaitReadable();
                    return WAIT;
                case SETTLE:
                    return transport().settles(() -> proceed(state.settled(), null)) ? state.settled() : WAIT;
                case DECODE:
                    return state.decode(own);
                case RELEASED:
                    return released(own);
                case LATER:
                    loop().execute(this::resume);
                    return WAIT;
                default:
                    return WAIT;
            }
        } catch (Throwable e) {
            IOException cause = Errors.asIOException("read from " + peer(), e);
            if (step instanceof Read<?> read) {
                read.fail(e);
            } else if (step == Step.Signal.READ) {
                return state.arrived(null, cause, false);
            }
            connection.end(new CloseReason(CloseReason.Kind.FAILED, cause), cause);
            return WAIT;
        }
    }

    /** Reads from the transport, now or, after the budget of a fast peer, as a task of the loop. */
    private Step read(@Nullable Read<?> own) {
        if (inARow >= BUDGET && loop().inLoop()) {
            inARow = 0;
            loop().execute(() -> proceed(Step.Signal.READ, null));
            return WAIT;
        }
        return readNow(own);
    }

    /** Takes the next steps after the last read of the transport, and ends the hold of this thread. */
    private Step released(@Nullable Read<?> own) {
        try {
            act(state.advance(), own);
        } finally {
            connection.workDone();
        }
        return WAIT;
    }

    private Step readNow(@Nullable Read<?> own) {
        boolean ask = state.input().isDraining();
        ByteBuffer chunk = null;
        IOException failure = null;
        try {
            connection.writes().uncork();
            ByteBuffer lent = own == null ? null : own.lent();
            if (lent != null && lent(lent)) {
                progress();
                return state.arrivedIn(lent.flip(), own);
            }
            chunk = transport().read(state.ask(), ask);
        } catch (Throwable e) {
            failure = Errors.asIOException("read from " + peer(), e);
        }
        if (chunk == Transport.NOTHING) {
            inARow = 0;
        } else {
            inARow = chunk == null ? 0 : inARow + chunk.remaining();
            progress();
        }
        return state.arrived(chunk, failure, ask);
    }

    /** Fills a lent buffer of the caller, if bytes are there. Returns true if the buffer has got bytes. */
    private boolean lent(ByteBuffer lent) throws IOException {
        DirectTransport direct = transport().direct();
        if (direct == null || direct.read(lent) <= 0) {
            return false;
        }
        inARow += lent.position();
        return true;
    }

    /**
     * Reserves the input for a successor, and completes waiters with an end. Returns null, or the reason of a refusal.
     */
    @Nullable public Exception reserve(String what) {
        Exception refused = state.reserve(what);
        if (refused == null) {
            notifyWaiters();
        }
        return refused;
    }

    /** Completes a claimed read on this thread or in the user's executor, and returns the next step. */
    private Step complete(Read<?> read, @Nullable Read<?> own) {
        if (read == own) {
            read.publish();
            return WAIT;
        }
        connection.budget.completesLater(read);
        if (engine().completesElsewhere()) {
            connection.complete(read::publish);
            return WAIT;
        }
        boolean outermost = beginDispatch();
        try {
            read.publish();
        } finally {
            if (outermost) {
                endDispatch();
            }
        }
        if (!left) {
            return WAIT;
        }
        left = false;
        return state.advance();
    }

    /** Completes the waiters if there are bytes or an end, and reports the end to the connection. */
    private void notifyWaiters() {
        Boolean ready = state.readiness();
        if (ready != null) {
            takeWaiters().forEach(each -> {
                connection.budget.completesLater(each);
                connection.complete(() -> each.ready(ready));
            });
        }
        IOException end = state.endToReport();
        if (end != null) {
            connection.ending().inputEnded(end);
        }
    }

    /** Returns a future that completes with true for bytes, and with false for the end. */
    public Waiters<Boolean>.Watch readable() {
        Waiters<Boolean> all = watches("readable");
        Waiters<Boolean>.Watch watch = all.make(context());
        Boolean ready = state.readiness();
        if (ready != null && !connection.budget.isSpent()) {
            watch.ready(ready);
            connection.budget.returns(watch);
            return watch;
        }
        all.add(watch);
        try {
            if (ready == null) {
                resume();
            } else {
                connection.budget.defer(loop(), this::notifyWaiters);
            }
        } catch (Throwable e) {
            all.fail(watch, e);
        }
        return watch;
    }

    /**
     * Fails the pending read and refuses later reads. Drops input until its end, or ends the input at once if aborted.
     */
    void close(boolean aborted) {
        stop();
        Read<?> failed = state.close(aborted);
        if (failed != null) {
            fail(
                    failed,
                    () -> Errors.closedMeanwhile(
                            failed.describe() + ": the socket was closed",
                            connection.reason().cause()));
        }
        proceed(state.advance(), null);
        notifyWaiters();
    }

    /** Fails a withdrawn read. */
    private void fail(Read<?> read, Supplier<IOException> making) {
        Throwable failure = connection.makeOwn(making);
        connection.complete(() -> read.fail(failure));
    }

    /**
     * Ends the input after the bytes in the kernel, without waiting for the peer.
     *
     * @param ending the outcome of reads after these bytes
     * @param atBoundary true if a message that has begun is still awaited
     */
    public void drainThenEnd(IOException ending, boolean atBoundary) {
        state.drainThenEnd(ending, atBoundary);
        proceed(state.more(), null);
    }

    @Override
    public void stalled(long nanos) {
        Read<?> late = state.evict(this::isOverdue);
        if (late != null) {
            fail(late, () -> Errors.stalled(late.describe() + ": no byte came", nanos));
            notifyOfRest();
        }
    }

    @Override
    public void unwatched(Throwable cause) {
        Read<?> read = state.evict(state::isWaiting);
        if (read != null) {
            connection.complete(() -> read.fail(cause));
            notifyOfRest();
        }
    }

    /** Continues a read after the work of another thread on its bytes. On the loop. */
    public void worked() {
        armTimer();
        proceed(state.decode(null), null);
    }

    /** Releases a pooled buffer. Other buffers are left to the garbage collector. */
    public void recycle(ByteBuffer chunk) {
        if (chunk.isDirect()) {
            loop().chunks().release(chunk);
        }
    }
}
