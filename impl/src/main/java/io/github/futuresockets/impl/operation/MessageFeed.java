package io.github.futuresockets.impl.operation;

import io.github.futuresockets.codec.Decoder;
import io.github.futuresockets.compose.SerialDrain;
import io.github.futuresockets.impl.common.Errors;
import io.github.futuresockets.impl.connection.EndOfInput;
import io.github.futuresockets.impl.connection.ReadSide;
import io.github.futuresockets.impl.transport.BufferPool;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A read that passes message after message to a sink, until the sink pauses the feed. No message has a future. The feed
 * itself is never completed as a future, because its sink takes the end.
 *
 * @param <T> the type of the messages
 */
public final class MessageFeed<T> extends DecodingRead<T, Void> {
    /*
     * Turn: without an executor, an attempt on the loop is a turn. An attempt on another thread yields to the loop. A
     * turn passes messages to the sink while the thread decodes. Each passed message is taken for good, so that a
     * withdrawal restores the bytes of all later messages only. With an executor, an attempt takes a single message, and
     * the executor passes the message after the claim.
     *
     * Place: the feed has the place of the pending read, unless the sink has paused the feed or a single message is
     * being passed. A read that begins within the turn, on the thread of the turn, gets the place at once. `placed` is
     * true from the start until the place is given up. A feed that wants the place again starts again.
     *
     * Drain: `pump` runs one at a time, and decides what comes next from `arrived`, `failure`, `paused`, `wanted` and
     * `placed`. During a turn `pump` does nothing, and the end of the turn drains again.
     *
     * Sink: calls of the sink never overlap. `ended` is the last call. `ended` never comes while the feed is paused or
     * has the place of the pending read, so that the next read may begin at once.
     */
    /** The most messages of a turn. */
    static final int MOST_MESSAGES = 64;

    /** The most bytes of a turn. */
    static final int MOST_BYTES = 256 << 10;

    private static final Object PAUSED = new Object();
    private static final Object END = new Object();

    /**
     * Takes the messages of a feed. Calls never overlap. Each call sees the effects of the calls before.
     *
     * @param <T> the type of the messages
     */
    public interface Sink<T> {
        /**
         * Returns true if messages may be passed. If false, the feed pauses until {@link MessageFeed#resume}.
         */
        boolean isReady();

        /**
         * Takes a message. If false is returned, the feed pauses until {@link MessageFeed#resume}.
         *
         * @throws Throwable a failure, with which the feed ends
         */
        boolean message(T message) throws Throwable;

        /** Notes that no message follows for now. */
        void turned();

        /** Takes the end of the stream, or a failure. Does not throw. */
        void ended(@Nullable Throwable failure);
    }

    private final String name;
    private final Sink<? super T> sink;
    private final SerialDrain drain = new SerialDrain(this::pump);

    // any thread
    private volatile boolean stopped;

    /** True within a turn. */
    private volatile boolean turning;

    /** True while the feed has the place of the pending read, or is about to get the place. */
    private volatile boolean placed;

    /** True after {@link #resume}, until the feed takes note. */
    private volatile boolean wanted;

    private volatile @Nullable Throwable failure;

    // written by the thread that claims, then by the pump; ordered by the drain
    /** A message of a claim, END, or null. */
    private @Nullable Object arrived;

    // written within a turn or by the pump; ordered by `turning` and the drain
    private boolean paused;

    // the pump's
    private boolean over;

    // the decoding thread's, read under the lock of the state by the same thread
    private boolean yielded;

    // written by the thread of the turn; other threads only compare the reference with themselves
    private @Nullable Thread turner;

    // the thread of the turn's
    /** The view of the turn. Its position is behind the last message passed. */
    private @Nullable ByteBuffer view;

    /** Makes a feed of messages of at most {@code limit} bytes each. {@code name} is for messages of failures. */
    public MessageFeed(ReadSide side, Decoder<? extends T> decoder, int limit, String name, Sink<? super T> sink) {
        super(side, decoder, limit);
        this.name = name;
        this.sink = sink;
    }

    @Override
    public String name() {
        return name;
    }

    /** Begins the feed. Called once. */
    public void begin() {
        placed = true;
        side.restart(this);
    }

    /** Continues the feed after a pause. Called once for each pause, by any thread. */
    public void resume() {
        wanted = true;
        drain.drain();
    }

    /** Ends the feed with a failure, after the pause if the feed is paused. Any thread. */
    public void end(Throwable cause) {
        note(cause);
        if (side.withdraw(this)) {
            placed = false;
        }
        drain.drain();
    }

    /** Notes a failure. The first failure counts, unless two threads come at once. */
    private void note(Throwable cause) {
        if (failure == null) {
            failure = cause;
        }
    }

    /**
     * Stops the feed for good. On return the place of the pending read is free, and no message is taken any more. A
     * message that is taken already is still passed to the sink.
     */
    public void stop() {
        stopped = true;
        side.withdraw(this);
    }

