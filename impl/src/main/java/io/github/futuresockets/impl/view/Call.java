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
final class Call<R> extends OperationFuture<R> {
    private final RequestPipeline<?, R> pipeline;

    // the caller's until the call is queued, then the sender's alone
    /** The encoded request. Null after the sender has taken the request. */
    private @Nullable ByteBuffer bytes;

    // the sender's alone
    /** True if no other call was unanswered at the begin of the sending. Then bytes in the buffer are unsolicited. */
    boolean alone;

    // written under the monitor of Calls; the thread that completes the call reads both without the monitor
    /** The result of a successful call, otherwise null. */
    @Nullable R reply;

    /** The failure of the call, or null. */
    @Nullable Throwable cause;

    /** Makes a call that sends {@code bytes}. A null {@code context} means a socket of another library. */
    Call(RequestPipeline<?, R> pipeline, @Nullable IoContext context, ByteBuffer bytes) {
        super(context);
        this.pipeline = pipeline;
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
    void end() {
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
