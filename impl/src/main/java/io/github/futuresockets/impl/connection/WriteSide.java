package io.github.futuresockets.impl.connection;

import io.github.futuresockets.CloseReason;
import io.github.futuresockets.future.OperationFuture;
import io.github.futuresockets.impl.common.Errors;
import io.github.futuresockets.impl.common.Threads;
import io.github.futuresockets.impl.observe.Recorder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The write side of a connection. Acts on the decisions of {@link WriteState}, without its lock. */
public final class WriteSide extends Side<Void> {
    private final WriteState state;

    // written by the thread that gathers; other threads only learn that the batch is not their own
    /** The batch with gathered bytes, or null. */
    private @Nullable Batch gathering;

    WriteSide(Connection connection, long timeout) {
        super(connection, timeout);
        this.state = new WriteState(this);
    }

    /** Returns the state of the write side. */
    public WriteState state() {
        return state;
    }

    @Override
    public boolean isWaiting() {
        return state.isWaiting();
    }

    @Override
    public void stalled(long nanos) {
        connection.fail(CloseReason.Kind.TIMED_OUT, Errors.stalled("no byte left", nanos));
    }

    @Override
    public void progress() {
        super.progress();
        connection.left();
    }

    /**
     * Starts a write and returns the write. If the start throws, the write and the connection fail with the exception,
     * and no further byte is sent.
     */
    public Write start(Write write) {
        try {
            begin(write);
        } catch (Throwable e) {
            IOException cause = Errors.asIOException(write.describe(), e);
            state.fail(cause);
            connection.fail(CloseReason.Kind.FAILED, cause);
            write.fail(cause);
        }
        connection.budget.returns(write);
        return write;
    }

    /** Notes that a batch gathers bytes, behind the bytes of another batch of this thread. For the gathering thread. */
    void gathers(Batch batch) {
        if (gathering != batch) {
            queueGathered();
            gathering = batch;
        }
    }

    /** Notes that all bytes of a batch are being queued. For the thread that has gathered. */
    void gathered(Batch batch) {
        if (gathering == batch) {
            gathering = null;
        }
    }

    /** Queues the bytes that this thread has gathered, because a later write, half-close or close begins. */
    private void queueGathered() {
        Batch batch = gathering;
        if (batch != null && batch.isMine()) {
            batch.submit();
        }
    }

    private void begin(Write write) {
        Recorder.HERE.writing(write);
        boolean later = connection.budget.isSpent();
        int flushId;
        try {
            flushId = queue(
                    write,
                    connection.reads().isDispatching(),
                    !later && transport().direct() != null);
        } catch (IOException refusal) {
            refuse(write, refusal);
            return;
        }
        if (later) {
            flushLater(flushId);
            armTimer();
        } else {
            run(write, flushId);
        }
    }

    /** Passes a flush of this thread to the loop. If the loop takes no task, ends the flush and throws. */
    private void flushLater(int flushId) {
        if (flushId == WriteState.QUEUED) {
            return;
        }
        try {
            connection.budget.defer(loop(), () -> flush(flushId, null));
        } catch (Throwable e) {
            state.broken(flushId, Errors.asIOException("write to " + peer(), e));
            flushEnded(flushId);
            throw e;
        }
    }

    /**
     * Queues a write. The caller then calls {@link #run} with the result, or {@link #refuse} with the exception, under
     * no lock.
     *
     * @param write the write
     * @param more true if the flush may wait for further writes of this thread
     * @param lent true if the buffer of the write may be lent to the kernel
     * @return a number for {@link #run}
     * @throws IOException the reason of a refusal
     */
    public int queue(Write write, boolean more, boolean lent) throws IOException {
        queueGathered();
        begins();
        return state.start(write, more, lent);
    }

    /** Flushes a write that {@link #queue} has queued. */
    public void run(Write write, int flushId) {
        flush(flushId, write);
        armTimer();
    }

    /** Fails a write that {@link #queue} has refused. If the output is not shut, the connection fails too. */
    public void refuse(Write write, IOException refusal) {
        write.fail(connection.own(refusal));
        if (!(refusal instanceof ClosedChannelException)) {
            connection.fail(CloseReason.Kind.FAILED, refusal);
        }
    }

