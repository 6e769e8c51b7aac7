package io.github.futuresockets.impl;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** {@code transferTo} a channel: a read that has a thread of {@link FileThreads} write what arrives. */
final class ChannelTransfer extends Read<Long> {
    /*
     * The bytes stay where they are while the channel takes them, and leave as it takes them: a byte is in the channel or can
     * still be read, whatever becomes of this transfer meanwhile. Reads that begin then wait for the end of the step.
     *
     * `moved` and `failure` belong to the thread that has the bytes: the one that decides, or the one of the step; each gets
     * them from the other by a task. Others read `writing`, and a count that may be old.
     */
    private final WritableByteChannel sink;
    private final long count;
    private final LongConsumer progress;
    private long moved;
    private @Nullable IOException failure;
    private volatile boolean writing;

    ChannelTransfer(ReadSide side, WritableByteChannel sink, long count, LongConsumer progress) {
        super(side);
        this.sink = sink;
        this.count = count;
        this.progress = progress;
    }

    @Override
    String name() {
        return "transferTo";
    }

    @Override
    int wants() {
        return failure != null ? 0 : (int) Math.min(count - moved, Chunks.LARGE);
    }

    @Override
    boolean runsUserCode() {
        return true;
    }

    @Override
    boolean isPaused() {
        return writing;
    }

    @Override
    boolean worksElsewhere(ByteBuffer in) {
        if (failure != null || moved == count || !in.hasRemaining() || !isPending()) {
            return false;
        }
        writing = true;
        side.engine().files().execute(sink, () -> step(in));
        return true;
    }

    @Override
    void unable(Throwable cause) {
        writing = false;
        failed(cause);
    }

    private void failed(Throwable cause) {
        failure = new IOException(describe() + ": " + moved + " bytes moved: " + cause, cause);
    }

    private boolean isPending() {
        synchronized (side.state()) {
            return side.state().isPending(this);
        }
    }

    private void step(ByteBuffer in) {
        if (!isPending()) {
            goOn();
            return;
        }
        int written = 0;
        try {
            written = write(in);
            if (written > 0) {
                progress.accept(moved);
            }
        } catch (Throwable e) {
            failed(e);
        }
        if (failure != null || moved == count || !in.hasRemaining() || !isPending()) {
            goOn();
            return;
        }
        try {
            again(written > 0, () -> step(in));
        } catch (Throwable e) {
            noThread(e);
        }
    }

    private void again(boolean atOnce, Runnable step) {
        if (atOnce) {
            side.engine().files().execute(sink, step);
        } else {
            side.engine().files().later(sink, step, this::noThread);
        }
    }

    private void noThread(Throwable cause) {
        failed(cause);
        goOn();
    }

    /** What the channel has taken counts, even if it throws. */
    private int write(ByteBuffer in) throws IOException {
        int begin = in.position();
        ByteBuffer view = in.asReadOnlyBuffer();
        view.limit(begin + Math.min(wants(), in.remaining()));
        try {
            sink.write(view);
        } finally {
            int end = Math.max(begin, view.position());
            in.position(Math.min(end, in.limit()));
            moved += in.position() - begin;
        }
        return in.position() - begin;
    }

    /** A connection that is closed meanwhile has not waited for the step; from here on it waits for the outcome. */
    private void goOn() {
        side.connection.begin();
        side.loop().execute(() -> {
            side.progress();
            writing = false;
            side.worked();
            side.connection.finished();
        });
    }

    @Override
    boolean attempt(ByteBuffer in, int seen, @Nullable IOException ending) {
        if (failure != null) {
            fails(failure);
        } else if (moved == count || (ending == Input.END && !in.hasRemaining())) {
            succeeds(moved);
        } else if (ending != null && !in.hasRemaining()) {
            fails(side.connection.own(Errors.again(describe() + ": " + moved + " bytes moved", ending)));
        } else {
            return false;
        }
        return true;
    }

    @Override
    @Nullable Object take(ByteBuffer in, int seen, boolean ended) {
        return MORE;
    }
}
