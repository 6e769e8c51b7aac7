package io.github.futuresockets.impl.connection;

import io.github.futuresockets.future.Coalesced;
import io.github.futuresockets.future.OperationFuture;
import io.github.futuresockets.impl.observe.Recorded;
import io.github.futuresockets.impl.transport.BufferPool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A write operation, in the queue of its {@link WriteSide}.
 *
 * <p>The bytes of a source are read by absolute position. Therefore the position of a caller's buffer changes only when
 * the write succeeds, or when all its bytes were corked.
 *
 * <p>The kinds of writes differ in their name, in the text for their rest, in the count of their sent bytes, and in the
 * receiver of their outcome. All else that a queue has to know of a write is in the fields.
 */
public class Write extends OperationFuture<Void> implements Coalesced, Recorded {
    /** The source of a write without bytes. */
    static final ByteBuffer NONE = ByteBuffer.allocate(0);

    /** The outcome of a withdrawal. */
    enum Withdrawal {
        /** The write is being completed. */
        LATE,
        /** The write was removed from the queue, or its rest was copied. */
        DONE,
        /** The write was removed from the queue, and the calling thread owns the flush that the write had offloaded. */
        FLUSH,
        /** The rest of the write is too long for a copy. */
        TOO_LONG
    }

    /** The write side of the connection. */
    public final WriteSide side;

    // guarded by the write state: all fields below; without the lock the owner of the flush reads `source` and `left`,
    // the completing thread reads `orphaned`, and any thread reads `corked`
    @Nullable Write next;

    @Nullable Write previous;

    boolean queued;

    /**
     * True while the write needs the flush for itself, without a pooled buffer and other writes. A caller's buffer that
     * is lent to the kernel is sent within the call that begins the write.
     */
    boolean exclusive;

    /** True if the source is a pooled buffer, which is sent without a copy. */
    private boolean pooled;

    /** The source that is being copied. */
    private ByteBuffer source;

    /** All sources of a gathering write, otherwise null. */
    private ByteBuffer @Nullable [] sources;

    /** The index of `source` in `sources`. */
    private int index;

    /** The number of copied bytes of the current source. */
    private int offset;

    /** The number of bytes that are not staged in a buffer for the kernel. Staged bytes are sent in all cases. */
    private long unstaged;

    /** The number of bytes that the kernel has not taken. */
    private long left;

    /** True if a byte was staged or sent. */
    private boolean begun;

    /** True if all bytes were copied into a corked buffer, so that the sources belong to the caller again. */
    private boolean corked;

    /** True if the source may be used only until the write is queued. */
    private boolean brief;

    /**
     * True if the caller cancelled the write after its begin. The rest is sent, and the future is not completed again.
     */
    private boolean orphaned;

    /** Makes a write of the bytes of a buffer. */
    public Write(WriteSide side, ByteBuffer source) {
        super(side.context());
        this.side = side;
        this.source = source;
        this.unstaged = source.remaining();
        this.left = unstaged;
    }

    /** Makes a gathering write of the bytes of several buffers. */
    public Write(WriteSide side, ByteBuffer[] sources) {
        this(side, sources[0]);
        this.sources = sources;
        for (int i = 1; i < sources.length; i++) {
            left += sources[i].remaining();
        }
        unstaged = left;
    }

    /** Reuses the write for the bytes of {@code chunk}, after the write has left the queue. */
    final void refill(ByteBuffer chunk) {
        source = chunk;
        pooled = chunk.isDirect();
        offset = 0;
        unstaged = chunk.remaining();
        left = unstaged;
        begun = false;
    }

    /** Makes the write copy its source while the write is queued, so that the caller may then use the source again. */
    public final void borrowBriefly() {
        brief = true;
    }

    /** Copies a source that was borrowed briefly and was not corked. The caller holds the lock. */
    final void keep() {
        if (brief && !corked) {
            ByteBuffer copy = ByteBuffer.allocate((int) left);
            source = copy.put(0, source, source.position(), (int) left);
        }
    }

    /** Returns the source that is being copied. */
    final ByteBuffer source() {
        return source;
    }

    /** Returns true if the source is a pooled buffer, which is sent without a copy. */
    final boolean isPooled() {
        return pooled;
    }

    @Override
    public String name() {
        return "write";
    }

    /** Lends the source to the kernel if a copy would cost more. Before the caller has a future to cancel. */
    final void lendSource() {
        exclusive |= sources == null && !pooled && BufferPool.isWorthLending(source);
    }

    /** Returns the bytes of a lent source. For the owner of the flush. */
    final ByteBuffer lent() {
        return source.slice(source.position(), (int) left);
    }

