package io.github.futuresockets.impl;

import io.github.futuresockets.spi.OperationFuture;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The writing side of a socket: a queue, and one thread at a time that empties it. */
final class WriteSide {
    /*
     * Fields are guarded by this object's monitor. `busy` belongs to one thread at a time, which alone uses `chunk` and
     * `ending`: the one that queued into an idle side, then, if the transport answers PENDING, the one it calls back. It
     * copies bytes from the queue into the chunk under the lock, and writes the chunk without it. A caller's buffer is
     * only touched under the lock, so whoever withdraws its write under the lock has it back.
     *
     * A write stays in the queue until the kernel has taken its last byte or somebody takes it out; who does that, under
     * the lock, completes its future, without the lock. Bytes in the chunk go out whatever becomes of their write.
     */
    private static final int HIGH_WATER = 64 << 10;
    private static final int LOW_WATER = 32 << 10;
    private static final int STREAK = 32;

    private final Connection connection;
    private final Transport transport;
    private final WriteQueue queue = new WriteQueue();
    private final StallTimer timer;
    private final Watches<Void> writable;
    private final long limit;

    private boolean congested;
    private boolean busy;
    private @Nullable ByteBuffer chunk;
    private @Nullable Write ending;
    private @Nullable End end;
    private boolean closed;
    private @Nullable IOException failure;

    /** How many writes in a row were complete on return; a hint, races do no harm. */
    private int streak;

    WriteSide(Connection connection, Transport transport, long limit, long timeout) {
        this.connection = connection;
        this.transport = transport;
        this.limit = limit;
        this.timer = new StallTimer(connection.engine(), transport.loop(), timeout, this::isWaiting, connection::writesStalled);
        this.writable = new Watches<>("writable", connection);
    }

    Engine engine() {
        return connection.engine();
    }

    SocketAddress peer() {
        return transport.remoteAddress();
    }

    StallTimer timer() {
        return timer;
    }

    synchronized boolean isBusy() {
        return busy;
    }

    private synchronized boolean isWaiting() {
        return !queue.isEmpty();
    }

    <W extends Write> W start(W write) {
        IOException refused;
        boolean overflow = false;
        synchronized (this) {
            refused = refusal(write);
            if (refused == null && queue.bytes() > 0 && write.left() > limit - queue.bytes()) {
                overflow = true;
                refused = new IOException(write.describe() + ": no room for " + write.left() + " bytes, " + queue.bytes()
                        + " of at most " + limit + " wait already: the peer is not reading");
            }
            if (refused == null) {
                append(write);
            }
        }
        if (refused == null) {
            go(write);
            return write;
        }
        write.fail(refused);
        if (overflow) {
            connection.fail(refused);
        }
        return write;
    }

    private @Nullable IOException refusal(Write write) {
        if (failure == null && !closed && end == null) {
            return null;
        }
        String why = end != null && !closed && failure == null ? ": the output is shut down" : ": the socket is closed";
        return Errors.closed(write.describe() + why, failure);
    }

    /** Half-close behind the queued writes. */
    OperationFuture<Void> shutdownOutput() {
        End mine = new End(this);
        IOException refused = null;
        synchronized (this) {
            if (end != null) {
                return end.copy();
            }
            refused = refusal(mine);
            if (refused == null) {
                end = mine;
                append(mine);
            }
        }
        if (refused == null) {
            go(mine);
        } else {
            mine.fail(refused);
        }
        return mine;
    }

    /** No more writes; the end of the stream behind those that wait, if it is not there yet. */
    void close() {
        boolean ended = false;
        End mine = null;
        synchronized (this) {
            if (!closed && failure == null) {
                ended = end != null && !end.queued;
                mine = end == null ? new End(this) : null;
                closed = true;
            }
            if (mine != null) {
                end = mine;
                append(mine);
            }
        }
        if (mine != null) {
            go(mine);
        } else if (ended) {
            connection.outputEnded();
        }
        refuseWatches();
    }

    private void append(Write write) {
        if (queue.isEmpty()) {
            timer.progress();
        }
        queue.append(write);
        congested |= queue.bytes() >= HIGH_WATER;
    }

    /** Empties the queue unless another thread does it already. */
    private void go(Write own) {
        timer.watch();
        synchronized (this) {
            if (busy) {
                return;
            }
            busy = stage();
            if (!busy) {
                return;
            }
        }
        if (streak < STREAK) {
            flush(own);
        } else {
            streak = 0;
            transport.loop().execute(() -> flush(null));
        }
    }

    /** Called by the transport, on the loop, after it has answered PENDING. */
    void wrote(int count, @Nullable IOException failed) {
        if (failed != null) {
            broken(failed);
        } else if (advance(count, null)) {
            flush(null);
        }
        connection.checkReleased();
    }

