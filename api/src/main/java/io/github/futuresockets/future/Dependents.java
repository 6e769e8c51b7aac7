package io.github.futuresockets.future;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** A future with a stack of the library's own dependents, beside the stack of the JDK. */
abstract class Dependents<T> extends CompletableFuture<T> {
    /*
     * The superclass has the result, the waiting threads and the stages of other classes. The futures derived by the
     * library's methods are in `dependents`, in one of these states:
     * - null or the top of a stack of Stage, while the future is pending
     * - a Crowd, while the future is pending and dependents are searched or removed
     * - DONE or the bare failure, when the future is done
     * Transition: null -> stack -> Crowd -> DONE or failure, with any step left out.
     *
     * Order of completion:
     * 1. `set` sets the result. One thread wins.
     * 2. `close` swaps the dependents for the end state. The same thread gets the stack.
     * 3. `run` runs the stack.
     * Invariant: a thread that reads an end state also finds the result. A concurrent push either gets on the stack
     * before the swap, or finds the end state and fails. Therefore each Stage is run exactly once.
     *
     * A stack can only be taken as a whole. Therefore a Crowd replaces the stack when a dependent ends early, or when a
     * search needs the dependents. A concurrent push finds the Crowd and adds its stage there.
     */
    private static final Object DONE = new Object();
    private static final VarHandle DEPENDENTS;

    static {
        try {
            DEPENDENTS = MethodHandles.lookup().findVarHandle(Dependents.class, "dependents", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    // Changed by compare-and-set and getAndSet alone.
    private volatile @Nullable Object dependents;

    /** Completes the future and runs its dependents. Returns false if the future was done already. */
    final boolean settle(@Nullable T value, @Nullable Throwable failure) {
        if (!set(value, failure)) {
            return false;
        }
        run(close(failure));
        return true;
    }

    /**
     * Sets the result, unless the future is done. A wrapped failure stays wrapped, because {@code join} throws the
     * wrapper.
     */
    final boolean set(@Nullable T value, @Nullable Throwable failure) {
        return failure == null ? super.complete(value) : super.completeExceptionally(failure);
    }

    /**
     * Enters the end state and returns the dependents to run, newest first, or null. Requires that the result is set.
     */
    final @Nullable Stage<?> close(@Nullable Throwable failure) {
        Object stack = DEPENDENTS.getAndSet(this, failure == null ? DONE : unwrap(failure));
        return stack instanceof Crowd crowd ? crowd.close() : stack instanceof Stage<?> stage ? stage : null;
    }

    /** Runs a stack of dependents, and the dependents of each future completed on the way, in constant stack. */
    static void run(@Nullable Stage<?> todo) {
        while (todo != null) {
            Stage<?> child = todo;
            todo = child.next;
            child.next = null;
            for (Stage<?> more = child.take(); more != null; ) {
                Stage<?> following = more.next;
                more.next = todo;
                todo = more;
                more = following;
            }
        }
    }

    /** Adds a dependent. Returns false if the future is done, and the caller then runs the dependent. */
    boolean push(Stage<?> child) {
        for (; ; ) {
            Object top = dependents;
            if (top != null && !(top instanceof Stage<?>)) {
                return top instanceof Crowd crowd && crowd.add(child);
            }
            child.next = (Stage<?>) top;
            if (DEPENDENTS.compareAndSet(this, top, child)) {
                return true;
            }
        }
    }

    /** Returns true if the result is set. */
    final boolean isSettled() {
        return super.isDone();
    }

    /** Returns the bare failure if the future has failed, otherwise null. */
    final @Nullable Throwable failure() {
        Object end = dependents;
        return end instanceof Throwable failure ? failure : null;
    }

    /** Returns the value if the future has one, otherwise null. Requires that the future has not failed. */
    final @Nullable Object value() {
        return super.getNow(null);
    }

    /** Returns true if a thread or a stage of another class waits. */
    final boolean isAwaitedFromOutside() {
        return super.getNumberOfDependents() > 0;
    }

    /** Returns true if no follower waited at the last search, and none was added since. See {@link Crowd#giveUp}. */
    final boolean isGivenUp() {
        return dependents instanceof Crowd crowd && crowd.isGivenUp();
    }

    /** Returns the dependents as a crowd, or null if the future is done or has no dependents. */
    final @Nullable Crowd crowd() {
        for (; ; ) {
            Object top = dependents;
            if (!(top instanceof Stage<?> stack)) {
                return top instanceof Crowd present ? present : null;
            }
            Crowd crowd = new Crowd(stack);
            if (DEPENDENTS.compareAndSet(this, top, crowd)) {
                crowd.unlink();
                return crowd;
            }
        }
    }

    /** Notes that a dependent ended early and need not be retained. */
    final void died() {
        Crowd crowd = crowd();
        if (crowd != null) {
            crowd.died();
        }
    }

    @Override
    public int getNumberOfDependents() {
        int count = super.getNumberOfDependents();
        Object top = dependents;
        if (top instanceof Crowd crowd) {
            return count + crowd.living();
        }
        for (Stage<?> each = top instanceof Stage<?> newest ? newest : null; each != null; each = each.next) {
            count++;
        }
        return count;
    }

    /** Returns the cause of a {@link CompletionException}, and any other failure as passed. */
    static Throwable unwrap(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
