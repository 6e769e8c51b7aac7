package io.github.futuresockets.impl;

import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLProtocolException;
import org.jspecify.annotations.Nullable;

/** Sends records, one after the other, whoever has something to send. */
final class TlsPump implements Transport.Writer {
    /*
     * Records leave in the order in which they were made, so one thread at a time makes and sends them: it has the turn. Either the
     * one that brought something while nobody had it; or, when the transport below answers PENDING, the one that it calls
     * back; in between nobody runs. Others leave what they have in `job` (a write, a flush, the end; there is at most one, its
     * owner waits for the answer) or `replying` (the reading half has made the engine say something).
     *
     * `turn`, `job`, `replying`, `unanswered` and `failure` are guarded by this object's monitor, in which nothing is called.
     * `current` and `taken`, and `writing`, belong to who has the turn. An answer is the result of the call that brought the job, if it is
     * known by then, and otherwise a call back on the loop.
     *
     * A failure below stays: it is told to the job of that moment, and to each that comes later. One of the engine is told to the job
     * alone, since there is something to send yet: why.
     */
    /** The engine keeps what it wants to say until it can be sent. */
    private static final int MOST_UNANSWERED = 64;

    /** Brings nothing: answered when what the engine wanted to send has been sent. */
    static final ByteBuffer FLUSH = ByteBuffer.allocate(0);

    private static final ByteBuffer END = ByteBuffer.allocate(0);
    private static final ByteBuffer LAST = ByteBuffer.allocate(0);

    private final Transport below;
    private final TlsWriting writing;
    private Transport.@Nullable Writer writer;

    private boolean turn;
    private @Nullable ByteBuffer job;
    private boolean replying;
    private int unanswered;
    private @Nullable IOException failure;

    private @Nullable ByteBuffer current;
    private int taken;

    TlsPump(SSLEngine engine, Transport below) {
        this.below = below;
        this.writing = new TlsWriting(engine, below.loop().chunks());
    }

    /** Who gets the answers; set while no job is under way. */
    void answer(Transport.Writer whom) {
        writer = whom;
    }

    int write(ByteBuffer plain) throws IOException {
        synchronized (this) {
            if (failure != null) {
                throw failure;
            }
            job = plain;
            if (turn) {
                return Transport.PENDING;
            }
            turn = true;
        }
        return run(plain);
    }

    /** A close_notify behind what was written, or an alert after a failure; then the end of the stream below, unless it is needless. */
    int end(boolean last) throws IOException {
        return write(last ? LAST : END);
    }

    /**
     * The engine has something to send of itself, if there are questions. A failure is told to whoever writes next; too much that cannot
     * be sent, since the peer does not read, to who asks.
     */
    void reply(int questions) throws SSLProtocolException {
        if (questions == 0) {
            return;
        }
        boolean mine;
        synchronized (this) {
            replying = true;
            unanswered += questions;
            mine = !turn && failure == null;
            turn |= mine;
            if (!mine && unanswered > MOST_UNANSWERED) {
                throw new SSLProtocolException("the peer asks again and again, and does not read the answers");
            }
        }
        if (!mine) {
            return;
        }
        try {
            run(null);
        } catch (IOException e) {
            throw new IllegalStateException("an answer that nobody has asked for", e);
        }
    }

    @Override
    public void wrote(int count, @Nullable IOException broken) {
        try {
            if (broken != null) {
                fail(broken, null, false);
            } else {
                progress();
                run(null);
            }
        } catch (IOException e) {
            throw new IllegalStateException("an answer that nobody has asked for", e);
        }
    }

    @Override
    public void progress() {
        if (writer != null) {
            writer.progress();
        }
    }

    /** With the turn: does all there is to do. {@code own} is the job of the caller, who gets its answer, or PENDING. */
    private int run(@Nullable ByteBuffer own) throws IOException {
        int answer = Transport.PENDING;
        try {
            while (flush()) {
                ByteBuffer done = current;
                int count = taken;
                if ((done == END || done == LAST) && below.shutdownOutput(done == LAST) == Transport.PENDING) {
                    current = FLUSH;
                    return answer;
                }
                current = null;
                if (done != null && done == own) {
                    answer = count;
                } else if (done != null) {
                    tell(count, null);
                }
                if (!next()) {
                    break;
                }
                make();
            }
            return answer;
        } catch (Throwable e) {
            IOException broken = Errors.asIOException("write to " + below.remoteAddress(), e);
            fail(broken, answer == Transport.PENDING ? own : null, e instanceof SSLException);
            return answer;
        }
    }

    /** Whether all records that were made have been sent. */
    private boolean flush() throws IOException {
        ByteBuffer out = writing.out();
        while (out.hasRemaining()) {
            if (below.write(out) == Transport.PENDING) {
                return false;
            }
            if (out.hasRemaining()) {
                progress();
            }
        }
        writing.release();
        return true;
    }

    /** Takes what comes next, or gives the turn back. */
    private synchronized boolean next() {
        if (job == null && !replying) {
            turn = false;
            return false;
        }
        current = job;
        job = null;
        replying = false;
        unanswered = 0;
        return true;
    }

    private void make() throws IOException {
        taken = 0;
        if (current == END || current == LAST) {
            writing.end();
        } else {
            taken = writing.wrap(current == null ? FLUSH : current);
        }
    }

    private void tell(int count, @Nullable IOException broken) {
        Transport.Writer whom = writer;
        if (whom != null) {
            below.loop().run(() -> whom.wrote(count, broken));
        }
    }

    /** With the turn, which is over: the job that waits gets it, {@code own} by an exception. */
    private void fail(IOException broken, @Nullable ByteBuffer own, boolean byEngine) throws IOException {
        ByteBuffer lost;
        synchronized (this) {
            failure = failure == null && !byEngine ? broken : failure;
            lost = current != null ? current : job;
            current = null;
            job = null;
            turn = false;
        }
        writing.release();
        if (lost != null && lost == own) {
            throw broken;
        }
        if (lost != null) {
            tell(0, broken);
        }
    }

    /**
     * The connection is about to be closed. An engine that has failed says why, if there is room for it. Nothing else is said: whoever
     * wanted to end the stream has done so before, and the end of what was cut short must not look like one. On the loop.
     */
    void close(boolean silent) {
        boolean mine;
        synchronized (this) {
            mine = !turn && failure == null;
            if (failure == null) {
                failure = Errors.closedMeanwhile("write to " + below.remoteAddress() + ": the socket was closed");
            }
            turn |= mine;
        }
        if (!mine || silent) {
            return;
        }
        try {
            writing.end();
            if (writing.out().hasRemaining() && below.write(writing.out()) == Transport.PENDING) {
                return;
            }
        } catch (Throwable e) {
            Log.log(System.Logger.Level.DEBUG, "the last record to " + below.remoteAddress(), e);
        }
        writing.release();
    }
}