    /** Queues a barrier, and begins its upgrade if no write is queued. Throws if the output is shut. */
    void queue(Barrier barrier) throws IOException {
        queueGathered();
        begins();
        int flushId = state.start(barrier);
        if (connection.budget.isSpent()) {
            flushLater(flushId);
        } else {
            flush(flushId, null);
        }
        armTimer();
    }

    /** Flushes the writes that this thread has corked. */
    void uncork() {
        if (state.isCorked()) {
            flush(state.beginFlush(), null);
        }
    }

    /**
     * Queues the half-close after all writes. Each caller gets its own copy of the future. Therefore a cancel does not
     * withdraw the half-close.
     */
    public OperationFuture<Void> shutdownOutput() {
        queueGathered();
        ShutdownWrite mine = new ShutdownWrite(this);
        ShutdownWrite end = state.end(mine, false);
        if (end == null) {
            mine.fail(connection.own(state.refusal(mine.describe())));
            return mine;
        }
        if (end == mine) {
            refuseWatches();
            flush(state.beginFlush(), mine);
        }
        return end.copy();
    }

    /** Refuses later writes, fails an upgrade that has not begun, and queues the end of the output after all writes. */
    void close() {
        queueGathered();
        ShutdownWrite end = state.end(new ShutdownWrite(this), true);
        Barrier upgrade = state.barrier();
        if (upgrade != null) {
            upgrade.fail(Errors.closed(upgrade.what() + Errors.CLOSED, null));
        }
        refuseWatches();
        flush(state.beginFlush(), null);
        if (end != null && state.isEndSent()) {
            connection.outputEnded();
        }
    }

    /** Continues the flush that has waited for the signal of the transport. On the loop. */
    void onWritable() {
        flush(state.resume(), null);
    }

    /**
     * Continues a flush that was offloaded, on the loop.
     *
     * @param count the number of bytes that the other thread has sent
     */
    public void resumed(int count) {
        int flushId = state.flushId();
        try {
            advance(count, null);
        } catch (Throwable e) {
            broken(flushId, Errors.asIOException("write to " + peer(), e));
        }
        flush(flushId, null);
    }

    /**
     * Lets the flush wait for room in the transport. The calling thread owns the flush until this call. If no signal
     * can be requested, the connection fails. Because the transport has the buffer, the flush then waits for the close.
     */
    public void awaitRoom() {
        boolean held = state.await();
        try {
            transport().awaitWritable();
        } catch (Throwable e) {
            IOException cause = Errors.asIOException("write to " + peer(), e);
            state.fail(cause);
            connection.broken(cause);
        } finally {
            if (held) {
                connection.workDone();
            }
        }
    }

    /** Ends the hold that the release may have taken for a flush that this thread has ended. */
    private void flushEnded(int flushId) {
        if (state.isHeld(flushId)) {
            connection.workDone();
        }
    }

    /** Sends while this thread owns the flush, until the transport has no room or the queue is empty. */
    private void flush(int flushId, @Nullable Write own) {
        while (flushId != WriteState.QUEUED && state.ownsFlush(flushId)) {
            try {
                int count = act();
                if (count == ExclusiveWrite.OFFLOADED) {
                    return;
                }
                if (count == ExclusiveWrite.AWAIT) {
                    awaitRoom();
                    return;
                }
                advance(count, own);
            } catch (Throwable e) {
                broken(flushId, Errors.asIOException("write to " + peer(), e));
                break;
            }
        }
        flushEnded(flushId);
    }

    /** Takes the next step of the flush. Returns the number of sent bytes, or AWAIT, or OFFLOADED. */
    private int act() throws IOException {
        ByteBuffer chunk = state.chunk();
        if (chunk != null) {
            if (!chunk.hasRemaining() && !state.isOffered()) {
                return state.refuseChanged();
            }
            int count = transport().write(chunk);
            return count == 0 ? ExclusiveWrite.AWAIT : count;
        }
        Write exclusive = state.exclusive();
        if (exclusive instanceof ExclusiveWrite step) {
            return step.act();
        }
        if (exclusive != null) {
            return Objects.requireNonNull(transport().direct()).write(exclusive.lent());
        }
        state.check();
        Barrier reached = state.reach();
        if (reached == null) {
            return 0;
        }
        reached.begin();
        return ExclusiveWrite.OFFLOADED;
    }

