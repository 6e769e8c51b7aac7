package io.github.futuresockets.impl;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The reading side of a socket: one pending read, the bytes that have arrived, one fill. */
final class ReadSide {
    /*
     * Fields are guarded by this object's monitor unless they say otherwise. While `decoding` is set, a decoder of the
     * user's works on the inbox outside the lock, and the inbox is its thread's alone; a chunk that arrives is parked.
     *
     * A read is claimed and its bytes are taken in one locked section, in which `pending` becomes null; withdrawing makes
     * it null too. Whichever comes first decides: a withdrawn read has taken nothing, and a read that was claimed is
     * completed by the thread that did it. A decoder runs before its claim; if its read is withdrawn meanwhile, the
     * position goes back and what it made is dropped.
     *
     * Each locked section ends in an outcome: WAIT (somebody else will go on), FILL (this thread has set `filling` and must
     * ask the transport), DECODE (this thread has set `decoding`) or a claimed read to complete. proceed() acts on it
     * without the lock: no future is completed, no user code run, no system call made under it.
     *
     * `end` is what comes behind the last byte: null while unknown, END, or what reads then fail with. Once `lastCall` is
     * set fills do not wait any more: what the kernel has is taken, then `end` becomes `lastCall`.
     */
    private static final Object WAIT = new Object();
    private static final Object FILL = new Object();
    private static final Object DECODE = new Object();

    /** The regular end of the stream. */
    static final IOException END = new IOException("end of stream");

    private static final int STREAK = 32;

    private final Connection connection;
    private final Transport transport;
    private final Inbox inbox;
    private final StallTimer timer;
    private final Watches<Boolean> readable;

    private @Nullable Read<?> pending;
    private @Nullable Read<?> decoding;
    private @Nullable IOException decodingEnd;
    private boolean filling;
    private boolean closed;
    private @Nullable ByteBuffer parked;
    private @Nullable IOException end;
    private boolean told;
    private int seen;
    private int unread;
    private int largest = 1;
    private int ask;

    /** Both volatile: a thread that asks for a fill and one that calls for the last must not miss each other. */
    private volatile boolean issued;

    private volatile @Nullable IOException lastCall;

    /** How many reads in a row were complete on return; a hint, races do no harm. */
    private int streak;

    /** The thread that completes a read now, and whether it has been left another; only that thread acts on them. */
    private @Nullable Thread dispatcher;

    private boolean left;

