package io.github.futuresockets.future;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Withdraws the operations without a remaining waiter, after a caller has ended a derived future, the canceller. */
final class Abandonment {
    /*
     * Waiters. A future counts as awaited while at least one of these waiters is pending:
     * - a thread in `get` or `join`, or a stage of another class
     * - a shield derived from the future (DetachedStages.Shield)
     * - a derived future without any follower of its own, past or present
     * - a derived future with followers, if at least one of its followers counts as a waiter by the same rules
     * A future in `unawaited` is no waiter, and is visited once in a walk.
     *
     * Walk. The walk begins at the canceller and goes upstream, from each abandoned future to its sources. A derived
     * future without a waiter is added to `unawaited`. An operation without a waiter is withdrawn and added to
     * `withdrawn`. The walk ends at shields and at detached futures. The walk and the search for waiters are loops, so
     * a chain of any length takes constant stack.
     *
     * Cost. A search ends at the first waiter, and the next search begins there (see Crowd). Therefore many cancellers
     * in a row do not each pass all members. A walk passes a future in `unawaited` or `withdrawn`. Therefore many
     * abandoned dependents of a future cost a single search. A walk looks again at all dependents of a stage that was
     * abandoned before, because a waiter may also end in silence, such as a thread, a copy or a pair.
     *
     * Order of the steps:
     * 1. Walk.
     * 2. Set the result of the canceller.
     * 3. Walk again.
     * 4. End the withdrawn operations.
     * 5. Remove the canceller from its sources.
     * 6. Run the dependents of the canceller.
     * Step 1 precedes step 2, so that a thread with the result can issue the next operation at once. In step 1, each of
     * two concurrent cancellers may find the other still pending. In step 3, the canceller with the later step 2 finds
     * no waiter. Step 4 precedes step 6, so that a dependent finds the operation done.
     *
     * Composing stages. The function of a composing stage may still run, and may return a further operation, such as a
     * fallback for the withdrawn operation. Therefore step 3 marks each pending stage of the walk as given up
     * (Crowd.giveUp). A new follower clears the mark. The stage publishes its inner future (volatile) and then reads
     * the mark. The canceller sets the mark and then reads the inner future. At least one of the two threads sees the
     * write of the other, and continues the walk at the inner future.
     *
     * Several threads may call `withdraw` of an operation at once.
     */
    // One thread's alone: the caller of end or afterRelay.
    private final Set<Dependents<?>> unawaited = new HashSet<>();
    private final ArrayDeque<Stage<?>> reached = new ArrayDeque<>();
    private final Set<OperationFuture<?>> withdrawn = new LinkedHashSet<>(2);

    /** Ends the canceller with a value or a failure. Returns false if the canceller was done already. */
    static <T> boolean end(Stage<T> canceller, @Nullable T value, @Nullable Throwable failure) {
        Abandonment withdrawal = new Abandonment();
        withdrawal.walk(canceller, false);
        boolean won = canceller.set(value, failure);
        Stage<?> dependents = won ? canceller.close(failure) : null;
        if (won) {
            withdrawal.walk(canceller, true);
        }
        withdrawal.endOperations();
        if (won) {
            canceller.letGo();
        }
        Dependents.run(dependents);
        return won;
    }

    /**
     * Continues the walk at the inner future if the stage is done or given up. The stage calls after its push onto
     * {@code inner}.
     */
    static void afterRelay(Stage<?> stage, OperationFuture<?> inner) {
        boolean over = stage.isSettled();
        if (!over && !stage.isGivenUp()) {
            return;
        }
        Abandonment withdrawal = new Abandonment();
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

    private void walk(Stage<?> canceller, boolean noting) {
        unawaited.clear();
        unawaited.add(canceller);
        reached.add(canceller);
        walkOn(noting);
    }

    private void walkOn(boolean noting) {
        for (Stage<?> stage = reached.poll(); stage != null; stage = reached.poll()) {
            if (stage instanceof DetachedStages.Shield) {
                continue;
            }
            Crowd crowd = noting ? stage.crowd() : null;
            if (crowd != null) {
                crowd.giveUp();
            }
            reach(stage.source());
            Stage<?> otherSide = stage.otherSide();
            if (otherSide != null) {
                reach(otherSide.source());
            }
        }
    }

    private void reach(@Nullable OperationFuture<?> source) {
        if (source == null
                || source instanceof DetachedStages.Detached<?>
                || source instanceof DetachedStages.Shield
                || source.isSettled()
                || unawaited.contains(source)
                || withdrawn.contains(source)
                || isAwaited(source)) {
            return;
        }
        if (source instanceof Stage<?> stage) {
            unawaited.add(stage);
            reached.add(stage);
        } else if (source.withdraw()) {
            withdrawn.add(source);
        }
    }

    /** Returns true if a waiter is pending. Searches depth first, so that a search among many waiters ends early. */
    private boolean isAwaited(OperationFuture<?> source) {
        if (source.isAwaitedFromOutside()) {
            return true;
        }
        ArrayDeque<Crowd.Search> open = new ArrayDeque<>(4);
        Set<Dependents<?>> seen = new HashSet<>(4);
        Crowd members = source.crowd();
        if (members != null) {
            open.push(members.new Search());
        }
        for (Crowd.Search search = open.peek(); search != null; search = open.peek()) {
            Stage<?> child = search.next();
            if (child == null) {
                open.pop();
                continue;
            }
            Stage<?> follower = child.follower();
            if (follower == null || follower.isSettled() || unawaited.contains(follower)) {
                continue;
            }
            Crowd below = follower.crowd();
            if (follower instanceof DetachedStages.Shield
                    || follower.isAwaitedFromOutside()
                    || below == null
                    || !below.isFollowed()) {
                open.forEach(Crowd.Search::found);
                return true;
            }
            if (seen.add(follower)) {
                open.push(below.new Search());
            }
        }
        return false;
    }

    private void endOperations() {
        for (OperationFuture<?> operation : withdrawn) {
            operation.endUnawaited();
        }
    }
}
