package io.github.futuresockets.impl;

import io.github.futuresockets.spi.OperationFuture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A write in the queue of its {@link WriteSide}, which guards all fields.
 *
 * <p>Sources are read by absolute position: a caller's buffer is as it was until the write has succeeded.
 */
class Write extends OperationFuture<Void> {
    private static final ByteBuffer NONE = ByteBuffer.allocate(0);

    /** An index: what the kernel takes of the caller's buffer itself comes first, within the call that begins the write. */
    private static final int LENDING = -1;

    /** What withdrawing a write comes to. */
    enum Withdrawal {
        /** It is being completed. */
        LATE,
        /** It is out of the queue, or what is left of it is a copy of ours. */
        DONE,
        /** It is out of the queue, and the turn that it had lent is this thread's now. */
        TURN,
        /** More is left of it than may be copied. */
        TOO_LONG
    }

    final WriteSide side;

    @Nullable Write next;

    @Nullable Write previous;

    boolean queued;

    /** Why it was not queued: a ClosedChannelException unless the queue is too long for it. */
    @Nullable IOException refusal;

    /** The source that is being copied, and of a gathering write all of them. */
    private ByteBuffer source;

    private ByteBuffer @Nullable [] sources;
    private int index;

    /** Bytes of the current source that have been copied. */
    private int offset;

    /** Bytes that have not been copied into a chunk for the kernel; those that have will go out. */
    private long unstaged;

    /** Bytes that the kernel has not taken. */
    private long left;

    private boolean begun;

    /** It has been staged in whole, and left there for others to follow: nothing of it is its caller's. */
    private boolean corked;

    /** Its caller has cancelled it, so its future has another outcome; what has begun goes out nevertheless. */
    private boolean orphaned;

    Write(WriteSide side, ByteBuffer source) {
        super(side.context());
        this.side = side;
        this.source = source;
        this.unstaged = source.remaining();
        this.left = unstaged;
    }

    Write(WriteSide side, ByteBuffer[] sources) {
        this(side, sources[0]);
        this.sources = sources;
        for (int i = 1; i < sources.length; i++) {
            left += sources[i].remaining();
        }
        unstaged = left;
    }

    /** Makes it a new write of {@code chunk}, after it has left the queue. */
    final void refill(ByteBuffer chunk) {
        source = chunk;
        offset = 0;
        unstaged = chunk.remaining();
        left = unstaged;
        begun = false;
    }

    final ByteBuffer source() {
        return source;
    }

    String name() {
        return "write";
    }

    /** Whether its outcome is for us and not for a user. */
    boolean isInternal() {
        return false;
    }

    /** Whether it is the half-close behind all writes. */
    boolean isEnd() {
        return false;
    }

    /** Whether the connection is handed over in its turn: nothing is written behind it. */
    boolean handsOver() {
        return false;
    }

    /** Whether more of it may come than it has now. */
    boolean isOpen() {
        return false;
    }

    /** Whether its turn is its own: no other write goes along, and there is more to do than to write a chunk. */
    final boolean isAlone() {
        return index == LENDING || isEnd() || isOpen();
    }

    /** It is its turn at once, on the thread of its caller, who has no future yet that could be cancelled. */
    final void lendSource() {
        index = sources == null && Chunks.isWorthLending(source) && ownChunk() == null ? LENDING : 0;
    }

    /** Does what there is to do in its own turn: 0, or {@link Transport#PENDING}. By the thread that has the turn. */
    int act() throws IOException {
        return side.transport.tryWrite(source.slice(source.position(), (int) left));
    }

    /** Whether it only waits for what nobody would miss: then it does not any more. */
    boolean abandon() {
        return false;
    }

    /** What is left of it, for messages. */
    String rest() {
        return ": " + left + " bytes left";
    }

    final long left() {
        return left;
    }

    long unstaged() {
        return unstaged;
    }

    /** Whether a byte of it may be on its way. */
    boolean hasBegun() {
        return begun;
    }

    /** Copies as much as fits. Stops short, for {@link #changed}, if a source is not what it was when it was lent. */
    final void stage(ByteBuffer chunk) {
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

    /** The failure of a write that can be staged no further because a source is not what it was. */
    final IOException changed() {
        int available = Math.max(0, source.remaining() - offset);
        String message = describe() + ": the buffer was changed before the write was done: " + left
                + " bytes are left to send, of which the buffer has " + available;
        return new IOException(message, change(available));
    }

    /** The kernel has taken up to {@code count} bytes more; returns how many of them were of this write. */
    long taken(long count) {
        long mine = Math.min(count, left);
        left -= mine;
        if (index == LENDING) {
            index = 0;
            begun = mine > 0;
            offset = (int) mine;
            unstaged = left;
        }
        return mine;
    }

    /** It begins without bytes. */
    final void begin() {
        begun = true;
    }

    /** A chunk that may go to the kernel as it is, instead of a copy; null if the bytes are a caller's. */
    @Nullable ByteBuffer ownChunk() {
        return null;
    }

    /** Whether it goes on to own its chunk, which the kernel has refused. */
    boolean takesBack(ByteBuffer chunk) {
        return false;
    }

    /** All bytes have been handed over as {@link #ownChunk}. */
    final void stageAll() {
        begun = true;
        unstaged = 0;
    }

    /** All of it goes into a chunk that waits for more. From now on the sources are the caller's again. */
    final void cork(ByteBuffer chunk) {
        stage(chunk);
        exhaust();
        source = NONE;
        sources = null;
        offset = 0;
        corked = true;
    }

    @Override
    protected final void hasten() {
        if (corked) {
            side.uncork();
        }
    }

    @Override
    protected final @Nullable Object place() {
        return corked ? side : null;
    }

    /** Its caller has cancelled it: what is not yet staged becomes independent of the caller's buffers. */
    final void orphan() {
        ByteBuffer rest = ByteBuffer.allocate((int) unstaged);
        orphaned = true;
        stage(rest);
        unstaged += rest.position();
        source = rest.flip();
        sources = null;
        offset = 0;
    }

    /** All bytes are out: the sources stand at their limits. */
    final void exhaust() {
        source.position(source.limit());
        if (sources != null) {
            for (ByteBuffer each : sources) {
                each.position(each.limit());
            }
        }
    }

    void fail(Throwable failure) {
        if (!orphaned) {
            deliverFailure(failure);
        }
    }

    final boolean isOrphaned() {
        return orphaned;
    }

    /** The outcome, under no lock; a cancelled write has had its own. */
    void publish() {
        if (!orphaned) {
            deliver(null);
        }
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
        return name() + " to " + side.peer();
    }
}
