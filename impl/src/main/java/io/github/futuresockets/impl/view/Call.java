package io.github.futuresockets.impl.view;

import io.github.futuresockets.future.IoContext;
import io.github.futuresockets.future.OperationFuture;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** One request and its reply. Where it is, {@link RequestPipeline} knows; the fields belong to whoever has it in hand there. */
final class Call<R> extends OperationFuture<R> {
    private final RequestPipeline<?, R> pipeline;
    private @Nullable ByteBuffer bytes;

    @Nullable R reply;

    @Nullable Throwable cause;

    Call(RequestPipeline<?, R> pipeline, @Nullable IoContext context, ByteBuffer bytes) {
        super(context);
        this.pipeline = pipeline;
        this.bytes = bytes;
    }

    /** What is to be sent, once: the write keeps it as long as it must be kept. */
    @Nullable ByteBuffer takeBytes() {
        ByteBuffer mine = bytes;
        bytes = null;
        return mine;
    }

    /** Completes it with its reply, or its cause; unless it was cancelled. */
    void end() {
        if (cause == null) {
            deliver(reply);
        } else {
            deliverFailure(cause);
        }
    }

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
