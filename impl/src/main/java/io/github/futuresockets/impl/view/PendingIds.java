package io.github.futuresockets.impl.view;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The ids of the open calls. Thread-safe.
 *
 * @param <R> the type of a reply
 */
final class PendingIds<R> {
    /*
     * An id is free, or reserved by a call. Transitions:
     * - free -> reserved, by `reserve`, before the call waits to be sent.
     * - reserved -> free, by `release`, if the request is never sent.
     * - reserved -> free, by `take`, with the reply. The id is free before the call is completed, so that a dependent
     *   can use the id again.
     * A cancelled call keeps its id until the reply has come. The calls are bounded, and therefore the ids are.
     *
     * `equals` and `hashCode` of ids are user code, and run under no lock of this package.
     */
    private final ConcurrentMap<Object, Call<R>> reserved = new ConcurrentHashMap<>();

    /**
     * Reserves the id of a call. Returns the call that has reserved the id before, or null.
     *
     * @throws NullPointerException if the id is null
     */
    @Nullable Call<R> reserve(Call<R> call) {
        return reserved.putIfAbsent(call.id, call);
    }

    /** Frees the id of a call that is never sent. */
    void release(Call<R> call) {
        reserved.remove(call.id, call);
    }

    /** Frees an id, and returns the sent call with the id. Without such a call, returns null and has no effect. */
    @Nullable Call<R> take(@Nullable Object id) {
        Call<R> call = id == null ? null : reserved.get(id);
        return call != null && call.sent && reserved.remove(id, call) ? call : null;
    }
}
