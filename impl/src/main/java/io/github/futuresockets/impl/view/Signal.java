package io.github.futuresockets.impl.view;

import io.github.futuresockets.future.IoContext;
import io.github.futuresockets.future.OperationFuture;
import org.jspecify.annotations.Nullable;

/** The future of a wait for a condition of a conversation, such as its end. Each waiter has its own future. */
final class Signal extends OperationFuture<Void> implements Runnable {
    private final Calls<?> calls;
    private final String name;

    // written under the monitor of Calls; the thread that completes the future reads without the monitor
    /** The failure of the wait, or null. */
    @Nullable Throwable cause;

    /** Makes a pending future. {@code name} is for messages. A null {@code context} means another library's socket. */
    Signal(Calls<?> calls, @Nullable IoContext context, String name) {
        super(context);
        this.calls = calls;
        this.name = name;
    }

    /** Completes the future. Without effect on a future that is done. */
    @Override
    public void run() {
        if (cause == null) {
            deliver(null);
        } else {
            deliverFailure(cause);
        }
    }

    /** Removes the future from the waiters. */
    @Override
    protected boolean withdraw() {
        calls.forget(this);
        return true;
    }

    @Override
    protected String describe() {
        return name;
    }
}