    /** Decides what comes next. For the drain. */
    @SuppressWarnings("unchecked")
    private void pump() {
        if (turning || over) {
            return;
        }
        Object message = arrived;
        if (message != null && message != END) {
            arrived = null;
            paused = failure == null && !pass((T) message);
        }
        if (paused) {
            if (!wanted) {
                return;
            }
            wanted = false;
            paused = false;
        }
        Throwable failed = failure;
        if (placed || stopped) {
            return;
        }
        if (failed != null || arrived == END) {
            over = true;
            sink.ended(failed);
        } else {
            paused = !sink.isReady();
            placed = !paused;
            if (placed) {
                side.restart(this);
                freePlaceAfterFailure();
            }
        }
    }

    /** Gives the place up if a failure was noted before the place was taken, but after the pump had looked. */
    private void freePlaceAfterFailure() {
        if (failure != null && side.withdraw(this)) {
            placed = false;
            drain.drain();
        }
    }

    /** Passes a message that is taken already. Returns false if the sink pauses the feed. */
    private boolean pass(T message) {
        try {
            return sink.message(message);
        } catch (Throwable e) {
            note(e);
            return true;
        } finally {
            sink.turned();
        }
    }

    @Override
    protected int wants() {
        return Math.max(super.wants(), BufferPool.LARGE);
    }

    @Override
    protected boolean isWithdrawn() {
        return stopped;
    }

    @Override
    protected boolean givesWay() {
        boolean mine = turner == Thread.currentThread();
        if (mine) {
            placed = false;
        }
        return mine;
    }

    @Override
    protected int untaken(int buffered) {
        ByteBuffer mine = turner == Thread.currentThread() ? view : null;
        return mine == null ? buffered : mine.remaining();
    }

    @Override
    protected boolean hasYielded() {
        return yielded;
    }

    @Override
    protected boolean attempt(ByteBuffer in, int seen, @Nullable IOException ending) {
        yielded = false;
        if (side.engine().completesElsewhere()) {
            return super.attempt(in, seen, ending);
        }
        if (!side.loop().inLoop()) {
            yielded = true;
            return false;
        }
        turning = true;
        Throwable failed = failure;
        if (failed != null) {
            // The pump of another thread has told the end, or has left the end to this thread.
            turning = false;
            fails(failed);
            drain.drain();
            return true;
        }
        turner = Thread.currentThread();
        boolean dispatches = side.beginDispatch();
        try {
            return turn(in, seen, ending);
        } finally {
            try {
                sink.turned();
            } finally {
                if (dispatches) {
                    side.endDispatch();
                }
                turner = null;
                turning = false;
                endTurn();
            }
        }
    }

    /** Tells an end, or lets the loop ask for the place again, after the attempt. */
    private void endTurn() {
        if (failure == null && !placed) {
            try {
                side.loop().execute(drain::drain);
                return;
            } catch (Throwable e) {
                note(e);
            }
        }
        if (failure != null) {
            drain.drain();
        }
    }

    /** Takes a single message, to be passed by the executor. */
    @Override
    protected @Nullable Object take(ByteBuffer in, int seen, boolean ended) throws Exception {
        ByteBuffer view = view(in);
        Object message = next(view, seen, ended);
        in.position(in.position() + (message == MORE ? 0 : view.position()));
        return message == null ? END : message;
    }

    /** Makes a turn. Returns true if the feed gives its place up. Unlike other attempts, a failure restores nothing. */
    private boolean turn(ByteBuffer in, int seen, @Nullable IOException ending) {
        try {
            Object outcome = passAll(in, seen, ending == EndOfInput.REGULAR);
            if (outcome != MORE) {
                succeeds(outcome);
                return true;
            }
            Throwable failed = failure;
            if (failed != null) {
                fails(failed);
                return true;
            }
            if (ending == null || yielded || !placed || stopped) {
                return false;
            }
            fails(side.connection.own(Errors.again(describe() + " (" + in.remaining() + " bytes unread)", ending)));
        } catch (Throwable e) {
            fails(side.connection.own(e));
        }
        return true;
    }

    /** Passes messages to the sink. Returns END, PAUSED, or MORE. */
    @SuppressWarnings("unchecked")
    private Object passAll(ByteBuffer in, int seen, boolean ended) throws Throwable {
        if (!sink.isReady()) {
            paused = true;
            return PAUSED;
        }
        int begin = in.position();
        ByteBuffer bytes = view(in);
        view = bytes;
        int taken = 0;
        try {
            for (int count = 0; count < MOST_MESSAGES && taken < MOST_BYTES; count++) {
                Object message = next(bytes, taken == 0 ? seen : 0, ended);
                if (message == MORE || message == null) {
                    return message == null ? END : MORE;
                }
                if (stopped || failure != null) {
                    return MORE;
                }
                taken = bytes.position();
                if (!sink.message((T) message)) {
                    paused = true;
                    return PAUSED;
                }
                if (!placed) {
                    return MORE;
                }
            }
        } finally {
            view = null;
            in.position(begin + taken);
            side.state().keepTaken();
        }
        yielded = true;
        return MORE;
    }

    @Override
    protected void publish() {
        try {
            Object claimed = claimed();
            arrived = claimed == PAUSED ? null : claimed;
        } catch (Throwable e) {
            note(e);
        }
        placed = false;
        drain.drain();
    }

    @Override
    protected void fail(Throwable cause) {
        note(cause);
        placed = false;
        drain.drain();
    }
}
