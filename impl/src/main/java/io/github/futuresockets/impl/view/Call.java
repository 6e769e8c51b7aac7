package io.github.futuresockets.impl.view;

import io.github.futuresockets.future.IoContext;
import io.github.futuresockets.future.OperationFuture;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A request and the future of its reply. {@link RequestPipeline} owns the call until the call is complete.
 *
 * @param <R> the type of the reply
 */
final class Call<R> extends OperationFuture<R> implements Runnable {
    private final RequestPipeline<?, R> pipeline;

    /** The id of the request. Null if replies come in the order of the requests. */
    final @Nullable Object id;

    // the caller's until the call is queued, then the sender's alone
    /** The encoded request. Null after the sender has taken the request. */
    private @Nullable ByteBuffer bytes;

    // the sender's alone
    /** True if no other call was unanswered at the begin of the sending. Then bytes in the buffer are unsolicited. */
    boolean alone;

    // volatile; written by the sender, read by the thread that takes a reply
    /** True after the begin of the sending, if replies are paired by ids. A reply cannot come earlier. */
    volatile boolean sent;

    // written under the monitor of Calls; the thread that completes the call reads both without the monitor
    /** The result of a successful call, otherwise null. */
    @Nullable R reply;

    /** The failure of the call, or null. */
    @Nullable Throwable cause;

    /** Makes a call that sends {@code bytes}. A null {@code context} means a socket of another library. */
    Call(RequestPipeline<?, R> pipeline, @Nullable IoContext context, @Nullable Object id, ByteBuffer bytes) {
        super(context);
        this.pipeline = pipeline;
        this.id = id;
        this.bytes = bytes;
    }

    /**
     * Returns the encoded request, and drops the reference. Returns null if the request was taken before. Because the
     * call has no reference any more, the write alone decides how long the buffer is kept.
     */
    @Nullable ByteBuffer takeBytes() {
        ByteBuffer mine = bytes;
        bytes = null;
        return mine;
    }

    /** Completes the future with the reply, or with the failure. Without effect on a future that is done. */
    @Override
    public void run() {
        if (cause == null) {
            deliver(reply);
        } else {
            deliverFailure(cause);
        }
    }

    /** Removes the request from the queue if the request has not been sent. A reply to a sent request is dropped. */
    @Override
    protected boolean withdraw() {
        pipeline.forget(this);
        return true;
    }

    @Override
    protected String describe() {
        return pipeline.describe();
    }
}
