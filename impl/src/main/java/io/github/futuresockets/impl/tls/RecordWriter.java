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
final class RecordWriter {
    /*
     * Records leave in the order in which they were made. So one thread at a time makes and sends records: the thread
     * that has the turn. Transitions of `turn`:
     * - FREE -> RUNNING, by a thread that brings work. The thread makes and sends records.
     * - RUNNING -> FREE, when there is no more work.
     * - RUNNING -> PARKED, when the transport below has no room. Then the thread requests a signal and returns.
     * - PARKED -> RUNNING, by the signal of the transport below.
     * - PARKED -> LENT -> PARKED, by the reading half, which makes records of its answers after the records that are
     *   being sent. A signal of that moment sets `late`, and takes effect afterwards.
     * After a close a parked turn stays parked, because the transport below has the records until the end of its close.
     *
     * A thread without the turn leaves its work for the thread that has the turn:
     * - `job` is a write, a flush or the end of the stream. The owner of a job brings the job again and again, until the
     *   call returns the outcome. Between the calls the owner waits for a signal.
     * - `replying` is true if the reading half has made the engine say something.
     *
     * `ahead` is the number of bytes of answers that wait. While too many bytes wait, `held` is the continuation of the
     * reading half.
     *
     * A failure of the transport below stays: the current job and each later job fail with the same exception. A
     * failure of the engine fails the current job alone, because the alert of the engine is still to be sent.
     *
     * If the request for a signal fails, the turn may have another owner already. So the jobs of a parked turn fail, and
     * the turn stays parked with its records. A turn that a signal has taken meanwhile goes on.
     */
    private enum Turn {
        FREE,
        RUNNING,
        PARKED,
        LENT
    }

    /**
     * The most answers that may wait to be sent. Data from the peer raises the limit: see {@link #DATA_PER_QUESTION}.
     */
    private static final int MOST_UNANSWERED = 256;

    /** The number of data bytes from the peer that offset one waiting answer. */
    private static final int DATA_PER_QUESTION = 1 << 10;

    /** The most bytes of answers that may wait to be sent. While more bytes wait, nothing is read from the peer. */
    private static final int MOST_AHEAD = 128 << 10;

    /** The result of a job in progress. */
    private static final int PENDING = -1;

    /** The job of {@link #flush}: no plaintext. */
    static final ByteBuffer FLUSH = ByteBuffer.allocate(0);

    /** The job of {@link #end} if reading continues. */
    private static final ByteBuffer END = ByteBuffer.allocate(0);

    /** The job of {@link #end} if nothing more is read. */
    private static final ByteBuffer LAST = ByteBuffer.allocate(0);

    private final Transport below;
    private final RecordEncoder writing;
    private final Runnable writable;
    private final Runnable sent;

    // Guarded by this, and no foreign code is called under the lock. The thread that has the turn may read `current`
    // and `ahead` without the lock.
    private Turn turn = Turn.FREE;
    private boolean late;

    /** The job that has been brought and has not begun. */
    private @Nullable ByteBuffer job;

    /** The job whose records are being sent. */
    private @Nullable ByteBuffer current;

    /** The job that has ended, until its owner has the outcome. */
    private @Nullable ByteBuffer finished;

    /** The failure of the finished job. */
    private @Nullable IOException outcome;

    /** The number of plaintext bytes in the records of the finished job. */
    private int count;

    /** True if the owner of a job waits for a signal. */
    private boolean wanted;

    private boolean replying;
    private int unsentResponses;
    private @Nullable IOException failure;
    private int ahead;
    private @Nullable Runnable held;

    // Used only by the thread that has the turn, like `writing`.
    /** The number of plaintext bytes in the records that are being sent. */
    private int taken;

    /**
     * Makes a sender.
     *
     * @param engine makes the records
     * @param below takes the records
     * @param writable the signal to the owner of a job, on the loop
     * @param sent runs when bytes have left
     */
    RecordWriter(SSLEngine engine, Transport below, Runnable writable, Runnable sent) {
        this.below = below;
        this.writing = new RecordEncoder(engine, below.loop().chunks());
        this.writable = writable;
        this.sent = sent;
    }

