package io.github.futuresockets.impl;

import io.github.futuresockets.spi.OperationFuture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** {@code transferFrom}: a write whose bytes come from a channel, in steps, on a thread of {@link FileThreads}. */
final class Feed extends Lent {
    /*
     * Steps and writes alternate, so the fields are used by one thread at a time, each behind the one before. A step first tells
     * of what has left since the last one; then it sends from the file, or fills a chunk, or finds that it was the last.
     *
     * Only a read tells the end of a source: the size of a file may be 0 or too large (/proc, /sys), and a file may shrink. So the
     * kernel sends from a file as long as the size promises bytes and it finds some. A chunk is filled where there is no size, where
     * the kernel sends nothing although there is room, and where it fails: then the read, or the write behind it, tells which of the two
     * has failed, the file or the connection.
     */
    private static final int SENT_AT_ONCE = 1 << 20;

    /** What the user gets, who is told how much it was. */
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
            return Feed.this.cancel(false);
        }

        @Override
        protected String describe() {
            return Feed.this.describe();
        }
    }

    private final ReadableByteChannel source;

    /** The source, if it has positions: a FIFO has none. */
    private @Nullable FileChannel file;

    private final long count;
    private final LongConsumer progress;
    private final Sent sent = new Sent();

    /** The position of the file when it began. */
    private long start = -1;

    private long told;

    /** The kernel has sent nothing, and room has been waited for since. */
    private boolean roomAwaited;

    private @Nullable IOException failure;

    Feed(WriteSide side, ReadableByteChannel source, long count, LongConsumer progress) {
        super(side, count > 0);
        this.source = source;
        this.file = source instanceof FileChannel ? (FileChannel) source : null;
        this.count = count;
        this.progress = progress;
    }

    CompletableFuture<Long> sent() {
        return sent;
    }

    @Override
    String name() {
        return "transferFrom";
    }

    @Override
    String rest() {
        return ": " + moved() + (count == Long.MAX_VALUE ? "" : " of " + count) + " bytes moved";
    }

    @Override
    int act() {
        if (!lend()) {
            return 0;
        }
        side.engine().files().execute(source, this::step);
        return Transport.PENDING;
    }

    private void step() {
        if (!isLent()) {
            return;
        }
        try {
            tell();
            if (moved() == count) {
                end();
            } else if (file == null || !side.transport.sendsFiles() || !send(file)) {
                fill();
            }
        } catch (Throwable e) {
            noMore(e);
        }
    }

    private void noMore(Throwable cause) {
        if (giveBack()) {
            fails(cause);
        }
    }

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

    /** Where the file stands; -1 if it has no position. */
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

    private void end() {
        if (finish()) {
            goOn(0);
        }
    }

    private void goOn(int written) {
        side.loop().execute(() -> side.wrote(written, null));
    }

    private void fails(Throwable cause) {
        IOException named = new IOException(describe() + rest() + ": " + cause, cause);
        failure = named;
        side.loop().execute(() -> side.sourceFailed(named));
    }

    private void fill() throws IOException {
        Chunks chunks = side.loop().chunks();
        ByteBuffer chunk = chunks.take(count - told);
        boolean kept = false;
        int read;
        try {
            chunk.limit((int) Math.min(chunk.capacity(), count - told));
            read = file != null ? file.read(chunk, start + told) : source.read(chunk);
            kept = chunk.flip().hasRemaining() && side.state().giveBack(this, chunk);
        } finally {
            if (!kept) {
                chunks.give(chunk);
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

    /** Has the kernel send from the file. False if a chunk has to be filled instead. */
    private boolean send(FileChannel from) throws IOException {
        long position = start + told;
        int most = (int) Math.min(Math.min(count - told, SENT_AT_ONCE), from.size() - position);
        if (most <= 0) {
            return false;
        }
        if (!enterKernel()) {
            return true;
        }
        int written = 0;
        Throwable broken = null;
        try {
            written = side.transport.send(from, position, most);
        } catch (Throwable e) {
            broken = e;
        }
        boolean nothing = written == 0 && broken == null;
        boolean fills = nothing && roomAwaited || broken instanceof IOException && from.isOpen();
        roomAwaited = nothing && !roomAwaited;
        Runnable close = leaveKernel(!nothing && !fills);
        if (close != null) {
            side.loop().execute(close);
        }
        if (fills && lend()) {
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

    /** The turn is this thread's until the transport has been asked. */
    private void awaitRoom() {
        try {
            side.transport.awaitRoom();
        } catch (Throwable e) {
            fails(e);
        }
    }

    @Override
    void publish() {
        if (!isOrphaned()) {
            sent.succeed();
        }
        super.publish();
    }

    @Override
    void fail(Throwable cause) {
        Throwable mine = failure != null ? failure : cause;
        if (!isOrphaned()) {
            sent.failWith(mine);
        }
        super.fail(mine);
    }
}
