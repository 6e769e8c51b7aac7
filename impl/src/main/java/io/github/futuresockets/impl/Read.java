package io.github.futuresockets.impl;

import io.github.futuresockets.IncompleteReadException;
import io.github.futuresockets.spi.OperationFuture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A read: what it takes from the bytes that are there. When it may, {@link ReadSide} decides. */
abstract class Read<T> extends OperationFuture<T> {
    /** Outcome of {@link #take}: more bytes are needed. */
    static final Object MORE = new Object();

    private record Failure(Throwable cause) {}

    final ReadSide side;
    private @Nullable Object taken;

    Read(ReadSide side) {
        super(side.context());
        this.side = side;
    }

    /** The method's name, for messages. */
    abstract String name();

    /** The most bytes that it can use: what a fill may read ahead. With 0 it is complete as it is. */
    abstract int wants();

    /** Its caller's buffer, to be filled within the call that begins the read, or null; then {@link #filled} or nothing. */
    @Nullable ByteBuffer lent() {
        return null;
    }

    /** The buffer that it lends has got so many bytes. */
    void filled(int count) {
        throw new IllegalStateException("nothing was lent");
    }

    /** The largest chunk that is of use to it. */
    int chunk() {
        return Chunks.LARGE;
    }

    /**
     * Takes the result off the front of {@code in}, or returns {@link #MORE}, the position where it was, or throws. A
     * result that is {@code in} itself takes the buffer over. Under the lock of the side, unless {@link #runsUserCode}.
     *
     * @param seen so many of the bytes were there in vain the last time
     * @param ended no more bytes will come; MORE is no answer then
     */
    abstract @Nullable Object take(ByteBuffer in, int seen, boolean ended) throws Exception;

    boolean runsUserCode() {
        return false;
    }

    /**
     * Whether it does something with these bytes on another thread first, which then goes on by {@link ReadSide#worked}. Until
     * then nobody else touches them, and what has been taken off their front is gone, whatever becomes of this read.
     */
    boolean worksElsewhere(ByteBuffer in) {
        return false;
    }

    /** {@link #worksElsewhere} has thrown, for want of a thread: the next attempt fails. */
    void unable(Throwable cause) {
        throw new IllegalStateException("nothing is done elsewhere", cause);
    }

    /** Whether it waits for something other than bytes. */
    boolean isPaused() {
        return false;
    }

    /**
     * Takes the result, or the failure, if it can; otherwise, and after a failure, {@code in} is as it was.
     *
     * @param ending what comes behind the bytes, if that is known
     */
    boolean attempt(ByteBuffer in, int seen, @Nullable IOException ending) {
        int mark = in.position();
        try {
            taken = take(in, seen, ending == Input.END);
            if (taken != MORE) {
                return true;
            }
            if (ending == null) {
                return false;
            }
            fails(side.connection.own(Errors.again(describe() + " (" + in.remaining() + " bytes unread)", ending)));
        } catch (Throwable e) {
            in.position(mark);
            fails(side.connection.own(e));
        }
        return true;
    }

    final void succeeds(Object value) {
        taken = value;
    }

    final void fails(Throwable cause) {
        taken = new Failure(cause);
    }

    final boolean hasTaken(ByteBuffer in) {
        return taken == in;
    }

    /** Completes the future with what was taken. Once, by the thread that has claimed it. */
    @SuppressWarnings("unchecked")
    final void publish() {
        Object result = taken;
        taken = null;
        if (result instanceof Failure) {
            deliverFailure(((Failure) result).cause);
        } else {
            deliver((T) result);
        }
    }

    final boolean fail(Throwable failure) {
        return deliverFailure(failure);
    }

    final IncompleteReadException incomplete(ByteBuffer in, int expected) {
        String of = expected < 0 ? "" : " of " + expected;
        return new IncompleteReadException(
                describe() + ": the stream ended after " + in.remaining() + of + " bytes", in, expected);
    }

    /** The failure of a read whose caller has not left it the room that was lent. */
    final IllegalStateException changed(int bytes, ByteBuffer dst) {
        return new IllegalStateException(describe() + ": the buffer was changed before the read was done: " + bytes
                + " bytes have come, and it has room for " + dst.remaining());
    }

    final void observe(Consumer<? super @Nullable Throwable> observer) {
        whenSettled(observer);
    }

    @Override
    protected final boolean withdraw() {
        return side.withdraw(this);
    }

    @Override
    protected final String describe() {
        return name() + " from " + side.peer();
    }
}