    /** Completes the writes that are finished after the kernel took {@code count} bytes, or the end. */
    private void advance(int count, @Nullable Write own) {
        if (count > 0) {
            progress();
        }
        boolean ends = state.exclusive() instanceof ShutdownWrite;
        for (Write done = state.advance(count); done != null; ) {
            Write each = done;
            done = each.next;
            each.next = null;
            if (each != own) {
                connection.budget.completesLater(each);
            }
            if (each == own) {
                each.publish();
            } else {
                settle(each, each::publish);
            }
        }
        relieve();
        if (ends) {
            connection.outputEnded();
        }
    }

    /**
     * Completes a write, directly if the outcome is for this library, otherwise in the user's executor if there is an
     * executor.
     */
    private void settle(Write write, Runnable outcome) {
        if (write instanceof ForwardingWrite) {
            Threads.guard(outcome);
        } else {
            connection.complete(outcome);
        }
    }

    /** Notifies the waiters if the queue has room. */
    void relieve() {
        if (hasWaiters()) {
            tellWritable();
        }
    }

    /** Withdraws a write for its canceller. Returns false if the write is being completed. */
    boolean withdraw(Write write) {
        Write.Withdrawal withdrawal = state.withdraw(write);
        if (withdrawal == Write.Withdrawal.TOO_LONG) {
            connection.abort();
        } else if (withdrawal == Write.Withdrawal.FLUSH) {
            flush(state.flushId(), null);
        }
        relieve();
        return withdrawal != Write.Withdrawal.LATE;
    }

    private void broken(int flushId, IOException cause) {
        state.broken(flushId, cause);
        connection.broken(cause);
    }

    /**
     * Fails the connection because the source of an {@link OffloadedWrite} has failed. The write is not offloaded any
     * more. On the loop.
     */
    public void sourceFailed(IOException cause) {
        int flushId = state.flushId();
        state.broken(flushId, cause);
        connection.fail(CloseReason.Kind.FAILED, cause);
        flushEnded(flushId);
    }

    /** Fails all queued writes and all waiters. The owner of the flush then finds an empty queue. */
    void fail(IOException cause) {
        stop();
        state.fail(cause);
        for (Write failed = state.takeAll(); failed != null; ) {
            Write each = failed;
            failed = each.next;
            each.next = null;
            settle(each, failure(each, cause));
        }
        Barrier upgrade = state.barrier();
        if (upgrade != null) {
            upgrade.fail(Errors.again(upgrade.what(), cause));
        }
        refuseWatches();
    }

    /** Returns the outcome of a failed write. If no failure of its own can be made, the write fails with the cause. */
    private Runnable failure(Write write, IOException cause) {
        try {
            IOException mine = connection.own(Errors.again(write.describe() + write.rest(), cause));
            return () -> write.fail(mine);
        } catch (Throwable e) {
            return () -> write.fail(cause);
        }
    }

    @Override
    public void unwatched(Throwable cause) {
        if (isWaiting()) {
            String what = "write to " + peer() + ": its time-out cannot be set";
            connection.fail(CloseReason.Kind.FAILED, Errors.asIOException(what, cause));
        }
    }

    /** Returns a future that completes when the queue has room, and fails when the output is shut. */
    public Waiters<Void>.Watch writable() {
        Waiters<Void> all = watches("writable");
        Waiters<Void>.Watch watch = all.make(context());
        if (!connection.budget.isSpent() && state.isWritable()) {
            watch.ready(null);
            connection.budget.returns(watch);
            return watch;
        }
        all.add(watch);
        try {
            if (connection.budget.isSpent()) {
                connection.budget.defer(loop(), this::tellWritable);
            } else {
                tellWritable();
            }
        } catch (Throwable e) {
            all.fail(watch, e);
        }
        return watch;
    }

    private void tellWritable() {
        if (state.isWritable()) {
            takeWaiters().forEach(each -> {
                connection.budget.completesLater(each);
                connection.complete(() -> each.ready(null));
            });
        } else if (state.isShut()) {
            refuseWatches();
        }
    }

    private void refuseWatches() {
        takeWaiters().forEach(each -> {
            Throwable refused = connection.makeOwn(() -> state.refusal("writable of " + connection));
            connection.complete(() -> each.failed(refused));
        });
    }
}
