package io.github.futuresockets;

import io.github.futuresockets.spi.IoContext;
import io.github.futuresockets.spi.OperationFuture;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** One request and its reply. Where it is, {@link Pipeline} knows; the fields belong to whoever has it in hand there. */
final class Call<R> extends OperationFuture<R> {
    private final Pipeline<?, R> pipeline;
    private @Nullable ByteBuffer bytes;

    @Nullable R reply;

    @Nullable Throwable cause;

    Call(Pipeline<?, R> pipeline, @Nullable IoContext context, ByteBuffer bytes) {
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
