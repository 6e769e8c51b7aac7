package io.github.futuresockets.impl.view;

import java.util.ArrayDeque;
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
     * - `answered`, until a thread completes the call. A call that fails goes to `answered` from any place.
     * A cancelled call leaves `waiting`. In the later places a cancelled call stays, so that its reply is dropped.
     *
     * All methods only move calls. No future is completed and no other code runs under the monitor.
     */
    private final int inFlight;
    private final int mostWaiting;

    // guarded by this
    private final ArrayDeque<Call<R>> waiting = new ArrayDeque<>(1);
    private final ArrayDeque<Call<R>> unanswered = new ArrayDeque<>(1);
    private final ArrayDeque<Call<R>> answered = new ArrayDeque<>(1);

    /** True while a read is pending, and after a failed read. */
    private boolean reading;

    /** The first failure of a write or of a read. Afterwards no request is sent. */
    private @Nullable Throwable failure;

    // the drainer's alone
    private @Nullable Call<R> claimed;

    /**
     * Makes an object without calls.
     *
     * @param inFlight the maximum number of unanswered calls
     * @param mostWaiting the maximum number of waiting calls
     */
    Calls(int inFlight, int mostWaiting) {
        this.inFlight = inFlight;
        this.mostWaiting = mostWaiting;
    }

    /** Adds a waiting call. Returns false after a failure, and if the maximum number of calls is waiting. */
    synchronized boolean add(Call<R> call) {
        return failure == null && waiting.size() < mostWaiting && waiting.add(call);
    }

    /** Removes a waiting call. */
    synchronized void forget(Call<R> call) {
        waiting.remove(call);
    }

    /** Returns the first failure, or null. */
    synchronized @Nullable Throwable failure() {
        return failure;
    }

    /**
     * Claims the next step of the drainer, which is to send a request or to read a reply. At most one read is pending.
     * No read is claimed while two calls wait for their completion. Returns false if there is no step now.
     */
    synchronized boolean claim() {
        claimed = failure == null && unanswered.size() < inFlight ? waiting.poll() : null;
        if (claimed != null) {
            claimed.alone = unanswered.isEmpty();
            unanswered.add(claimed);
            return true;
        }
        boolean reads = !reading && !unanswered.isEmpty() && answered.size() < 2;
        reading |= reads;
        return reads;
    }

    /** Returns the call to send, or null if the claimed step is a read. For the drainer, after a {@link #claim}. */
    @Nullable Call<R> claimed() {
        return claimed;
    }

    /** Ends the pending read with the reply of the first unanswered call. Drops a reply without a call. */
    synchronized void reply(R reply) {
        reading = false;
        Call<R> first = unanswered.poll();
        if (first != null) {
            first.reply = reply;
            answered.add(first);
        }
    }

    /**
     * Fails all waiting calls, and sent calls.
     *
     * @param from the first sent call to fail. Earlier sent calls still get their replies. If {@code from} is null, all
     *     sent calls fail
     */
    synchronized void fail(Throwable cause, @Nullable Call<R> from) {
        failure = failure == null ? cause : failure;
        ArrayDeque<Call<R>> failing = new ArrayDeque<>();
        boolean more = from == null || unanswered.contains(from);
        while (more && !unanswered.isEmpty()) {
            failing.addFirst(unanswered.removeLast());
            more = failing.getFirst() != from;
        }
        failing.addAll(waiting);
        waiting.clear();
        failing.forEach(each -> each.cause = cause);
        answered.addAll(failing);
    }

    /** Removes the first answered call, for its completion. Returns null if there is none. */
    synchronized @Nullable Call<R> toComplete() {
        return answered.poll();
    }

    /** Returns true if a call waits for its completion. */
    synchronized boolean hasAnswered() {
        return !answered.isEmpty();
    }
}
