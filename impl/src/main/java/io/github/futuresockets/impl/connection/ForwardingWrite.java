package io.github.futuresockets.impl.connection;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A reusable write that passes on the buffer of a read. A pooled buffer is sent without a copy. The outcome is for this
 * library, and therefore not completed in the user's executor.
 */
public abstract class ForwardingWrite extends Write {
    /** Makes a write without bytes, to be prepared by {@link #reuse}. */
    public ForwardingWrite(WriteSide side) {
        super(side, NONE);
    }

    /** Prepares the write for the next bytes, before the write is queued again. */
    public final void reuse(ByteBuffer bytes) {
        refill(bytes);
    }

    /**
     * Takes the end of the write, under no lock.
     *
     * @param failure the failure, or null after a success
     * @param untaken after a failure, the bytes that the kernel has not taken, or null if the kernel may still read
     *     their buffer
     */
    protected abstract void ended(@Nullable Throwable failure, @Nullable ByteBuffer untaken);

    /** Returns the bytes that the kernel has not taken, or null if the kernel may still read their buffer. */
    private @Nullable ByteBuffer untaken() {
        ByteBuffer bytes = source();
        boolean mine = !isPooled() || unstaged() > 0;
        return mine ? bytes.position((int) (bytes.limit() - left())) : null;
    }

    @Override
    protected final void publish() {
        ended(null, null);
    }

    @Override
    protected final void fail(Throwable failure) {
        ended(failure, untaken());
    }
}