    /**
     * Sends the records of a plaintext. From any thread. After a result of 0, the caller waits for a signal and calls
     * again with the same buffer.
     *
     * @param plain the plaintext, at least a byte
     * @return the number of bytes that have been sent in records, or 0 if there is no room
     * @throws IOException if the job fails, or if the transport below has failed before
     */
    int write(ByteBuffer plain) throws IOException {
        return Math.max(0, submit(plain));
    }

    /**
     * Sends the records that the engine has to send itself. Returns false if there is no room. The caller then waits
     * for a signal and calls again.
     *
     * @throws IOException if the job fails, or if the transport below has failed before
     */
    boolean flush() throws IOException {
        return submit(FLUSH) != PENDING;
    }

    /**
     * Sends a close_notify after the earlier writes, or an alert if the engine has failed. Then ends the output of the
     * transport below.
     *
     * @param last true if nothing more is read, so that a close of the descriptor ends the output anyway
     * @return false if there is no room. The caller then waits for a signal and calls again
     * @throws IOException if the job fails, or if the transport below has failed before
     */
    boolean end(boolean last) throws IOException {
        return submit(last ? LAST : END) != PENDING;
    }

    /** Brings a job, or takes its outcome. Returns the number of sent bytes, or PENDING while the job is in progress. */
    private int submit(ByteBuffer work) throws IOException {
        synchronized (this) {
            if (finished == work) {
                return take();
            }
            if (job == work || current == work) {
                return PENDING;
            }
            if (failure != null) {
                throw failure;
            }
            job = work;
            if (turn != Turn.FREE) {
                return PENDING;
            }
            turn = Turn.RUNNING;
        }
        run();
        synchronized (this) {
            return finished == work ? take() : PENDING;
        }
    }

    /** Takes the outcome of the finished job. */
    private int take() throws IOException {
        assert Thread.holdsLock(this);
        IOException failed = outcome;
        finished = null;
        outcome = null;
        if (failed != null) {
            throw failed;
        }
        return count;
    }

