package io.github.futuresockets.impl.tls;

import io.github.futuresockets.impl.common.Errors;
import io.github.futuresockets.impl.common.Log;
import io.github.futuresockets.impl.transport.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLProtocolException;
import org.jspecify.annotations.Nullable;

/** The sender of TLS records. Brings writes, the end of the stream and the answers of the engine into one order. */
final class RecordWriter implements Transport.Writer {
    /*
     * Records leave in the order in which they were made. So one thread at a time makes and sends records: the thread
     * that has the turn. The turn has four states:
     * - Free: `turn` is false. A thread that brings work takes the turn.
     * - Running: a thread makes and sends records.
     * - Parked: the transport below has returned PENDING, and no thread runs. The callback of the transport continues.
     * - Lent: the reading half has a parked turn for a moment, and makes records of its answers after the records that
     *   are being sent. A callback of that moment is kept in `late`, and runs when the turn is given back.
     *
     * A thread without the turn leaves its work for the thread that has the turn:
     * - `job` is a write, a flush or the end of the stream. There is at most one job, because its owner waits for the
     *   result.
     * - `replying` is true if the reading half has made the engine say something.
     *
     * `calls` counts the callbacks of the transport below. If a callback comes before its turn is parked, the turn is
     * not parked. `ahead` is the number of bytes of answers that wait. While too many bytes wait, `held`
     * is the continuation of the reading half.
     *
     * The result of a job is the return value of the call that brought the job. If the job is still pending by then,
     * the result is a callback on the loop.
     *
     * A failure of the transport below stays: the current job and each later job fail with the same exception. A
     * failure of the engine fails the current job alone, because the alert of the engine is still to be sent.
     */
    /**
     * The most answers that may wait to be sent. Data from the peer raises the limit: see {@link #DATA_PER_QUESTION}.
     */
    private static final int MOST_UNANSWERED = 256;

    /** The number of data bytes from the peer that offset one waiting answer. */
    private static final int DATA_PER_QUESTION = 1 << 10;

    /** The most bytes of answers that may wait to be sent. While more bytes wait, nothing is read from the peer. */
    private static final int MOST_AHEAD = 128 << 10;

    /** A job without bytes. Completes when the records that the engine wanted to send have been sent. */
    static final ByteBuffer FLUSH = ByteBuffer.allocate(0);

    /** The job of {@link #end} if reading continues. */
    private static final ByteBuffer END = ByteBuffer.allocate(0);

    /** The job of {@link #end} if nothing more is read. */
    private static final ByteBuffer LAST = ByteBuffer.allocate(0);

    private final Transport below;
    private final RecordEncoder writing;

    /** The receiver of results. Changes only while no job is pending. */
    private Transport.@Nullable Writer writer;

    // Guarded by this, and no foreign code is called under the lock. The thread that has the turn may read `calls` and
    // `ahead` without the lock.
    private boolean turn;
    private @Nullable ByteBuffer job;
    private boolean replying;
    private int unsentResponses;
    private @Nullable IOException failure;
    private boolean parked;
    private boolean lent;
    private @Nullable Runnable late;
    private int calls;
    private int ahead;
    private @Nullable Runnable held;

    // Used only by the thread that has the turn, like `writing`.
    private @Nullable ByteBuffer current;
    private int taken;

    RecordWriter(SSLEngine engine, Transport below) {
        this.below = below;
        this.writing = new RecordEncoder(engine, below.loop().chunks());
    }

    /** Sets the receiver of results. Called while no job is pending. */
    void answer(Transport.Writer whom) {
        writer = whom;
    }

    /**
     * Brings a job. At most one job is pending at a time. From any thread.
     *
     * @param plain the plaintext; belongs to the job until the result
     * @return the number of bytes that the engine has taken, or {@link Transport#PENDING}
     * @throws IOException if the job fails within the call, or if the transport below has failed before
     */
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

    /**
     * Sends a close_notify after the earlier writes, or an alert if the engine has failed. Then ends the output of the
     * transport below.
     *
     * @param last true if nothing more is read, so that a close of the descriptor ends the output anyway
     * @return 0, or {@link Transport#PENDING}
     * @throws IOException if the job fails within the call, or if the transport below has failed before
     */
    int end(boolean last) throws IOException {
        return write(last ? LAST : END);
    }

    /**
     * Sends the records that the engine has to send itself. The next write reports a failure.
     *
     * @param responsesDue the number of records of the peer that are to be answered
     * @param data the number of data bytes that have come with these records
     * @return true if the caller must make no more answers until {@link #holds} returns false
     * @throws SSLProtocolException if too many answers wait, because the peer does not read
     */
    boolean reply(int responsesDue, int data) throws SSLProtocolException {
        boolean mine;
        boolean lends;
        synchronized (this) {
            replying = true;
            unsentResponses += Math.max(0, responsesDue - data / DATA_PER_QUESTION);
            mine = !turn && failure == null;
            turn |= mine;
            if (!mine && unsentResponses > MOST_UNANSWERED) {
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

    /**
     * Makes records of the answers with the lent turn, while earlier records cannot leave. Returns true if too many
     * bytes wait.
     */
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

    /**
     * Returns true if too many answers wait to be sent. In that case {@code goOn} runs on the loop after the answers
     * have left, or after a failure.
     */
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

    /** Continues after a callback of the transport below. */
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

    /**
     * Parks the turn until the transport below calls back. Without effect if the number of callbacks is no longer
     * {@code known}.
     */
    private synchronized void park(int known) {
        parked |= calls == known;
    }

    @Override
    public void progress() {
        if (writer != null) {
            writer.progress();
        }
    }

    /**
     * Does all the work that there is. The caller has the turn. {@code own} is the job of the caller, or null. Returns
     * the result of {@code own}, or PENDING.
     */
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

    /** Sends the records that were made. Returns false if the transport below calls back first. */
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

    /** Takes the next work. Returns false if there is none, and gives the turn back. */
    private synchronized boolean next() {
        if (job == null && !replying) {
            turn = false;
            return false;
        }
        current = job;
        job = null;
        replying = false;
        unsentResponses = 0;
        return true;
    }

    /** Notes that no answer waits any more, and continues the reading half if it is held. */
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

    /** Makes the records of the current job, or of the answers of the engine. */
    private void make() throws IOException {
        taken = 0;
        if (current == END || current == LAST) {
            writing.end();
        } else {
            taken = writing.wrap(current == null ? FLUSH : current);
        }
    }

    /** Reports the result of a job to the receiver, on the loop. */
    private void tell(int count, @Nullable IOException broken) {
        Transport.Writer whom = writer;
        if (whom != null) {
            below.loop().run(() -> whom.wrote(count, broken));
        }
    }

    /**
     * Gives the turn back after a failure. The caller has the turn. The pending job fails by an exception if the job is
     * {@code own}, otherwise by a callback.
     */
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
     * Ends the sending, because the connection is about to be closed. On the loop.
     *
     * <p>If the engine has failed, its alert is sent, as far as there is room. No close_notify is sent here. An orderly
     * end has been sent by {@link #end} before, and a stream that was cut short must not look like an orderly end.
     *
     * @param suppressCloseNotify true if nothing may be sent, because the engine has not failed
     */
    void close(boolean suppressCloseNotify) {
        boolean mine;
        synchronized (this) {
            mine = !turn && failure == null;
            if (failure == null) {
                failure = Errors.closedMeanwhile("write to " + below.remoteAddress() + ": the socket was closed");
            }
            turn |= mine;
        }
        resume();
        if (!mine || suppressCloseNotify) {
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
