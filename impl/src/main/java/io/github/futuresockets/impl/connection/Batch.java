package io.github.futuresockets.impl.connection;

import io.github.futuresockets.impl.transport.BufferPool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Gathers bytes of a thread in a pooled buffer, so that all bytes gathered in a turn share a write. A thread that begins
 * another write, a half-close or a close of the connection queues its gathered bytes before.
 */
public final class Batch {
    /*
     * Gather: the first bytes make the calling thread the owner of `chunk`, until `submit`. Other threads never gather
     * in the meantime, because a single thread at a time runs the turn of a connection.
     *
     * Memory: while earlier bytes wait for the peer, a chunk that is hardly used is replaced by an exact copy. So the
     * queued bytes and the memory of the queued chunks differ by a constant factor.
     */
    /** The chunk is copied if the queue is not empty and the bytes fit this many times into the chunk. */
    private static final int SPARSE = 4;

    private final WriteSide side;
    private final Consumer<? super Throwable> failed;

    // written by the gathering thread; other threads only compare the reference with themselves
    private @Nullable Thread owner;

    // the owner's
    private @Nullable ByteBuffer chunk;

    /** The bytes that were queued at the begin of the gathering. */
    private long before;

    /** True if bytes were queued since the last call of {@link #isBelowHighWater}. */
    private boolean submitted;

    // guarded by this
    /** A write that has ended, for the next bytes. */
    private @Nullable Sent spare;

    /** The writes that have not ended. */
    private int waiting;

    /** The first failure of a write. */
    private @Nullable Throwable broken;

    private @Nullable Consumer<? super @Nullable Throwable> whenSent;

    /**
     * Makes an empty batch.
     *
     * @param failed takes the failure of a write, under no lock, on any thread, at most once for each write
     */
    public Batch(WriteSide side, Consumer<? super Throwable> failed) {
        this.side = side;
        this.failed = failed;
    }

    /** A write of gathered bytes. Used again after its end. */
    private final class Sent extends ForwardingWrite {
        // guarded by the batch
        private boolean over;

        Sent() {
            super(Batch.this.side);
        }

        void begin(ByteBuffer bytes) {
            over = false;
            reuse(bytes);
            try {
                side.run(this, side.queue(this, false, false));
            } catch (IOException refusal) {
                side.refuse(this, refusal);
            }
        }

        @Override
        protected void ended(@Nullable Throwable failure, @Nullable ByteBuffer untaken) {
            Runnable last = null;
            synchronized (Batch.this) {
                if (over) {
                    return;
                }
                over = true;
                waiting--;
                if (failure == null && spare == null) {
                    spare = this;
                }
                broken = broken == null ? failure : broken;
                if (waiting == 0 && whenSent != null) {
                    last = outcome(whenSent);
                    whenSent = null;
                }
            }
            if (untaken != null && untaken.isDirect()) {
                side.loop().chunks().release(untaken);
            }
            if (failure != null) {
                side.connection.complete(() -> failed.accept(failure));
            }
            if (last != null) {
                side.connection.complete(last);
            }
        }
    }

    /** Returns the call of an action with the first failure. The caller holds the lock. */
    private Runnable outcome(Consumer<? super @Nullable Throwable> action) {
        Throwable first = broken;
        return () -> action.accept(first);
    }

    /** Returns true if the calling thread has gathered bytes. */
    boolean isMine() {
        return owner == Thread.currentThread();
    }

    /** Returns the buffer for the next bytes, at the position behind the gathered bytes. Makes a buffer if necessary. */
    public ByteBuffer chunk() {
        ByteBuffer mine = chunk;
        if (mine == null) {
            mine = side.loop().chunks().acquire(1);
            chunk = mine;
            owner = Thread.currentThread();
            before = side.state().queued();
            side.gathers(this);
        }
        return mine;
    }

    /**
     * Makes room for {@code length} bytes, at most {@link BufferPool#LARGE}. Queues the gathered bytes if their buffer
     * has no room and cannot grow.
     */
    public ByteBuffer chunk(int length) {
        ByteBuffer mine = chunk();
        // A write that completes within `submit` may have a dependent that gathers again.
        while (mine.remaining() < length && mine.position() + length > BufferPool.LARGE) {
            submit();
            mine = chunk();
        }
        if (mine.remaining() < length) {
            ByteBuffer small = mine;
            mine = side.loop().chunks().acquire(small.position() + length);
            chunk = mine.put(small.flip());
            side.loop().chunks().release(small);
        }
        return mine;
    }

    /**
     * Lends the buffer for the next bytes to the encoder of the user. Until {@link #takeBack}, the gathered bytes are not
     * queued by another write of this thread.
     */
    public ByteBuffer lend() {
        ByteBuffer mine = chunk();
        owner = null;
        return mine;
    }

    /** Ends the loan of {@link #lend}. */
    public void takeBack() {
        owner = Thread.currentThread();
    }

    /** Returns true if the peer is to be waited for, because many bytes are queued. */
    public boolean isCongested() {
        return !side.state().isWritable() && !side.state().isShut();
    }

    /**
     * Returns true if fewer bytes wait for the peer than the high-water mark allows. Otherwise queues the gathered bytes.
     * Returns false once after bytes were queued, because the number is then unknown. For the owner.
     */
    public boolean isBelowHighWater() {
        ByteBuffer mine = chunk;
        if (mine != null && before + mine.position() >= WriteQueue.HIGH_WATER) {
            submit();
        }
        boolean known = !submitted;
        submitted = false;
        return known;
    }

    /** Queues the gathered bytes as a write, if there are any. For the owner. */
    public void submit() {
        ByteBuffer full = chunk;
        if (full == null) {
            return;
        }
        chunk = null;
        owner = null;
        submitted = true;
        side.gathered(this);
        full.flip();
        if (!full.hasRemaining()) {
            side.loop().chunks().release(full);
            return;
        }
        start(exact(side, full));
    }

    /** Queues bytes as a write of their own. A buffer of the caller is lent until the write has ended. Any thread. */
    public void send(ByteBuffer bytes) {
        start(
                bytes.isDirect()
                        ? ByteBuffer.allocate(bytes.remaining()).put(bytes).flip()
                        : bytes);
    }

    private void start(ByteBuffer bytes) {
        Sent write;
        synchronized (this) {
            write = spare != null ? spare : new Sent();
            spare = null;
            waiting++;
        }
        write.begin(bytes);
    }

    /**
     * Returns the buffer, or releases the buffer and returns its bytes in a heap buffer. A pooled buffer is kept if the
     * bytes fill a good part of the buffer, or if nothing waits for the peer.
     */
    static ByteBuffer exact(WriteSide side, ByteBuffer full) {
        boolean filled = full.remaining() > full.capacity() / SPARSE;
        if (!full.isDirect() || filled || full.hasRemaining() && !side.state().isWaiting()) {
            return full;
        }
        ByteBuffer copy;
        try {
            copy = ByteBuffer.allocate(full.remaining());
        } catch (OutOfMemoryError e) {
            return full;
        }
        copy.put(full).flip();
        side.loop().chunks().release(full);
        return copy;
    }

    /**
     * Runs an action when no write waits any more, or at once. The action takes null if the kernel has taken all bytes,
     * otherwise the first failure.
     */
    public void whenSent(Consumer<? super @Nullable Throwable> action) {
        Runnable outcome;
        synchronized (this) {
            if (waiting > 0) {
                whenSent = action;
                return;
            }
            outcome = outcome(action);
        }
        outcome.run();
    }
}