    /** Requests a signal for the owner of the job: at the end of the job, or soon if there is no job. */
    void awaitWritable() {
        synchronized (this) {
            if (job != null || current != null) {
                wanted = true;
                return;
            }
        }
        below.loop().execute(writable);
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
            mine = turn == Turn.FREE && failure == null;
            if (!mine && unsentResponses > MOST_UNANSWERED) {
                throw new SSLProtocolException("the peer asks again and again, and does not read the answers");
            }
            lends = turn == Turn.PARKED && failure == null;
            turn = mine ? Turn.RUNNING : lends ? Turn.LENT : turn;
        }
        if (mine) {
            run();
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
            Log.log(System.Logger.Level.TRACE, "reported with the answers", e);
        } finally {
            count = writing.ahead();
            boolean signalled;
            synchronized (this) {
                replying = !complete;
                ahead = count;
                signalled = late;
                late = false;
                turn = Turn.PARKED;
            }
            if (signalled) {
                below.loop().run(this::writable);
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

    /**
     * Continues after the signal of the transport below. On the loop. Without effect after a close, or if the turn is
     * not parked.
     */
    void writable() {
        synchronized (this) {
            late |= turn == Turn.LENT;
            if (turn != Turn.PARKED || failure != null) {
                return;
            }
            turn = Turn.RUNNING;
        }
        run();
    }

    /** Does all the work that there is. The caller has the turn. */
    private void run() {
        boolean making = false;
        boolean parks = false;
        try {
            while (sendAll() && endOutput()) {
                if (current != null) {
                    finish();
                }
                if (ahead > 0) {
                    resume();
                }
                if (!next()) {
                    return;
                }
                making = true;
                make();
                making = false;
            }
            parks = true;
        } catch (Throwable e) {
            fail(broken(e), making && e instanceof SSLException);
        }
        if (parks) {
            park();
        }
    }

    private IOException broken(Throwable cause) {
        return Errors.asIOException("write to " + below.remoteAddress(), cause);
    }

    /** Gives the turn to the next signal, and requests the signal. From the first step on, the caller has no turn. */
    private void park() {
        synchronized (this) {
            turn = Turn.PARKED;
        }
        try {
            below.awaitWritable();
        } catch (Throwable e) {
            endJobs(broken(e), false, false);
        }
    }

    /** Sends the records that were made. Returns false if there is no room. */
    private boolean sendAll() throws IOException {
        do {
            ByteBuffer out = writing.out();
            while (out.hasRemaining()) {
                if (below.write(out) == 0) {
                    return false;
                }
                if (out.hasRemaining()) {
                    sent.run();
                }
            }
            writing.release();
        } while (writing.out().hasRemaining());
        return true;
    }

    /** Ends the output below if the current job is the end of the stream. Returns false if there is no room. */
    private boolean endOutput() throws IOException {
        return !(current == END || current == LAST) || below.shutdownOutput(current == LAST);
    }

    /** Takes the next work. Returns false if there is none, and gives the turn back. Fails after a close. */
    private synchronized boolean next() throws IOException {
        if (failure != null) {
            throw failure;
        }
        if (job == null && !replying) {
            turn = Turn.FREE;
            return false;
        }
        current = job;
        job = null;
        replying = false;
        unsentResponses = 0;
        return true;
    }

    /** Ends the current job with success. */
    private void finish() {
        boolean signals;
        synchronized (this) {
            finished = current;
            outcome = null;
            count = taken;
            current = null;
            signals = wanted;
            wanted = false;
        }
        if (signals) {
            below.loop().run(writable);
        }
    }

    /** Notes that no answer waits any more, and continues the reading half if it is held. */
    private void resume() {
        Runnable goOn;
        synchronized (this) {
            goOn = takeHeld();
        }
        if (goOn != null) {
            below.loop().execute(goOn);
        }
    }

    private @Nullable Runnable takeHeld() {
        assert Thread.holdsLock(this);
        Runnable goOn = held;
        held = null;
        ahead = 0;
        return goOn;
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

    /** Gives the turn back after a failure, and ends the current job. The caller has the turn. */
    private void fail(IOException broken, boolean byEngine) {
        writing.drop();
        endJobs(broken, byEngine, true);
    }

    /**
     * Ends the current job with a failure, which stays unless {@code byEngine}.
     *
     * @param mine true if the caller has the turn, and gives the turn back. Otherwise the call has an effect only if no
     *     thread sends
     */
    private void endJobs(IOException broken, boolean byEngine, boolean mine) {
        boolean signals;
        Runnable goOn;
        synchronized (this) {
            if (!mine && turn != Turn.PARKED && turn != Turn.LENT) {
                return;
            }
            failure = failure == null && !byEngine ? broken : failure;
            ByteBuffer lost = current != null ? current : job;
            if (lost != null) {
                finished = lost;
                outcome = broken;
            }
            current = null;
            job = null;
            goOn = takeHeld();
            turn = mine ? Turn.FREE : turn;
            signals = wanted;
            wanted = false;
        }
        if (goOn != null) {
            below.loop().execute(goOn);
        }
        if (signals) {
            below.loop().run(writable);
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
            mine = turn == Turn.FREE && failure == null;
            if (failure == null) {
                failure = Errors.closedMeanwhile("write to " + below.remoteAddress() + ": the socket was closed");
            }
            turn = mine ? Turn.RUNNING : turn;
        }
        resume();
        if (!mine || suppressCloseNotify) {
            return;
        }
        try {
            writing.end();
            if (writing.out().hasRemaining()) {
                below.write(writing.out());
            }
        } catch (Throwable e) {
            Log.log(System.Logger.Level.DEBUG, "the last record to " + below.remoteAddress(), e);
        }
    }

    /** Releases the records that were not sent. After the close of the transport below. */
    void released() {
        writing.drop();
    }
}
