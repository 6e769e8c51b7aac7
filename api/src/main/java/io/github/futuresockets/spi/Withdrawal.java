package io.github.futuresockets.spi;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Takes back the operations that nobody waits for once a derived future, the canceller, is ended from outside. */
final class Withdrawal {
    /*
     * Who waits: a thread, a stage of another class, a pending shield, and every pending future from which nothing was
     * derived. Another one from which something was derived waits by that only: it is abandoned when all of it is over. The walk goes up
     * from the canceller as long as what it reaches is abandoned but for the futures that it came from (`unawaited`),
     * and withdraws the operations at the end of the ways. Both walks are loops: no chain is too deep. A search for who waits
     * ends with the first that does, and the next one begins there (see Crowd): many who give up one after the other do
     * not each pass all others.
     *
     * Order: (1) walk, (2) set the result of the canceller, (3) walk again, (4) end the operations, (5) leave the sources,
     * (6) run the dependents of the canceller. The first walk comes before the result so that whoever sees that may issue the
     * next operation. Two cancellers at once may each find the other one waiting in step 1; the later of the two in step 2
     * finds nobody in step 3. Step 4 comes before 6 so that a dependent finds the operation done, and need not wait for it.
     *
     * A function of a composing stage may be running or still to come, also one that falls back to another operation
     * because this one was withdrawn. So step 3 notes with the pending composing stages that it walks over that they are given
     * up, until something is derived from them again. Such a stage publishes its inner future (volatile) and then looks for
     * the note; the canceller leaves the note and then looks for the inner future: one of the two sees the other, and walks on.
     *
     * An operation may be asked to withdraw by several threads at once.
     */
    private final Set<DependentStack<?>> unawaited = new HashSet<>();
    private final ArrayDeque<Derived<?>> reached = new ArrayDeque<>();
    private final Set<OperationFuture<?>> withdrawn = new LinkedHashSet<>(2);

    static <T> boolean end(Derived<T> canceller, @Nullable T value, @Nullable Throwable failure) {
        Withdrawal withdrawal = new Withdrawal();
        withdrawal.walk(canceller, false);
        boolean won = canceller.set(value, failure);
        Derived<?> dependents = won ? canceller.close(failure) : null;
        if (won) {
            withdrawal.walk(canceller, true);
        }
        withdrawal.endOperations();
        if (won) {
            canceller.letGo();
        }
        DependentStack.run(dependents);
        return won;
    }

    /** Called by a composing stage that has just hung itself on its inner future. */
    static void afterRelay(Derived<?> stage, OperationFuture<?> inner) {
        boolean over = stage.isSettled();
        Crowd crowd = over ? null : stage.crowdIfAny();
        if (!over && (crowd == null || !crowd.isGivenUp())) {
            return;
        }
        Withdrawal withdrawal = new Withdrawal();
        if (over || !withdrawal.isAwaited(stage)) {
            withdrawal.unawaited.add(stage);
            withdrawal.reach(inner);
            withdrawal.walkOn(true);
            withdrawal.endOperations();
        }
        if (over) {
            stage.letGo();
        }
    }

    private void walk(Derived<?> canceller, boolean noting) {
        unawaited.clear();
        unawaited.add(canceller);
        reached.add(canceller);
        walkOn(noting);
    }

    private void walkOn(boolean noting) {
        for (Derived<?> waiter = reached.poll(); waiter != null; waiter = reached.poll()) {
            if (waiter instanceof Shields.Shield) {
                continue;
            }
            if (noting && waiter.isComposing()) {
                Crowd crowd = waiter.crowd();
                if (crowd != null) {
                    crowd.giveUp();
                }
            }
            reach(waiter.source());
            Derived<?> otherSide = waiter.otherSide();
            if (otherSide != null) {
                reach(otherSide.source());
            }
        }
    }

    private void reach(@Nullable OperationFuture<?> source) {
        if (source == null
                || source instanceof Shields.Detached<?>
                || source instanceof Shields.Shield
                || source.isSettled()
                || isAwaited(source)) {
            return;
        }
        if (source instanceof Derived<?>) {
            if (unawaited.add(source)) {
                reached.add((Derived<?>) source);
            }
        } else if (!withdrawn.contains(source) && source.withdraw()) {
            withdrawn.add(source);
        }
    }

    /** Depth first, so that the search ends soon where many wait. */
    private boolean isAwaited(OperationFuture<?> source) {
        if (source.isAwaitedFromOutside()) {
            return true;
        }
        ArrayDeque<Crowd.Search> open = new ArrayDeque<>(4);
        Set<DependentStack<?>> seen = new HashSet<>(4);
        enter(source, open);
        for (Crowd.Search search = open.peek(); search != null; search = open.peek()) {
            Derived<?> child = search.next();
            if (child == null) {
                open.pop();
                continue;
            }
            Derived<?> follower = child.follower();
            if (follower == null || follower.isSettled() || unawaited.contains(follower) || !seen.add(follower)) {
                continue;
            }
            if (follower instanceof Shields.Shield || follower.isAwaitedFromOutside() || !follower.isFollowed()) {
                open.forEach(Crowd.Search::found);
                return true;
            }
            enter(follower, open);
        }
        return false;
    }

    private static void enter(DependentStack<?> node, ArrayDeque<Crowd.Search> open) {
        Crowd crowd = node.crowd();
        if (crowd != null) {
            open.push(crowd.new Search());
        }
    }

    private void endOperations() {
        for (OperationFuture<?> operation : withdrawn) {
            operation.endUnawaited();
        }
    }
}
