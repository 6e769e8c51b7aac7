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
     * back; in between nobody runs, and the turn is `parked`. Others leave what they have in `job` (a write, a flush, the end;
     * there is at most one, its owner waits for the answer) or `replying` (the reading half has made the engine say something).
     *
     * A parked turn may be `lent` to the reading half, which makes records of its answers, behind those that are being sent. A call
     * back of that moment is kept in `late` until the turn is given back. `calls` counts the calls back: if one has come before its
     * turn could be parked, the turn is not parked any more. The bytes of the answers are `ahead`; when they are too many, `held`
     * is the reading half, which waits until they have left.
     *
     * All fields from `turn` to `held` are guarded by this object's monitor, in which nothing is called; the thread that has the
     * turn may read `calls` and `ahead` without. `current` and `taken`, and `writing`, belong to the thread that has the turn. An
     * answer is the result of the call that brought the job, if it is known by then, and otherwise a call back on the loop.
     *
     * A failure below stays: it is told to the job of that moment, and to each that comes later. One of the engine is told to the job
     * alone, since there is something to send yet: why.
     */
    /** So many answers may wait to be sent, if the peer sends less than so many bytes of data with each question. */
    private static final int MOST_UNANSWERED = 256;

    private static final int DATA_PER_QUESTION = 1 << 10;

    /** So many bytes of answers may wait to be sent. A peer that does not read them is not read either. */
    private static final int MOST_AHEAD = 128 << 10;

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
    private boolean parked;
    private boolean lent;
    private @Nullable Runnable late;
    private int calls;
    private int ahead;
    private @Nullable Runnable held;

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
     * The engine has something to send of itself. A failure is told to whoever writes next; too much that cannot be sent, since the
     * peer does not read, to who asks.
     *
     * @param questions how many records of the peer are to be answered
     * @param data how many bytes of data have come with them
     * @return whether no more may be asked for before {@link #holds} says so
     */
    boolean reply(int questions, int data) throws SSLProtocolException {
        boolean mine;
        boolean lends;
        synchronized (this) {
            replying = true;
            unanswered += Math.max(0, questions - data / DATA_PER_QUESTION);
            mine = !turn && failure == null;
            turn |= mine;
            if (!mine && unanswered > MOST_UNANSWERED) {
                throw new SSLProtocolException("the peer asks again and again, and does not read the answers");
            }
            lends = parked && failure == null;
            lent = lends;
            parked &= !lends;
        }
        if (mine) {
            try {
                run(null);
            } catch (IOException e) {
                throw new IllegalStateException("an answer that nobody has asked for", e);
            }
        }
        return lends && answerAhead();
    }

    /** With the turn lent: makes records of the answers while those before them cannot leave. Returns whether these are many. */
    private boolean answerAhead() {
        boolean complete = false;
        int count = 0;
        try {
            complete = writing.answerAhead();
        } catch (SSLException e) {
            Log.log(System.Logger.Level.TRACE, "told when the turn comes to the answers", e);
        } finally {
            count = writing.ahead();
            Runnable call;
            synchronized (this) {
                replying = !complete;
                ahead = count;
                lent = false;
                parked = late == null;
                call = late;
                late = null;
            }
            if (call != null) {
                below.loop().run(call);
            }
        }
        return count > MOST_AHEAD;
    }

    /** Whether too many answers wait to be sent. If so, {@code goOn} runs on the loop when they have left, or never will. */
    synchronized boolean holds(Runnable goOn) {
        boolean holds = ahead > MOST_AHEAD && failure == null;
        held = holds ? goOn : null;
        return holds;
    }

    @Override
    public void wrote(int count, @Nullable IOException broken) {
        synchronized (this) {
            calls++;
            parked = false;
            if (lent) {
                late = () -> called(broken);
                return;
            }
        }
        called(broken);
    }

    private void called(@Nullable IOException broken) {
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

    /** The transport below calls back, unless it has done so since there were so many calls. */
    private synchronized void park(int known) {
        parked |= calls == known;
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
        int known = calls;
        try {
            while (flush()) {
                ByteBuffer done = current;
                int count = taken;
                if ((done == END || done == LAST) && below.shutdownOutput(done == LAST) == Transport.PENDING) {
                    current = FLUSH;
                    park(known);
                    return answer;
                }
                current = null;
                if (done != null && done == own) {
                    answer = count;
                } else if (done != null) {
                    tell(count, null);
                }
                if (ahead > 0) {
                    resume();
                }
                if (!next()) {
                    return answer;
                }
                make();
            }
            park(known);
            return answer;
        } catch (Throwable e) {
            IOException broken = Errors.asIOException("write to " + below.remoteAddress(), e);
            fail(broken, answer == Transport.PENDING ? own : null, e instanceof SSLException);
            return answer;
        }
    }

    /** Whether all records that were made have been sent. */
    private boolean flush() throws IOException {
        do {
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
        } while (writing.out().hasRemaining());
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

    /** No answer waits any more, or none will be sent: has the reading half go on, if it is held. */
    private void resume() {
        Runnable goOn;
        synchronized (this) {
            ahead = 0;
            goOn = held;
            held = null;
        }
        if (goOn != null) {
            below.loop().execute(goOn);
        }
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
        writing.drop();
        resume();
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
        resume();
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
        writing.drop();
    }
}
