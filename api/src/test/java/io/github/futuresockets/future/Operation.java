package io.github.futuresockets.future;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** An operation as written by a provider. Delivery and withdrawal exclude each other. Counts the withdrawals. */
class Operation<T> extends OperationFuture<T> {
    enum State {
        PENDING,
        DELIVERED,
        WITHDRAWN
    }

    private final AtomicReference<State> state = new AtomicReference<>(State.PENDING);
    private final AtomicInteger withdrawals = new AtomicInteger();
    private final AtomicInteger attempts = new AtomicInteger();

    Operation() {
        this(null);
    }

    Operation(@Nullable IoContext context) {
        super(context);
    }

    static <T> Operation<T> done(@Nullable T value) {
        Operation<T> operation = new Operation<>();
        operation.finish(value);
        return operation;
    }

    boolean finish(@Nullable T value) {
        return claim() && deliver(value);
    }

    boolean fail(Throwable failure) {
        return claim() && deliverFailure(failure);
    }

    /** Claims the operation for a result. After a claim, every withdrawal is refused. */
    boolean claim() {
        return state.compareAndSet(State.PENDING, State.DELIVERED);
    }

    int withdrawals() {
        return withdrawals.get();
    }

    /** Returns the number of attempted withdrawals, successful or refused. */
    int attempts() {
        return attempts.get();
    }

    @Override
    protected boolean withdraw() {
        attempts.incrementAndGet();
        if (state.compareAndSet(State.PENDING, State.WITHDRAWN)) {
            withdrawals.incrementAndGet();
            return true;
        }
        return false;
    }

    @Override
    protected String describe() {
        return "readLine from peer";
    }
}
