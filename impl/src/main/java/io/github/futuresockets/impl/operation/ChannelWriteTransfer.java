package io.github.futuresockets.impl.operation;

import io.github.futuresockets.future.OperationFuture;
import io.github.futuresockets.impl.common.FileThreads;
import io.github.futuresockets.impl.connection.OffloadedWrite;
import io.github.futuresockets.impl.connection.WriteSide;
import io.github.futuresockets.impl.transport.BufferPool;
import io.github.futuresockets.impl.transport.FileTransport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** {@code transferFrom}: a write whose bytes come from a channel, read in steps on a thread of {@link FileThreads}. */
public final class ChannelWriteTransfer extends OffloadedWrite {
    /*
     * Steps on file threads and writes of the flush alternate. A step first reports the bytes sent since the last step.
     * Then the step sends from the file, or fills a pooled buffer, or ends the transfer.
     *
     * The end of a source is only known from a read, because the size of a file may be 0 or too large (/proc, /sys),
     * and a file may shrink. The kernel sends from a file while the size promises bytes and the kernel finds bytes.
     * Otherwise a pooled buffer is filled:
     * - if the source has no size,
     * - if the kernel sends nothing although there is room,
     * - if the kernel fails. The next read fails if the file is broken, and the next write if the connection is broken.
     */
    /** The most bytes that the kernel sends from a file in a step. */
    private static final int SENT_AT_ONCE = 1 << 20;

    /** The future of the user, completed with the number of moved bytes. A cancel is passed to the write. */
    private final class Sent extends OperationFuture<Long> {
        Sent() {
            super(side.context());
        }

        void succeed() {
            deliver(moved());
        }

        void failWith(Throwable failure) {
            deliverFailure(failure);
        }

        @Override
        protected boolean withdraw() {
            return ChannelWriteTransfer.this.cancel(false);
        }

        @Override
        protected String describe() {
            return ChannelWriteTransfer.this.describe();
        }
    }

    private final ReadableByteChannel source;

    private final long count;
    private final LongConsumer progress;
    private final Sent sent = new Sent();

    // used by a single thread at a time: the owner of the flush, or the file thread of its offload
    /** The source, if the source is a file with positions. A FIFO has none. */
    private @Nullable FileChannel file;

    /** The position of the file at the first step. */
    private long start = -1;

    /** The number of bytes that were reported to `progress`. */
    private long told;

    /** True if the kernel sent nothing in the last step, and the transfer has waited for room since. */
    private boolean roomAwaited;

    private @Nullable IOException failure;

    /** Makes a transfer of at most {@code count} bytes. {@code progress} gets the number of moved bytes. */
    public ChannelWriteTransfer(WriteSide side, ReadableByteChannel source, long count, LongConsumer progress) {
        super(side, count > 0);
        this.source = source;
        this.file = source instanceof FileChannel known ? known : null;
        this.count = count;
        this.progress = progress;
    }

    /** Returns the future of the number of moved bytes. */
    public CompletableFuture<Long> sent() {
        return sent;
    }

    @Override
    public String name() {
        return "transferFrom";
    }

    @Override
    protected String rest() {
        return ": " + moved() + (count == Long.MAX_VALUE ? "" : " of " + count) + " bytes moved";
    }

    @Override
    protected int act() {
        if (!offload()) {
            return 0;
        }
        try {
            side.engine().files().execute(source, this::step);
        } catch (Throwable e) {
            // After a revocation, the flush belongs to the revoking thread.
            if (resume()) {
                throw e;
            }
        }
        return OFFLOADED;
    }

    /** Takes a step on a file thread, unless the offload was revoked. */
    private void step() {
        if (!isLent()) {
            return;
        }
        try {
            tell();
            if (moved() == count) {
                end();
            } else if (file == null || !send(file)) {
                fill();
            }
        } catch (Throwable e) {
            noMore(e);
        }
    }

    /** Fails the transfer if the offload was not revoked. */
    private void noMore(Throwable cause) {
        if (resume()) {
            fails(cause);
        }
    }

    /** Finds the position of the file once, then moves the position by the sent bytes and reports the sent bytes. */
    private void tell() throws IOException {
        if (file != null && start < 0) {
            start = positionOf(file);
            file = start < 0 ? null : file;
        }
        if (moved() > told) {
            told = moved();
            if (file != null) {
                file.position(start + told);
            }
            progress.accept(told);
        }
    }

    /** Returns the position of the file, or -1 if the file has no position. */
    private static long positionOf(FileChannel file) throws IOException {
        try {
            return file.position();
        } catch (IOException e) {
            if (!file.isOpen()) {
                throw e;
            }
            return -1;
        }
    }

    /** Ends the transfer after its last byte. */
    private void end() {
        if (finish()) {
            goOn(0);
        }
    }

    /** Passes the flush to the loop, with the number of bytes that were sent. */
    private void goOn(int written) {
        side.loop().execute(() -> side.resumed(written));
    }

    /** Fails the transfer and the connection, on the loop. The calling thread owns the flush. */
    private void fails(Throwable cause) {
        IOException named = new IOException(describe() + rest() + ": " + cause, cause);
        failure = named;
        side.loop().execute(() -> side.sourceFailed(named));
    }

    /** Reads from the source into a pooled buffer, and passes the buffer to the flush. */
    private void fill() throws IOException {
        BufferPool chunks = side.loop().chunks();
        ByteBuffer chunk = chunks.acquire(count - told);
        boolean kept = false;
        int read;
        try {
            chunk.limit((int) Math.min(chunk.capacity(), count - told));
            read = file != null ? file.read(chunk, start + told) : source.read(chunk);
            kept = chunk.flip().hasRemaining() && resume(chunk);
        } finally {
            if (!kept) {
                chunks.release(chunk);
            }
        }
        if (kept) {
            goOn(0);
        } else if (read < 0) {
            end();
        } else {
            side.engine().files().later(source, this::step, this::noMore);
        }
    }

    /** Lets the kernel send from the file. Returns false if a pooled buffer has to be filled instead. */
    private boolean send(FileChannel from) throws IOException {
        FileTransport direct = side.transport().files();
        if (direct == null) {
            return false;
        }
        long position = start + told;
        int most = (int) Math.min(Math.min(count - told, SENT_AT_ONCE), from.size() - position);
        if (most <= 0) {
            return false;
        }
        if (!beginCommit()) {
            return true;
        }
        int written = 0;
        Throwable broken = null;
        try {
            written = direct.send(from, position, most);
        } catch (Throwable e) {
            broken = e;
        }
        boolean nothing = written == 0 && broken == null;
        boolean fills = nothing && roomAwaited || broken instanceof IOException && from.isOpen();
        roomAwaited = nothing && !roomAwaited;
        Runnable close = commit(!nothing && !fills);
        if (close != null) {
            side.loop().execute(close);
        }
        if (fills && offload()) {
            return false;
        }
        if (broken != null && !fills) {
            fails(broken);
        } else if (roomAwaited) {
            awaitRoom();
        } else {
            goOn(written);
        }
        return true;
    }

    /** Waits for room in the transport. The calling thread owns the flush until this call. */
    private void awaitRoom() {
        try {
            side.awaitRoom();
        } catch (Throwable e) {
            fails(e);
        }
    }

    @Override
    protected void publish() {
        if (!isOrphaned()) {
            sent.succeed();
        }
        super.publish();
    }

    @Override
    protected void fail(Throwable cause) {
        Throwable mine = failure != null ? failure : cause;
        if (!isOrphaned()) {
            sent.failWith(mine);
        }
        super.fail(mine);
    }
}
