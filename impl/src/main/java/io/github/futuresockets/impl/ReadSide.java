package io.github.futuresockets.impl;

import static io.github.futuresockets.impl.Step.DECODE;
import static io.github.futuresockets.impl.Step.FILL;
import static io.github.futuresockets.impl.Step.LATER;
import static io.github.futuresockets.impl.Step.WAIT;

import io.github.futuresockets.CloseReason;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The reading side of a socket: acts on what {@link ReadState} decides, without its lock. */
final class ReadSide extends Fills {
    private final ReadState state;

    /** The thread that completes a read now, and whether it has been left another: only that thread acts on them. */
    private @Nullable Thread dispatcher;

    private boolean left;

    ReadSide(Connection connection, Transport transport, long timeout) {
        super(connection, transport, timeout);
        this.state = new ReadState(this, transport.loop());
    }

    @Override
    ReadState state() {
        return state;
    }

    @Override
    public boolean isWaiting() {
        return state.isWaiting();
    }

    /** Whatever is thrown meanwhile is the failure of the read. */
    <T> Read<T> start(Read<T> read) {
        try {
            begin(read);
        } catch (Throwable e) {
            state.withdraw(read);
            read.fail(e);
        }
        connection.returned(read);
        return read;
    }

    private void begin(Read<?> read) {
        begins();
        Recorder.HERE.reading(read);
        boolean atOnce = !connection.isTooLong();
        Object outcome = state.start(read, atOnce);
        if (!atOnce && outcome == WAIT) {
            if (dispatcher == Thread.currentThread()) {
                left = true;
                connection.endStreak();
            } else {
                connection.endStreak(transport.loop(), this::resume);
            }
        }
        watch();
        proceed(outcome, read);
    }

    /**
     * Whether this thread completes a read and there are bytes for another: what it writes meanwhile can leave together. A
     * hint, asked for without the lock: it goes out when the dispatch is over, whatever was said.
     */
    boolean isDispatching() {
        return dispatcher == Thread.currentThread() && state.size() > 0;
    }

    boolean withdraw(Read<?> read) {
        boolean withdrawn = state.withdraw(read);
        tellOfWhatIsLeft();
        return withdrawn;
    }

    /** A read is gone: what it has left is there for those who watch. */
    private void tellOfWhatIsLeft() {
        if (isWatched()) {
            resume();
        }
    }

    /** Goes on with what was left to the loop, paused, or is asked for by a watch. */
    void resume() {
        watch();
        proceed(state.advance(), null);
    }

    /** Acts on an outcome, and on the next, until somebody else has to; {@code own} is the read of the caller of start. */
    @Override
    void proceed(Object first, @Nullable Read<?> own) {
        try {
            act(first, own);
        } finally {
            if (dispatcher != Thread.currentThread()) {
                connection.writes().uncork();
            }
        }
    }

    private void act(Object first, @Nullable Read<?> own) {
        Object outcome = first;
        do {
            while (outcome != WAIT) {
                outcome = take(outcome, own);
            }
            if (state.input().end() != null || state.input().isLast() || isWatched()) {
                tell();
                connection.checkReleased();
                outcome = state.more();
            }
        } while (outcome != WAIT);
    }

    /** Takes one step; one that throws ends the connection, and is answered all the same. */
    private Object take(Object step, @Nullable Read<?> own) {
        try {
            if (step == FILL) {
                return fill(own);
            }
            if (step == DECODE) {
                return state.decode(own);
            }
            if (step == LATER) {
                transport.loop().execute(this::resume);
                return WAIT;
            }
            return complete((Read<?>) step, own);
        } catch (Throwable e) {
            IOException cause = Errors.asIOException("read from " + peer(), e);
            if (step instanceof Read<?>) {
                ((Read<?>) step).fail(e);
            } else if (step == FILL) {
                return arrived(null, cause);
            }
            connection.end(new CloseReason(CloseReason.Kind.FAILED, cause), cause);
            return WAIT;
        }
    }

    /** What comes is somebody else's from now on: those who watch see an end. Returns why not. */
    @Nullable Exception reserve(String what) {
        Exception refused = state.reserve(what);
        if (refused == null) {
            tell();
        }
        return refused;
    }

    private Object complete(Read<?> read, @Nullable Read<?> own) {
        engine().hook.claimed();
        if (read == own) {
            read.publish();
            return WAIT;
        }
        connection.completing(read);
        if (engine().completesElsewhere()) {
            connection.complete(read::publish);
            return WAIT;
        }
        dispatcher = Thread.currentThread();
        try {
            read.publish();
        } finally {
            dispatcher = null;
        }
        if (!left) {
            return WAIT;
        }
        left = false;
        return state.advance();
    }

    /** Tells those who watch, and at the end, once, the connection. */
    private void tell() {
        Boolean ready = state.readiness();
        if (ready != null) {
            takeWatches().forEach(each -> {
                connection.completing(each);
                connection.complete(() -> each.ready(ready));
            });
        }
        IOException end = state.endToTell();
        if (end != null) {
            connection.inputEnded(end);
        }
    }

    Watches<Boolean>.Watch readable() {
        Watches<Boolean> all = watches("readable");
        Watches<Boolean>.Watch watch = all.make(context());
        Boolean ready = state.readiness();
        if (ready != null && !connection.isTooLong()) {
            watch.ready(ready);
            connection.returned(watch);
            return watch;
        }
        all.add(watch);
        try {
            if (ready == null) {
                resume();
            } else {
                connection.endStreak(transport.loop(), this::tell);
            }
        } catch (Throwable e) {
            all.fail(watch, e);
        }
        return watch;
    }

    /** No more reads. What still comes is dropped until the end; or, after an abort, nothing is awaited any more. */
    void close(boolean aborted) {
        stop();
        Read<?> failed = state.close(aborted);
        if (failed != null) {
            IOException failure = connection.own(Errors.closedMeanwhile(
                    failed.describe() + ": the socket was closed",
                    connection.reason().cause()));
            connection.complete(() -> failed.fail(failure));
        }
        proceed(state.advance(), null);
        tell();
    }

    /**
     * What the kernel has may still be read; behind it comes {@code ending}, without waiting for the peer. {@code atBoundary}: a
     * message that has begun by then is waited for.
     */
    void callLast(IOException ending, boolean atBoundary) {
        int waiting = state.callLast(ending, atBoundary);
        if (waiting >= 0) {
            endFill(waiting);
        }
        proceed(state.more(), null);
    }

    @Override
    public void stalled(long nanos) {
        Read<?> late = state.evict(this::isOverdue);
        if (late != null) {
            IOException failure = connection.own(Errors.stalled(late.describe() + ": no byte came", nanos));
            connection.complete(() -> late.fail(failure));
            tellOfWhatIsLeft();
        }
    }

    @Override
    public void unwatched(Throwable cause) {
        Read<?> read = state.evict(state::isWaiting);
        if (read != null) {
            connection.complete(() -> read.fail(cause));
            tellOfWhatIsLeft();
        }
    }

    /** What was done with the bytes elsewhere is done. On the loop. */
    void worked() {
        watch();
        proceed(state.decode(null), null);
    }

    void recycle(ByteBuffer chunk) {
        if (chunk.isDirect()) {
            transport.loop().chunks().give(chunk);
        }
    }
}
