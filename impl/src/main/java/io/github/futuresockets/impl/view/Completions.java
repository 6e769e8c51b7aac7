package io.github.futuresockets.impl.view;

import java.util.ArrayDeque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * The steps with user code, which a view has to do outside its drain, in their order. Not thread-safe.
 *
 * <p>Futures are completed by several threads at a time if a dependent blocks. Messages are handed over one after the
 * other, because the user has a single handler. While the handler runs, futures overtake messages.
 */
final class Completions {
    /** The number of waiting steps of a kind from which on no further message is read. */
    private static final int MOST = 2;

    private final ArrayDeque<Runnable> steps = new ArrayDeque<>(1);

    /** The number of messages in {@link #steps}. */
    private int messages;

    /** True from the {@link #next} of a message until {@link #handled}. */
    private boolean handling;

    /** The call of the handler for a message. */
    private record Handing(Runnable call) implements Runnable {
        @Override
        public void run() {
            call.run();
        }
    }

    /** Adds the completion of a future. */
    void add(Runnable future) {
        steps.add(future);
    }

    /** Adds the call of the handler for a message. The call ends with {@link #handled}. */
    void addMessage(Runnable call) {
        steps.add(new Handing(call));
        messages++;
    }

    /** Ends the call of the handler. */
    void handled() {
        handling = false;
    }

    /** Removes and returns the next step, or null if there is none now. */
    @Nullable Runnable next() {
        Runnable first = steps.peek();
        if (first == null || !(first instanceof Handing)) {
            return steps.poll();
        }
        if (handling) {
            return nextFuture();
        }
        handling = true;
        messages--;
        return steps.poll();
    }

    private @Nullable Runnable nextFuture() {
        for (Iterator<Runnable> all = steps.iterator(); all.hasNext(); ) {
            Runnable step = all.next();
            if (!(step instanceof Handing)) {
                all.remove();
                return step;
            }
        }
        return null;
    }

    /** Returns true if {@link #next} would return a step. */
    boolean hasNext() {
        return steps.size() > (handling ? messages : 0);
    }

    /** Returns true if the next read has to wait for a step. */
    boolean isFull() {
        return messages >= MOST || steps.size() - messages >= MOST;
    }
}