    ReadSide(Connection connection, Transport transport, long timeout) {
        this.connection = connection;
        this.transport = transport;
        this.inbox = new Inbox(transport.loop());
        this.timer = new StallTimer(connection.engine(), transport.loop(), timeout, this::isWaiting, this::stalled);
        this.readable = new Watches<>("readable", connection);
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

    synchronized int buffered() {
        return decoding != null ? unread : inbox.size();
    }

    synchronized boolean isFilling() {
        return filling;
    }

    /** Whether nothing comes any more. */
    synchronized boolean isOver() {
        return end != null;
    }

    /** All that has arrived, for the read that is being served now and hands it on as a whole. */
    ByteBuffer detach() {
        return inbox.detach();
    }

    void recycle(ByteBuffer chunk) {
        if (chunk.isDirect()) {
            transport.loop().chunks().give(chunk);
        }
    }

    /** Whether the peer has ended its stream. */
    synchronized boolean isEnded() {
        return end == END && lastCall == null;
    }

    <T> Read<T> start(Read<T> read) {
        Throwable refused = null;
        Object outcome = WAIT;
        synchronized (this) {
            if (closed) {
                refused = Errors.closed(read.describe() + ": the socket is closed", null);
            } else if (pending != null) {
                refused = Errors.readPending(read.describe() + ": a " + pending.name() + " is pending");
            } else {
                pending = read;
                timer.progress();
                seen = 0;
                largest = Math.max(largest, read.wants());
                if (streak < STREAK) {
                    outcome = advance();
                } else if (dispatcher == Thread.currentThread()) {
                    left = true;
                } else {
                    transport.loop().execute(this::resume);
                }
            }
        }
        if (refused != null) {
            read.fail(refused);
            return read;
        }
        timer.watch();
        proceed(outcome, read);
        return read;
    }

    Watches<Boolean>.Watch readable() {
        Watches<Boolean>.Watch watch = readable.make(engine());
        readable.add(watch);
        resume();
        return watch;
    }

    /** Goes on with what was left to the loop, paused, or is asked for by a watch. */
    void resume() {
        Object outcome;
        synchronized (this) {
            outcome = advance();
        }
        proceed(outcome, null);
    }

    boolean withdraw(Read<?> read) {
        synchronized (this) {
            boolean mine = pending == read;
            if (mine) {
                pending = null;
            }
            return engine().hook.claim(mine);
        }
    }

    /** Called by the transport, on the loop, with a chunk; without one at the end of the stream or after a failure. */
    void filled(@Nullable ByteBuffer chunk, @Nullable IOException failure) {
        Object outcome;
        synchronized (this) {
            outcome = arrived(chunk, failure);
        }
        proceed(outcome, null);
        connection.checkReleased();
    }

    private Object arrived(@Nullable ByteBuffer chunk, @Nullable IOException failure) {
        timer.progress();
        if (chunk != null && decoding != null) {
            parked = chunk;
            return WAIT;
        }
        filling = false;
        if (chunk != null) {
            add(chunk);
        } else if (end == null) {
            end = lastCall != null ? lastCall : failure != null ? failure : END;
        }
        return advance();
    }

    private void add(ByteBuffer chunk) {
        inbox.add(chunk, pending == null ? Integer.MAX_VALUE : pending.wants());
        if (closed) {
            inbox.drop();
        }
    }

    /** Does what can be done under the lock, and says what is next. */
    private Object advance() {
        Read<?> read = pending;
        if (decoding != null) {
            return WAIT;
        }
        if (read == null || read.isPaused() || (inbox.size() == 0 && end == null && read.wants() > 0)) {
            return idle();
        }
        if (!read.runsUserCode()) {
            return settle(read, read.attempt(inbox.bytes(), seen, end));
        }
        decoding = read;
        decodingEnd = end;
        unread = inbox.size();
        return DECODE;
    }

    private Object settle(Read<?> read, boolean complete) {
        if (!complete) {
            seen = inbox.size();
            return idle();
        }
        if (pending == read) {
            pending = null;
        }
        if (read.hasTaken(inbox.bytes())) {
            inbox.detach();
        }
        inbox.releaseIfEmpty();
        return read;
    }

    /** Nothing to do with the bytes that are there: are more needed? Reads ahead, but not past a large message. */
    private Object idle() {
        inbox.releaseIfEmpty();
        Read<?> read = pending;
        boolean wanted = read != null ? !read.isPaused() : inbox.size() == 0 && !readable.isEmpty();
        if (filling || end != null || !(wanted || closed || lastCall != null)) {
            return WAIT;
        }
        int missing = read == null ? 0 : read.wants() - inbox.size();
        ask = Math.min(largest, missing > Chunks.LARGE / 2 ? Math.min(missing, Chunks.LARGE) : Chunks.LARGE);
        filling = true;
        issued = false;
        return FILL;
    }

    /** Acts on an outcome, and on the next, until somebody else has to; {@code own} is the read of the caller of start. */
    private void proceed(Object first, @Nullable Read<?> own) {
        Object outcome = first;
        while (outcome != WAIT) {
            if (outcome == FILL) {
                outcome = fill();
            } else if (outcome == DECODE) {
                outcome = decode(own);
            } else {
                outcome = complete((Read<?>) outcome, own);
            }
        }
        if (end != null || !readable.isEmpty()) {
            tell();
        }
    }

    private Object fill() {
        ByteBuffer chunk = null;
        IOException failure = null;
        try {
            int count = transport.fill(ask);
            if (count == Transport.PENDING) {
                issued = true;
                if (lastCall != null) {
                    transport.loop().run(transport::endFill);
                }
                return WAIT;
            }
            chunk = count < 0 ? null : transport.filled();
        } catch (Throwable e) {
            failure = Errors.asIOException("read from " + peer(), e);
        }
        synchronized (this) {
            return arrived(chunk, failure);
        }
    }

    private Object decode(@Nullable Read<?> own) {
        Read<?> read = Objects.requireNonNull(decoding);
        ByteBuffer in = inbox.bytes();
        int mark = in.position();
        boolean complete = read.attempt(in, seen, decodingEnd);
        synchronized (this) {
            boolean mine = pending == read;
            boolean changed = !mine || parked != null || end != decodingEnd;
            decoding = null;
            Object outcome = WAIT;
            if (engine().hook.claim(mine)) {
                outcome = settle(read, complete);
            } else if (in == inbox.bytes()) {
                in.position(mark);
            }
            if (parked != null) {
                filling = false;
                add(parked);
                parked = null;
            }
            if (closed) {
                inbox.drop();
            }
            if (outcome != WAIT || !changed) {
                return outcome;
            }
            if (own != null && pending != null && pending != own) {
                transport.loop().execute(this::resume);
                return WAIT;
            }
            return advance();
        }
    }

    private Object complete(Read<?> read, @Nullable Read<?> own) {
        engine().hook.claimed();
        if (read == own) {
            streak++;
            read.publish();
            return WAIT;
        }
        streak = 0;
        if (engine().completesElsewhere()) {
            engine().complete(read::publish);
            return WAIT;
        }
        dispatcher = Thread.currentThread();
        read.publish();
        dispatcher = null;
        if (!left) {
            return WAIT;
        }
        left = false;
        synchronized (this) {
            return advance();
        }
    }

    /** Tells those who watch, and at the end, once, the socket. */
    private void tell() {
        Boolean ready = null;
        boolean ended;
        List<Watches<Boolean>.Watch> waiting = List.of();
        synchronized (this) {
            ended = end != null && !told;
            told |= ended;
            if (closed || (end != null && inbox.size() == 0)) {
                ready = false;
            } else if (pending == null && decoding == null && inbox.size() > 0) {
                ready = true;
            }
            if (ready != null) {
                waiting = readable.drain();
            }
        }
        for (Watches<Boolean>.Watch each : waiting) {
            each.ready(ready);
        }
        if (ended) {
            connection.inputEnded(Objects.requireNonNull(end));
        }
    }

    /** No more reads. What still comes is dropped until the end; or, after an abort, nothing is awaited any more. */
    void close(boolean aborted) {
        Read<?> failed;
        Object outcome = WAIT;
        synchronized (this) {
            failed = pending;
            pending = null;
            closed = true;
            if (aborted && end == null) {
                end = END;
                told = true;
            }
            if (decoding == null) {
                inbox.drop();
                outcome = idle();
            }
        }
        if (failed != null) {
            IOException failure = Errors.closedMeanwhile(failed.describe() + ": the socket was closed");
            engine().complete(() -> failed.fail(failure));
        }
        proceed(outcome, null);
        timer.stop();
    }

    /** What the kernel has may still be read; behind it comes {@code ending}, without waiting for the peer. */
    void callLast(IOException ending) {
        Object outcome = WAIT;
        synchronized (this) {
            if (end == null) {
                lastCall = ending;
                outcome = decoding == null ? idle() : WAIT;
            }
        }
        if (outcome == WAIT && issued && lastCall != null) {
            transport.loop().run(transport::endFill);
        }
        proceed(outcome, null);
    }

    private synchronized boolean isWaiting() {
        return pending != null && !pending.isPaused();
    }

    private void stalled(long nanos) {
        Read<?> late;
        synchronized (this) {
            late = pending;
            pending = null;
        }
        if (late != null) {
            IOException failure = Errors.stalled(late.describe() + ": no byte came", nanos);
            engine().complete(() -> late.fail(failure));
        }
    }
}
