package io.github.futuresockets.impl.view;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The open calls of a {@link RequestPipeline}, in the order of their requests. Thread-safe.
 *
 * @param <R> the type of a reply
 */
final class Calls<R> {
    /*
     * A call passes these places, in this order.
     * - `waiting`, until the request is about to be sent.
     * - `unanswered`, until the reply arrives. The order of this list is the order on the wire.
     * - `completions`, until a thread completes the call. A call that fails goes to `completions` from any place.
     * A cancelled call leaves `waiting`. In the later places a cancelled call stays, so that its reply is dropped.
     *
     * All methods only move calls. No future is completed and no other code runs under the monitor.
     */
    private final int inFlight;

    // guarded by this
    private final ArrayDeque<Call<R>> waiting = new ArrayDeque<>(1);
    private final Collection<Call<R>> unanswered;
    private final Completions completions = new Completions();
    private final Places places;
    private final EndWatch end = new EndWatch();

    /** True if messages are read although no reply is due. */
    private boolean readsWhileIdle;

    /** True while a read is pending, and after a failed read. */
    private boolean reading;

    /** The first failure of a write or of a read. Afterwards no request is sent. */
    private @Nullable Throwable failure;

    // the drainer's alone
    private @Nullable Call<R> claimed;

    /** The next step of the drainer. */
    enum Step {
        /** To send the claimed call. */
        SEND,
        /** To read a message. */
        READ,
        /** To call {@code readable()} of the socket. */
        WATCH,
        /** None now. */
        NONE
    }

    /**
     * Makes an object without calls.
     *
     * @param inFlight the maximum number of unanswered calls
     * @param mostWaiting the maximum number of waiting calls
     * @param unanswered an empty collection that keeps the order of additions and removes a replied call fast
     * @param readsWhileIdle false if messages are read only while a reply is due
     */
    Calls(int inFlight, int mostWaiting, Collection<Call<R>> unanswered, boolean readsWhileIdle) {
        this.inFlight = inFlight;
        this.unanswered = unanswered;
        this.places = new Places(mostWaiting);
        this.readsWhileIdle = readsWhileIdle;
    }

    /** Adds a waiting call. Returns false after a failure, and if the maximum number of calls is waiting. */
    synchronized boolean add(Call<R> call) {
        return failure == null && places.take(waiting.size()) && waiting.add(call);
    }

    /** Removes a waiting call. Returns false if the call does not wait. */
    synchronized boolean forget(Call<R> call) {
        boolean removed = waiting.remove(call);
        if (removed) {
            places.offer(waiting.size(), completions);
        }
        return removed;
    }

    /** Removes a future of {@link #awaitPlace} or of {@link #awaitEnd}. */
    synchronized void forget(Signal waiter) {
        places.remove(waiter);
        end.remove(waiter);
    }

    /** Keeps a future until a call would be added. Returns false if the caller has to complete the future now. */
    synchronized boolean awaitPlace(Signal waiter) {
        waiter.cause = failure;
        return failure == null && !places.promise(waiting.size(), waiter);
    }

    /** Keeps a future until the conversation ends. Returns false if the caller has to complete the future now. */
    synchronized boolean awaitEnd(Signal waiter) {
        return end.add(waiter);
    }

    /** Returns the first failure, or null. */
    synchronized @Nullable Throwable failure() {
        return failure;
    }

    /**
     * Claims the next step of the drainer. At most one read is pending. No read is claimed while too many completions
     * wait.
     */
    synchronized Step claim() {
        claimed = failure == null && unanswered.size() < inFlight ? waiting.poll() : null;
        if (claimed != null) {
            claimed.alone = unanswered.isEmpty();
            unanswered.add(claimed);
            end.sent();
            places.offer(waiting.size(), completions);
            return Step.SEND;
        }
        boolean idle = unanswered.isEmpty();
        if (!reading && !completions.isFull() && (readsWhileIdle || !idle)) {
            reading = true;
            return Step.READ;
        }
        boolean blind = idle && !reading && !readsWhileIdle && failure == null;
        return blind && end.arm() ? Step.WATCH : Step.NONE;
    }

    /** Returns the call to send. For the drainer, after {@link Step#SEND}. */
    @Nullable Call<R> claimed() {
        return claimed;
    }

    /**
     * Ends the pending read with the reply of a sent call. Drops a reply without a call.
     *
     * @param to the call, or null for the first unanswered call
     */
    synchronized void reply(@Nullable Call<R> to, R reply) {
        reading = false;
        Call<R> call =
                to != null || unanswered.isEmpty() ? to : unanswered.iterator().next();
        if (call != null && unanswered.remove(call)) {
            call.reply = reply;
            completions.add(call);
        }
    }

    /** Ends the pending read with a message for the handler. {@code handing} ends with {@link #handled}. */
    synchronized void message(Runnable handing) {
        reading = false;
        completions.addMessage(handing);
    }

    /** Ends the call of the handler. */
    synchronized void handled() {
        completions.handled();
    }

    /**
     * Ends the watch of an idle socket.
     *
     * @param readable false if a read will tell the end of the stream or a failure
     * @return true if bytes came while no call was in progress
     */
    synchronized boolean watched(boolean readable) {
        boolean unsolicited = end.fired() && readable;
        readsWhileIdle |= !readable;
        return unsolicited;
    }

    /**
     * Fails all waiting calls, and sent calls.
     *
     * @param from the first sent call to fail. Earlier sent calls still get their replies. If {@code from} is null, all
     *     sent calls fail
     * @param normal true if the conversation ends normally nevertheless
     */
    synchronized void fail(Throwable cause, @Nullable Call<R> from, boolean normal) {
        failure = failure == null ? cause : failure;
        List<Call<R>> failing = new ArrayList<>();
        boolean fails = from == null;
        for (Iterator<Call<R>> all = unanswered.iterator(); all.hasNext(); ) {
            Call<R> call = all.next();
            fails |= call == from;
            if (fails) {
                failing.add(call);
                all.remove();
            }
        }
        failing.addAll(waiting);
        waiting.clear();
        for (Call<R> each : failing) {
            each.cause = cause;
            completions.add(each);
        }
        places.fail(cause, completions);
        end.end(normal ? null : cause, completions);
    }

    /** Takes the end of the stream. The conversation ends normally if no call is in progress. */
    synchronized void streamEnded(Throwable cause) {
        fail(cause, null, unanswered.isEmpty() && waiting.isEmpty());
    }

    /** Removes the next step with user code, such as the completion of a call. Returns null if there is none. */
    synchronized @Nullable Runnable toComplete() {
        return completions.next();
    }

    /** Returns true if {@link #toComplete} would return a step. */
    synchronized boolean hasCompletions() {
        return completions.hasNext();
    }
}
