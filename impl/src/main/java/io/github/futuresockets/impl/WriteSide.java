package io.github.futuresockets.impl;

import io.github.futuresockets.CloseReason;
import io.github.futuresockets.spi.OperationFuture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The writing side of a socket: acts on what {@link WriteState} decides, without its lock. */
final class WriteSide extends Side<Void> implements Transport.Writer {
    private final WriteState state;

    WriteSide(Connection connection, Transport transport, long timeout) {
        super(connection, transport, timeout);
        this.state = new WriteState(this);
    }

    WriteState state() {
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

    /** Whatever is thrown meanwhile is the failure of the write: what has not been sent by then never is. */
    Write start(Write write) {
        try {
            begin(write);
        } catch (Throwable e) {
            IOException cause = Errors.asIOException(write.describe(), e);
            state.fail(cause);
            connection.fail(CloseReason.Kind.FAILED, cause);
            write.fail(cause);
        }
        connection.returned(write);
        return write;
    }

    private void begin(Write write) {
        Recorder.HERE.writing(write);
        boolean later = connection.isTooLong();
        int turn = queue(write, connection.reads().isDispatching(), !later && transport.takesLent());
        if (turn > 0 && later) {
            connection.endStreak(transport.loop(), () -> flush(turn, null));
            watch();
        } else {
            run(write, turn);
        }
    }

    /** Gives the write its place, or a reason why not; to be followed by {@link #run}, without any lock. */
    int queue(Write write, boolean more, boolean lent) {
        begins();
        return state.start(write, more, lent);
    }

    void run(Write write, int turn) {
        if (turn != WriteState.REFUSED) {
            flush(turn, write);
            watch();
            return;
        }
        IOException refused = connection.own(Objects.requireNonNull(write.refusal));
        write.fail(refused);
        if (!(refused instanceof ClosedChannelException)) {
            connection.fail(CloseReason.Kind.FAILED, refused);
        }
    }

    /** What this thread has corked goes out. */
    void uncork() {
        if (state.isCorked()) {
            flush(state.begin(), null);
        }
    }

    /** Half-close behind the queued writes. Each caller has a future of its own, so none can take the end back. */
    OperationFuture<Void> shutdownOutput() {
        End mine = new End(this);
        End end = state.end(mine, false);
        if (end == null) {
            mine.fail(connection.own(state.refusal(mine.describe())));
            return mine;
        }
        if (end == mine) {
            refuseWatches();
            flush(state.begin(), mine);
        }
        return end.copy();
    }

    /** No more writes: the end of the stream follows those that wait. */
    void close() {
        End end = state.end(new End(this), true);
        refuseWatches();
        flush(state.begin(), null);
        if (end != null && state.isEndSent()) {
            connection.outputEnded();
        }
    }

    @Override
    public boolean defers(Runnable close) {
        return state.defer(close);
    }

    @Override
    public void wrote(int count, @Nullable IOException failure) {
        int turn = state.turn();
        if (failure != null) {
            broken(turn, failure);
        } else {
            try {
                advance(count, null);
            } catch (Throwable e) {
                broken(turn, Errors.asIOException("write to " + peer(), e));
            }
            flush(turn, null);
        }
        connection.checkReleased();
    }

    /** Writes while this thread has the turn, until the transport does not answer at once. */
    private void flush(int turn, @Nullable Write own) {
        while (turn != WriteState.QUEUED && state.isTurn(turn)) {
            try {
                int count = act();
                if (count == Transport.PENDING) {
                    return;
                }
                advance(count, own);
            } catch (Throwable e) {
                broken(turn, Errors.asIOException("write to " + peer(), e));
                break;
            }
        }
        connection.checkReleased();
    }

    private int act() throws IOException {
        ByteBuffer chunk = state.chunk();
        if (chunk != null) {
            return chunk.hasRemaining() ? transport.write(chunk) : state.refuseChanged();
        }
        Write alone = state.alone();
        if (alone != null) {
            return alone.act();
        }
        state.check();
        return 0;
    }

    /** The kernel has taken so many bytes, or the end: completes what is done. */
    private void advance(int count, @Nullable Write own) {
        if (count > 0) {
            progress();
        }
        Write alone = state.alone();
        for (Write done = state.advance(count); done != null; ) {
            Write each = done;
            done = each.next;
            each.next = null;
            if (each != own) {
                connection.completing(each);
            }
            if (each == own) {
                each.publish();
            } else {
                settle(each, each::publish);
            }
        }
        relieve();
        if (alone != null && alone.isEnd()) {
            connection.outputEnded();
        }
    }

    private void settle(Write write, Runnable outcome) {
        if (write.isInternal()) {
            ChannelLoop.guard(outcome);
        } else {
            connection.complete(outcome);
        }
    }

    private void relieve() {
        if (isWatched()) {
            tellWritable();
        }
    }

    boolean withdraw(Write write) {
        Write.Withdrawal withdrawal = state.withdraw(write);
        if (withdrawal == Write.Withdrawal.TOO_LONG) {
            connection.abort();
        } else if (withdrawal == Write.Withdrawal.TURN) {
            flush(state.turn(), null);
        }
        relieve();
        return withdrawal != Write.Withdrawal.LATE;
    }

    private void broken(int turn, IOException cause) {
        state.broken(turn, cause);
        connection.broken(cause);
    }

    /** A source has failed, which has given its turn back. On the loop. */
    void sourceFailed(IOException cause) {
        state.broken(state.turn(), cause);
        connection.fail(CloseReason.Kind.FAILED, cause);
        connection.checkReleased();
    }

    /** Ends all that waits. A thread that has the turn finds an empty queue. */
    void fail(IOException cause) {
        stop();
        state.fail(cause);
        for (Write failed = state.takeAll(); failed != null; ) {
            Write each = failed;
            failed = each.next;
            each.next = null;
            settle(each, failure(each, cause));
        }
        refuseWatches();
    }

    private Runnable failure(Write write, IOException cause) {
        IOException mine = connection.own(Errors.again(write.describe() + write.rest(), cause));
        return () -> write.fail(mine);
    }

    @Override
    public void unwatched(Throwable cause) {
        if (isWaiting()) {
            String what = "write to " + peer() + ": its time-out cannot be set";
            connection.fail(CloseReason.Kind.FAILED, Errors.asIOException(what, cause));
        }
    }

    Watches<Void>.Watch writable() {
        Watches<Void> all = watches("writable");
        Watches<Void>.Watch watch = all.make(context());
        if (!connection.isTooLong() && state.isWritable()) {
            watch.ready(null);
            connection.returned(watch);
            return watch;
        }
        all.add(watch);
        try {
            if (connection.isTooLong()) {
                connection.endStreak(transport.loop(), this::tellWritable);
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
            takeWatches().forEach(each -> {
                connection.completing(each);
                connection.complete(() -> each.ready(null));
            });
        } else if (state.isShut()) {
            refuseWatches();
        }
    }

    private void refuseWatches() {
        takeWatches().forEach(each -> {
            IOException refused = connection.own(state.refusal("writable of " + connection));
            connection.complete(() -> each.failed(refused));
        });
    }
}
