package io.github.futuresockets.impl.connection;

import io.github.futuresockets.IncompleteReadException;
import io.github.futuresockets.future.OperationFuture;
import io.github.futuresockets.impl.common.Errors;
import io.github.futuresockets.impl.observe.Recorded;
import io.github.futuresockets.impl.transport.BufferPool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A read operation, with its own way to take a result from the read buffer. {@link ReadSide} decides when the read may.
 *
 * @param <T> the result
 */
public abstract non-sealed class Read<T> extends OperationFuture<T> implements Recorded, Step {
    /** Outcome of {@link #take}: more bytes are needed. */
    public static final Object MORE = new Object();

    private record Failure(Throwable cause) {}

    /** The read side of the connection. */
    public final ReadSide side;

    // the claiming thread's: written at the claim, read at the completion
    /** The result, or a Failure. */
    private @Nullable Object taken;

    /** Makes a read on a read side, to be started by {@link ReadSide#start}. */
    public Read(ReadSide side) {
        super(side.context());
        this.side = side;
    }

    /** Returns the name of the method, for messages. */
    @Override
    public abstract String name();

    /**
     * Returns the most bytes of use to the read, as the limit of a prefetch. With 0 the read completes without bytes.
     */
    protected abstract int wants();

    /**
     * Returns the lent buffer of the caller, or null. The buffer is filled within the call that begins the read.
     * {@link #filled} is called only if bytes were filled in.
     */
    protected @Nullable ByteBuffer lent() {
        return null;
    }

    /** Completes the read after {@code count} bytes were filled into the lent buffer. Called under the lock. */
    protected void filled(int count) {
        throw new IllegalStateException("nothing was lent");
    }

    /** Returns the size of the largest pooled buffer of use to the read. */
    protected int chunk() {
        return BufferPool.LARGE;
    }

    /**
     * Takes the result from the front of {@code in}, or returns {@link #MORE} and restores the position, or throws. If
     * the result is {@code in} itself, the result owns the buffer from now on. Called under the lock of the read state,
     * unless {@link #runsUserCode}.
     *
     * @param in the read buffer
     * @param seen the number of bytes that were in the buffer at the last attempt
     * @param ended true if no more bytes can arrive; {@link #MORE} is not allowed then
     * @return the result, or {@link #MORE}
     * @throws Exception the failure of the read
     */
    protected abstract @Nullable Object take(ByteBuffer in, int seen, boolean ended) throws Exception;

    /** Returns true if attempts run user code, and therefore run without the lock. */
    protected boolean runsUserCode() {
        return false;
    }

    /**
     * Returns true if another thread works on the bytes before the next attempt. The other thread ends its work by
     * {@link ReadSide#worked} on the loop. Until then the bytes belong to the other thread. Bytes that the other thread
     * takes from the front stay taken, even if the read is withdrawn.
     */
    protected boolean worksElsewhere(ByteBuffer in) {
        return false;
    }

    /** Notes that {@link #worksElsewhere} threw, because no thread was available. The next attempt fails. */
    protected void unable(Throwable cause) {
        throw new IllegalStateException("nothing is done elsewhere", cause);
    }

    /**
     * Returns true if the read begins no more, because a canceller has withdrawn the read before its begin. Called under
     * the lock.
     */
    protected boolean isWithdrawn() {
        return false;
    }

    /**
     * Gives up the place of the pending read to a read that begins now. Returns false if the place stays taken. Called
     * under the lock.
     */
    protected boolean givesWay() {
        return false;
    }

    /**
     * Returns the number of bytes that this read has not taken for good, within its attempt. Called under the lock.
     *
     * @param buffered the number of bytes in the read buffer
     */
    protected int untaken(int buffered) {
        return buffered;
    }

    /**
     * Returns true if the last attempt has ended early, so that the loop serves its other connections before the next
     * attempt. Only for reads that run user code. Called under the lock.
     */
    protected boolean hasYielded() {
        return false;
    }

    /** Returns true if the read waits for another event than bytes. */
    protected boolean isPaused() {
        return false;
    }

    /**
     * Takes the result or the failure, if possible. The position of {@code in} is restored after a failure, and if more
     * bytes are needed.
     *
     * @param in the read buffer
     * @param seen the number of bytes that were in the buffer at the last attempt
     * @param ending the outcome after the last byte, or null while unknown
     * @return true if the read is complete
     */
    protected boolean attempt(ByteBuffer in, int seen, @Nullable IOException ending) {
        int mark = in.position();
        try {
            taken = take(in, seen, ending == EndOfInput.REGULAR);
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

    /** Sets the result, before the claim completes the future. */
    public final void succeeds(Object value) {
        taken = value;
    }

    /** Sets the failure, before the claim completes the future. */
    public final void fails(Throwable cause) {
        taken = new Failure(cause);
    }

    /** Returns true if the result is the buffer itself. */
    final boolean hasTaken(ByteBuffer in) {
        return taken == in;
    }

    /** Returns the result or the failure of the claim, and forgets both. For the thread that claimed the read. */
    private @Nullable Object outcome() {
        Object result = taken;
        taken = null;
        return result;
    }

    /**
     * Returns the result of the claim, once. For the thread that claimed the read.
     *
     * @throws Throwable the failure of the claim
     */
    protected final @Nullable Object claimed() throws Throwable {
        Object result = outcome();
        if (result instanceof Failure failure) {
            throw failure.cause;
        }
        return result;
    }

    /**
     * Completes the future with the result or the failure. Called once after each claim, by the thread that claimed the
     * read.
     */
    @SuppressWarnings("unchecked")
    protected void publish() {
        Object result = outcome();
        if (result instanceof Failure failure) {
            deliverFailure(failure.cause);
        } else {
            deliver((T) result);
        }
    }

    /** Completes the future of a read without a claim, with a failure. */
    protected void fail(Throwable failure) {
        deliverFailure(failure);
    }

    /** Returns the failure of a read at the end of stream. {@code expected} is the number of wanted bytes, or -1. */
    public final IncompleteReadException incomplete(ByteBuffer in, int expected) {
        String of = expected < 0 ? "" : " of " + expected;
        return new IncompleteReadException(
                describe() + ": the stream ended after " + in.remaining() + of + " bytes", in, expected);
    }

    /** Returns the failure of a read whose caller has changed the lent buffer. */
    public final IllegalStateException changed(int bytes, ByteBuffer dst) {
        return new IllegalStateException(describe() + ": the buffer was changed before the read was done: " + bytes
                + " bytes have come, and it has room for " + dst.remaining());
    }

    @Override
    public final String peer() {
        return side.peer().toString();
    }

    @Override
    public final long bytes() {
        return side.state().bytesIn();
    }

    @Override
    public final void observe(Consumer<? super @Nullable Throwable> observer) {
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
