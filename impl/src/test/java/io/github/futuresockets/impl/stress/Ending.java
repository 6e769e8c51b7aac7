package io.github.futuresockets.impl.stress;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/** The ways in which a caller ends a read, or ends only a copy or a dependent of the read. */
enum Ending {
    /** The read is left alone. */
    NONE(Reach.NOTHING, root -> () -> null),
    CANCEL(Reach.OWN, root -> () -> root.cancel(false)),
    FAIL(Reach.OWN, root -> () -> root.completeExceptionally(new Given())),
    COMPLETE(Reach.OWN, (root, sentinel) -> () -> root.complete(sentinel)),
    TIMEOUT(Reach.TIMED, (root, sentinel) -> () -> ignore(root.orTimeout(nanos(), TimeUnit.NANOSECONDS))),
    VALUE_ON_TIMEOUT(
            Reach.TIMED,
            (root, sentinel) -> () -> ignore(root.completeOnTimeout(sentinel, nanos(), TimeUnit.NANOSECONDS))),
    CANCEL_APPLIED(Reach.DERIVED, root -> cancel(root.thenApply(value -> value))),
    CANCEL_COMPOSED(Reach.DERIVED, root -> cancel(root.thenCompose(CompletableFuture::completedFuture))),
    CANCEL_COMPOSED_PENDING(Reach.DERIVED, root -> cancel(root.thenCompose(value -> new CompletableFuture<>()))),
    CANCEL_HANDLED(Reach.DERIVED, root -> cancel(root.handle((value, failure) -> value))),
    CANCEL_COMBINED(
            Reach.DERIVED, root -> cancel(root.thenCombine(new CompletableFuture<>(), (value, other) -> value))),
    CANCEL_CHAIN(
            Reach.DERIVED,
            root -> cancel(root.thenApply(value -> value)
                    .thenCompose(CompletableFuture::completedFuture)
                    .whenComplete((value, failure) -> {})
                    .exceptionally(failure -> null))),
    COMPLETE_DERIVED(
            Reach.DERIVED, (root, sentinel) -> last(root.thenApply(value -> value), each -> each.complete(sentinel))),
    FAIL_DERIVED(
            Reach.DERIVED,
            root -> last(root.handle((value, failure) -> value), each -> each.completeExceptionally(new Given()))),
    CANCEL_SIBLINGS(Reach.DERIVED, root -> {
        CompletableFuture<?> one = root.thenApply(value -> value);
        CompletableFuture<?> two = root.thenAccept(value -> {});
        return () -> one.cancel(false) & two.cancel(false) ? null : null;
    }),
    CANCEL_SIBLINGS_AT_ONCE(Reach.DERIVED, root -> {
        CompletableFuture<?> one = root.thenApply(value -> value);
        CompletableFuture<?> two = root.thenAccept(value -> {});
        return () -> {
            CompletableFuture<?> elsewhere = CompletableFuture.runAsync(() -> one.cancel(false));
            two.cancel(false);
            elsewhere.join();
            return null;
        };
    }),
    TIMEOUT_DERIVED(Reach.TIMED, (root, sentinel) -> {
        CompletableFuture<?> derived = root.thenApply(value -> value);
        return () -> ignore(derived.orTimeout(nanos(), TimeUnit.NANOSECONDS));
    }),
    VALUE_ON_TIMEOUT_DERIVED(Reach.TIMED, (root, sentinel) -> {
        CompletableFuture<Object> derived = root.handle((value, failure) -> value);
        return () -> ignore(derived.completeOnTimeout(sentinel, nanos(), TimeUnit.NANOSECONDS));
    }),
    ONE_OF_TWO(Reach.NOTHING, root -> {
        root.thenAccept(value -> {});
        return cancel(root.thenApply(value -> value));
    }),
    CANCEL_COPY(Reach.NOTHING, root -> cancel(root.copy())),
    CANCEL_OF_COPY(Reach.NOTHING, root -> cancel(root.copy().thenApply(value -> value))),
    CANCEL_MINIMAL(Reach.NOTHING, root -> cancel(root.minimalCompletionStage().toCompletableFuture())),
    CANCEL_ALL_OF(Reach.NOTHING, root -> cancel(CompletableFuture.allOf(root)));

    /** The effect of an ending on the read. */
    enum Reach {
        /** No effect: the read stays pending. */
        NOTHING,
        /** The call on the future of the read returns true if the call ended the read. */
        OWN,
        /** After the call on a derived future, the read is withdrawn or is already delivering its bytes. */
        DERIVED,
        /** A time-out ends the read or a derived future some time after the call. */
        TIMED
    }

    /** The failure with which a test completes a future. */
    static final class Given extends IOException {
        private static final long serialVersionUID = 1L;

        Given() {
            super("given by the test");
        }
    }

    static final long TIMEOUT_NANOS = 300_000;

    final Reach reach;
    private final BiFunction<CompletableFuture<Object>, Object, Supplier<Boolean>> prepare;

    Ending(Reach reach, Function<CompletableFuture<Object>, Supplier<Boolean>> prepare) {
        this(reach, (root, sentinel) -> prepare.apply(root));
    }

    Ending(Reach reach, BiFunction<CompletableFuture<Object>, Object, Supplier<Boolean>> prepare) {
        this.reach = reach;
        this.prepare = prepare;
    }

    /**
     * Derives the futures of the ending. The returned supplier ends the read. The supplier returns true or false only
     * if the call reports its success, and null otherwise.
     */
    @SuppressWarnings("unchecked")
    Supplier<Boolean> prepare(CompletableFuture<?> root, ReadModel read) {
        return prepare.apply((CompletableFuture<Object>) root, read.sentinel());
    }

    private static long nanos() {
        return TIMEOUT_NANOS;
    }

    private static Boolean ignore(CompletableFuture<?> same) {
        return null;
    }

    private static Supplier<Boolean> cancel(CompletableFuture<?> derived) {
        return last(derived, each -> each.cancel(false));
    }

    private static <T> Supplier<Boolean> last(
            CompletableFuture<T> derived, Function<CompletableFuture<T>, Boolean> end) {
        return () -> {
            end.apply(derived);
            return null;
        };
    }
}
