package io.github.futuresockets.impl.stress;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** Counts operations. Each operation must end exactly once, by success, failure or cancellation. Thread-safe. */
public final class Counters {
    private final LongAdder started = new LongAdder();
    private final LongAdder succeeded = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder cancelled = new LongAdder();
    private final Map<CompletableFuture<?>, String> pending = new ConcurrentHashMap<>();
    private final Queue<Throwable> unexpected = new ConcurrentLinkedQueue<>();

    /** Counts an operation now, and its outcome later. Returns the operation. */
    public <T> CompletableFuture<T> started(String what, CompletableFuture<T> operation) {
        started.increment();
        pending.put(operation, what);
        operation.whenComplete((value, failure) -> {
            if (failure == null) {
                succeeded.increment();
            } else if (failure instanceof CancellationException) {
                cancelled.increment();
            } else {
                failed.increment();
                if (!(failure instanceof IOException || failure instanceof TimeoutException)) {
                    unexpected.add(new AssertionError(what + " failed with " + failure, failure));
                }
            }
            pending.remove(operation);
        });
        return operation;
    }

    long started() {
        return started.sum();
    }

    long succeeded() {
        return succeeded.sum();
    }

    /** Waits until all operations have ended. Reports pending operations and unexpected failures by an error. */
    public void balance(Duration limit) {
        Patience.until(limit, pending::isEmpty, () -> pending.size() + " of " + this + " hang: " + some());
        long ended = succeeded.sum() + failed.sum() + cancelled.sum();
        if (ended != started.sum()) {
            throw new AssertionError(ended + " ends of " + this);
        }
        Throwable first = unexpected.peek();
        if (first != null) {
            throw new AssertionError(
                    unexpected.size() + " unexpected failures, the first: " + first.getMessage(), first);
        }
    }

    private List<String> some() {
        return pending.entrySet().stream()
                .limit(8)
                .map(each -> each.getValue() + ": " + each.getKey())
                .collect(Collectors.toList());
    }

    @Override
    public String toString() {
        return started + " operations (" + succeeded + " succeeded, " + failed + " failed, " + cancelled
                + " cancelled)";
    }
}