    /** Writes as long as there is something to write and the transport answers at once. This thread is the busy one. */
    private void flush(@Nullable Write own) {
        int taken;
        do {
            try {
                taken = chunk != null ? transport.write(chunk) : endOutput();
            } catch (Throwable e) {
                broken(Errors.asIOException("write to " + peer(), e));
                return;
            }
        } while (taken != Transport.PENDING && advance(taken, own));
        connection.checkReleased();
    }

    private int endOutput() throws IOException {
        if (ending != null) {
            connection.endOutput();
        }
        return 0;
    }

    /** The kernel has taken so many bytes: completes the writes that are done; returns whether there is more to do. */
    private boolean advance(int taken, @Nullable Write own) {
        Write done;
        Write ended;
        boolean more;
        boolean relieved;
        if (taken > 0) {
            timer.progress();
        }
        synchronized (this) {
            ended = ending;
            ending = null;
            done = queue.taken(taken, ended);
            busy = more = stage();
            relieved = relieve();
        }
        while (done != null) {
            Write each = done;
            done = each.next;
            each.next = null;
            publish(each, own);
        }
        if (relieved) {
            writable.drain().forEach(each -> engine().complete(() -> each.ready(null)));
        }
        if (ended != null) {
            connection.outputEnded();
        }
        return more;
    }

    private void publish(Write write, @Nullable Write own) {
        streak = write == own ? streak + 1 : 0;
        if (write == own || !engine().completesElsewhere()) {
            write.publish();
        } else {
            engine().complete(write::publish);
        }
    }

    private boolean relieve() {
        if (!congested || queue.bytes() > LOW_WATER) {
            return false;
        }
        congested = false;
        return true;
    }

    /** Sees to it that there is a chunk to write, or an end to send, or an empty write to complete; false: nothing. */
    private boolean stage() {
        if (chunk != null && chunk.hasRemaining() && failure == null) {
            return true;
        }
        releaseChunk();
        Write first = queue.first();
        if (first == null || failure != null) {
            return false;
        }
        if (first.isEnd()) {
            first.begin();
            ending = first;
        } else if (first.left() > 0) {
            chunk = queue.stage(transport.loop().chunks());
        }
        return true;
    }

    private void releaseChunk() {
        if (chunk != null) {
            transport.loop().chunks().give(chunk);
            chunk = null;
        }
    }

    boolean withdraw(Write write) {
        boolean abort = false;
        boolean relieved;
        synchronized (this) {
            if (!write.queued) {
                return false;
            }
            if (write.hasBegun()) {
                abort = write.unstaged() > Math.min(limit, Integer.MAX_VALUE - 8);
                if (!abort) {
                    write.keepRest();
                }
            }
            if (!write.hasBegun() && write == end) {
                if (closed) {
                    return true;
                }
                end = null;
            }
            if (abort || !write.hasBegun()) {
                queue.remove(write);
            }
            relieved = relieve();
        }
        if (abort) {
            connection.abort();
        } else if (relieved) {
            writable.drain().forEach(each -> engine().complete(() -> each.ready(null)));
        }
        return true;
    }

    private void broken(IOException cause) {
        synchronized (this) {
            busy = false;
            if (failure == null) {
                failure = cause;
            }
            ending = null;
            releaseChunk();
        }
        connection.fail(cause);
    }

    /** Ends all that waits. The thread that is busy, if any, finds an empty queue. */
    void fail(IOException cause) {
        Write failed;
        synchronized (this) {
            if (failure == null) {
                failure = cause;
            }
            closed = true;
            failed = queue.clear();
        }
        timer.stop();
        while (failed != null) {
            Write each = failed;
            failed = each.next;
            each.next = null;
            String bytes = each.isEnd() ? "" : ": " + each.left() + " bytes left";
            IOException mine = Errors.again(each.describe() + bytes, cause);
            engine().complete(() -> each.fail(mine));
        }
        refuseWatches();
    }

    private void refuseWatches() {
        List<Watches<Void>.Watch> refused = writable.drain();
        for (Watches<Void>.Watch each : refused) {
            IOException mine = Errors.closed(each + ": the socket is closed", failure);
            engine().complete(() -> each.failed(mine));
        }
    }

    Watches<Void>.Watch writable() {
        IOException refused = null;
        Watches<Void>.Watch watch = writable.make(engine());
        synchronized (this) {
            if (failure != null || closed || end != null) {
                refused = Errors.closed(watch + ": the output is closed", failure);
            } else if (congested) {
                writable.add(watch);
                return watch;
            }
        }
        if (refused != null) {
            watch.failed(refused);
        } else {
            watch.ready(null);
        }
        return watch;
    }
}
