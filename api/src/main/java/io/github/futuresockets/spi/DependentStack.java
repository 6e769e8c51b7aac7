package io.github.futuresockets.spi;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** A future with a stack of dependents of our own beside the one that the JDK keeps. */
abstract class DependentStack<T> extends CompletableFuture<T> {
    /*
     * The result lives in the superclass, and so do the waiting threads and the stages of other classes. The futures
     * derived by our own methods hang on `dependents`: null or the top of a stack of Derived, until the future is done;
     * then, for ever, DONE or the bare failure. The order is: set the result (one thread wins), swap the stack for its end
     * (the same thread gets the stack, or a derive that comes in between pushes and is found there), run the stack. So
     * whoever finds the end in `dependents` finds the result set, and each Derived is run exactly once.
     *
     * A stack can only be taken as a whole. Where a dependent is over before this future is, or it matters who waits, a Crowd
     * takes the place of the stack, for ever until the end. A dependent that comes meanwhile finds it there.
     */
    private static final Object DONE = new Object();
    private static final VarHandle DEPENDENTS;

    static {
        try {
            DEPENDENTS = MethodHandles.lookup().findVarHandle(DependentStack.class, "dependents", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile @Nullable Object dependents;

    final boolean settle(@Nullable T value, @Nullable Throwable failure) {
        if (!set(value, failure)) {
            return false;
        }
        run(close(failure));
        return true;
    }

    /** Sets the result, as it came: a wrapper around a failure is what {@code join} of such a future throws. */
    final boolean set(@Nullable T value, @Nullable Throwable failure) {
        return failure == null ? super.complete(value) : super.completeExceptionally(failure);
    }

    final @Nullable Derived<?> close(@Nullable Throwable failure) {
        Object stack = DEPENDENTS.getAndSet(this, failure == null ? DONE : unwrap(failure));
        return stack instanceof Crowd
                ? ((Crowd) stack).close()
                : stack instanceof Derived<?> ? (Derived<?>) stack : null;
    }

    /** Runs a stack of derived futures, and what hangs on those that become done thereby, in constant stack. */
    static void run(@Nullable Derived<?> todo) {
        while (todo != null) {
            Derived<?> child = todo;
            todo = child.next;
            child.next = null;
            for (Derived<?> more = child.take(); more != null; ) {
                Derived<?> following = more.next;
                more.next = todo;
                todo = more;
                more = following;
            }
        }
    }

    boolean push(Derived<?> child) {
        for (; ; ) {
            Object top = dependents;
            if (top != null && !(top instanceof Derived<?>)) {
                return top instanceof Crowd && ((Crowd) top).add(child);
            }
            child.next = (Derived<?>) top;
            if (DEPENDENTS.compareAndSet(this, top, child)) {
                return true;
            }
        }
    }

    final boolean isSettled() {
        return super.isDone();
    }

    /** Its failure, bare, if it is done and has one. */
    final @Nullable Throwable failure() {
        Object end = dependents;
        return end instanceof Throwable ? (Throwable) end : null;
    }

    final @Nullable Object value() {
        return super.getNow(null);
    }

    /** Whether a thread or a stage of another class waits. */
    final boolean isAwaitedFromOutside() {
        return super.getNumberOfDependents() > 0;
    }

    /** The crowd, if there is one already. */
    final @Nullable Crowd crowdIfAny() {
        Object top = dependents;
        return top instanceof Crowd ? (Crowd) top : null;
    }

    /** What was derived, in a form that can be searched; null: nothing was, or this is done. */
    final @Nullable Crowd crowd() {
        for (; ; ) {
            Object top = dependents;
            if (!(top instanceof Derived<?>)) {
                return top instanceof Crowd ? (Crowd) top : null;
            }
            Crowd crowd = new Crowd((Derived<?>) top);
            if (DEPENDENTS.compareAndSet(this, top, crowd)) {
                crowd.unlink();
                return crowd;
            }
        }
    }

    /** One that was derived is over, and need not be kept any longer. */
    final void died() {
        Crowd crowd = crowd();
        if (crowd != null) {
            crowd.died();
        }
    }

    /** Whether anything that waits was derived, ever. */
    final boolean isFollowed() {
        Object top = dependents;
        if (top instanceof Crowd) {
            return ((Crowd) top).isFollowed();
        }
        for (Derived<?> each = top instanceof Derived<?> ? (Derived<?>) top : null; each != null; each = each.next) {
            if (each.follower() != null) {
                return true;
            }
        }
        return false;
    }

    @Override
    public int getNumberOfDependents() {
        int count = super.getNumberOfDependents();
        Object top = dependents;
        if (top instanceof Crowd) {
            return count + ((Crowd) top).living();
        }
        for (Derived<?> each = top instanceof Derived<?> ? (Derived<?>) top : null; each != null; each = each.next) {
            count++;
        }
        return count;
    }

    static Throwable unwrap(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
