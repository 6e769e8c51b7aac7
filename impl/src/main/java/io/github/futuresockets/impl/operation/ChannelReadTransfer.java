package io.github.futuresockets.impl.operation;

import io.github.futuresockets.impl.common.Errors;
import io.github.futuresockets.impl.common.FileThreads;
import io.github.futuresockets.impl.connection.EndOfInput;
import io.github.futuresockets.impl.connection.Read;
import io.github.futuresockets.impl.connection.ReadSide;
import io.github.futuresockets.impl.transport.BufferPool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * {@code transferTo} a channel: a read whose arrived bytes are written to the channel by a thread of
 * {@link FileThreads}.
 */
public final class ChannelReadTransfer extends Read<Long> {
    /*
     * A step is a write to the channel on a file thread. During a step the bytes stay in the read buffer, and each
     * written byte leaves the read buffer. Therefore each byte is in the channel or can still be read, even if the
     * transfer is withdrawn. A read that begins during a step waits for the end of the step.
     */
    private final WritableByteChannel sink;
    private final long count;
    private final LongConsumer progress;

    // the thread's that owns the read buffer: the decoding thread or the file thread, passed on by tasks; messages of
    // other threads may show an old count
    private long moved;
    private @Nullable IOException failure;

    // any thread
    private volatile boolean writing;

    /**
     * Makes a transfer of at most {@code count} bytes. {@code progress} gets the number of moved bytes after each
     * write.
     */
    public ChannelReadTransfer(ReadSide side, WritableByteChannel sink, long count, LongConsumer progress) {
        super(side);
        this.sink = sink;
        this.count = count;
        this.progress = progress;
    }

    @Override
    public String name() {
        return "transferTo";
    }

    @Override
    protected int wants() {
        return failure != null ? 0 : (int) Math.min(count - moved, BufferPool.LARGE);
    }

    @Override
    protected boolean runsUserCode() {
        return true;
    }

    @Override
    protected boolean isPaused() {
        return writing;
    }

    @Override
    protected boolean worksElsewhere(ByteBuffer in) {
        if (failure != null || moved == count || !in.hasRemaining() || !isPending()) {
            return false;
        }
        writing = true;
        side.engine().files().execute(sink, () -> step(in));
        return true;
    }

    @Override
    protected void unable(Throwable cause) {
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

    /**
     * Writes to the channel, on a file thread, until the bytes are written, or the transfer is complete or withdrawn.
     */
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

    /** Runs the next step at once, or later if the channel had no room. */
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

    /** Writes to the channel. Bytes that the channel has taken count, even if the channel throws. */
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

    /**
     * Continues on the loop. Holds the connection from here on. A close during the step has not waited for the step.
     */
    private void goOn() {
        side.connection.hold();
        side.loop().execute(() -> {
            side.progress();
            writing = false;
            side.worked();
            side.connection.unhold();
        });
    }

    @Override
    protected boolean attempt(ByteBuffer in, int seen, @Nullable IOException ending) {
        if (failure != null) {
            fails(failure);
        } else if (moved == count || (ending == EndOfInput.REGULAR && !in.hasRemaining())) {
            succeeds(moved);
        } else if (ending != null && !in.hasRemaining()) {
            fails(side.connection.own(Errors.again(describe() + ": " + moved + " bytes moved", ending)));
        } else {
            return false;
        }
        return true;
    }

    @Override
    protected @Nullable Object take(ByteBuffer in, int seen, boolean ended) {
        return MORE;
    }
}
