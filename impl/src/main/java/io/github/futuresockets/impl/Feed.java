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
     */
    private static final int SENT_AT_ONCE = 1 << 20;

    /** What the user gets, who is told how much it was. */
    private final class Sent extends OperationFuture<Long> {
        Sent() {
            super(side.engine());
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
    private final @Nullable FileChannel file;
    private final long count;
    private final LongConsumer progress;
    private final Sent sent = new Sent();

    /** The position of the file when it began. */
    private long start = -1;

    private long told;
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
            } else if (file != null && side.transport.sendsFiles()) {
                send(file);
            } else {
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
            start = file.position();
        }
        if (moved() > told) {
            told = moved();
            if (file != null) {
                file.position(start + told);
            }
            progress.accept(told);
        }
    }

    private void end() {
        if (finish()) {
            goOn(0, null);
        }
    }

    private void goOn(int written, @Nullable IOException broken) {
        side.loop().execute(() -> side.wrote(written, broken));
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
            goOn(0, null);
        } else if (read < 0) {
            end();
        } else {
            side.engine().files().later(source, this::step, this::noMore);
        }
    }

    /** An error of the connection cannot be told from one of the file but by looking at that. */
    private void send(FileChannel from) throws IOException {
        long position = start + told;
        int most = (int) Math.min(Math.min(count - told, SENT_AT_ONCE), from.size() - position);
        if (most <= 0) {
            end();
            return;
        }
        if (!enterKernel()) {
            return;
        }
        int written = 0;
        Throwable broken = null;
        try {
            written = side.transport.send(from, position, most);
        } catch (Throwable e) {
            broken = e;
        }
        Runnable close = leaveKernel(written > 0 || broken != null);
        if (close != null) {
            side.loop().execute(close);
        }
        if (broken instanceof IOException && from.isOpen()) {
            goOn(0, (IOException) broken);
        } else if (broken != null) {
            fails(broken);
        } else if (written > 0) {
            goOn(written, null);
        } else {
            awaitRoom();
        }
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