    /** Returns the number of bytes left, as text for messages. */
    protected String rest() {
        return ": " + left + " bytes left";
    }

    /** Returns the number of bytes that the kernel has not taken. */
    final long left() {
        return left;
    }

    /** Returns the number of bytes that are not staged. */
    final long unstaged() {
        return unstaged;
    }

    /** Returns true if a byte of the write was staged or sent. */
    final boolean hasBegun() {
        return begun;
    }

    /**
     * Copies as many bytes as fit. Stops early if the caller has changed a source. The flush then fails with
     * {@link #changed}. The caller holds the lock.
     */
    final void stage(ByteBuffer chunk) {
        assert Thread.holdsLock(side.state());
        while (unstaged > 0 && chunk.hasRemaining()) {
            if (offset == source.remaining() && sources != null && index + 1 < sources.length) {
                source = sources[++index];
                offset = 0;
                continue;
            }
            int available = source.remaining() - offset;
            boolean last = sources == null || index + 1 == sources.length;
            if (last ? available != unstaged : available <= 0 || available > unstaged) {
                return;
            }
            int length = Math.min(available, chunk.remaining());
            try {
                chunk.put(chunk.position(), source, source.position() + offset, length);
            } catch (RuntimeException changed) {
                return;
            }
            chunk.position(chunk.position() + length);
            begun = true;
            offset += length;
            unstaged -= length;
        }
    }

    private RuntimeException change(int available) {
        try {
            if (available > 0) {
                source.get(source.position() + offset);
            }
            return new IllegalStateException("the buffer is now " + source);
        } catch (RuntimeException inaccessible) {
            return inaccessible;
        }
    }

    /** Returns the failure of a write that cannot be staged because the caller has changed a source. */
    final IOException changed() {
        int available = Math.max(0, source.remaining() - offset);
        String message = describe() + ": the buffer was changed before the write was done: " + left
                + " bytes are left to send, of which the buffer has " + available;
        return new IOException(message, change(available));
    }

    /** Notes that the kernel took {@code count} bytes. Returns the number of these bytes that belong to this write. */
    protected long taken(long count) {
        long mine = Math.min(count, left);
        left -= mine;
        if (exclusive) {
            exclusive = false;
            begun = mine > 0;
            offset = (int) mine;
            unstaged = left;
        }
        return mine;
    }

    /** Notes the begin of a write whose bytes are not staged here. */
    final void begin() {
        begun = true;
    }

    /** Stages the pooled source itself. Returns the source. */
    final ByteBuffer stageSource() {
        begun = true;
        unstaged = 0;
        return source;
    }

    /** Takes the staged pooled source back, after the kernel has refused the buffer. */
    final void unstageSource() {
        unstaged = left;
    }

    /**
     * Copies all bytes into a corked buffer. From now on the sources belong to the caller. The caller holds the lock.
     */
    final void cork(ByteBuffer chunk) {
        stage(chunk);
        exhaust();
        source = NONE;
        sources = null;
        offset = 0;
        corked = true;
    }

    @Override
    public final void flush() {
        if (corked) {
            side.uncork();
        }
    }

    @Override
    public final @Nullable Object queue() {
        return corked ? side : null;
    }

    /**
     * Copies the unstaged rest of a cancelled write, so that the sources belong to the caller. The caller holds the
     * lock.
     */
    final void orphan() {
        ByteBuffer rest = ByteBuffer.allocate((int) unstaged);
        orphaned = true;
        stage(rest);
        unstaged += rest.position();
        source = rest.flip();
        sources = null;
        offset = 0;
    }

    /** Moves the position of all sources to the limit, after all bytes were sent. */
    final void exhaust() {
        source.position(source.limit());
        if (sources != null) {
            for (ByteBuffer each : sources) {
                each.position(each.limit());
            }
        }
    }

    /** Completes the future with a failure, unless the caller has cancelled the write. */
    protected void fail(Throwable failure) {
        if (!orphaned) {
            deliverFailure(failure);
        }
    }

    /** Returns true if the caller cancelled the write after its begin. */
    public final boolean isOrphaned() {
        return orphaned;
    }

    /** Completes the future with success, under no lock, unless the caller has cancelled the write. */
    protected void publish() {
        if (!orphaned) {
            deliver(null);
        }
    }

    @Override
    public final String peer() {
        return side.peer().toString();
    }

    @Override
    public final long bytes() {
        return left();
    }

    @Override
    public final void observe(Consumer<? super @Nullable Throwable> observer) {
        whenSettled(observer);
    }

    @Override
    protected boolean withdraw() {
        return side.withdraw(this);
    }

    @Override
    protected final String describe() {
        return name() + " to " + side.peer();
    }
}
