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
     * and withdraws the operations at the end of the ways. Both walks are loops: no chain is too deep.
     *
     * Order: (1) walk, (2) set the result of the canceller, (3) walk again, (4) end the operations, (5) run the dependents
     * of the canceller. The first walk comes before the result so that whoever sees that may issue the next operation.
     * Two cancellers at once may each find the other one waiting in step 1; the later of the two in step 2 finds nobody
     * in step 3. Step 4 comes before 5 so that a dependent finds the operation done, and need not wait for it.
     *
     * A function of a composing stage may be running or still to come, also one that falls back to another operation
     * because this one was withdrawn. So step 3 leaves a mark on the pending composing stages that it walks over. Such a
     * stage publishes its inner future (volatile) and then looks whether a mark is the last thing that was hung on it;
     * the canceller leaves the mark and then looks for the inner future: one of the two sees the other, and walks on.
     *
     * An operation may be asked to withdraw by several threads at once.
     */
    private final Derived<?> canceller;
    private final Set<DependentStack<?>> unawaited = new HashSet<>();
    private final ArrayDeque<Derived<?>> reached = new ArrayDeque<>();
    private final Set<OperationFuture<?>> withdrawn = new LinkedHashSet<>(2);

    private Withdrawal(Derived<?> canceller) {
        this.canceller = canceller;
    }

    /** Says that nobody has hung anything on a pending future since {@code canceller} gave it up. */
    private static final class Mark extends Derived<Void> {
        private final Derived<?> canceller;

        Mark(Derived<?> stage, Derived<?> canceller) {
            super(stage, RELAY, null);
            this.canceller = canceller;
        }

        @Override
        @Nullable Derived<?> apply(Object work, @Nullable Object value, @Nullable Throwable failure) {
            return done(null, null);
        }

        @Override
        Derived<?> follower() {
            return canceller;
        }
    }

    static <T> boolean end(Derived<T> canceller, @Nullable T value, @Nullable Throwable failure) {
        Withdrawal withdrawal = new Withdrawal(canceller);
        withdrawal.walk(false);
        boolean won = canceller.set(value, failure);
        Derived<?> dependents = won ? canceller.close(failure) : null;
        if (won) {
            withdrawal.walk(true);
        }
        withdrawal.endOperations();
        DependentStack.run(dependents);
        return won;
    }

    /** Called by a composing stage that has just hung itself on its inner future. */
    static void afterRelay(Derived<?> stage) {
        Derived<?> last = stage.lastDependent();
        if (stage.isSettled() || last instanceof Mark) {
            Withdrawal withdrawal = new Withdrawal(last instanceof Mark ? ((Mark) last).canceller : stage);
            withdrawal.walk(true);
            withdrawal.endOperations();
        }
    }

    private void walk(boolean marking) {
        unawaited.clear();
        unawaited.add(canceller);
        reached.add(canceller);
        for (Derived<?> waiter = reached.poll(); waiter != null; waiter = reached.poll()) {
            if (waiter instanceof Shields.Shield) {
                continue;
            }
            if (marking && waiter.isComposing()) {
                waiter.push(new Mark(waiter, canceller));
            }
            reach(waiter.source());
            Derived<?> otherSide = waiter.otherSide();
            if (otherSide != null) {
                reach(otherSide.source());
            }
        }
    }

    private void reach(@Nullable OperationFuture<?> source) {
        if (source == null || source instanceof Shields.Detached<?> || source.isSettled() || isAwaited(source)) {
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

    private boolean isAwaited(OperationFuture<?> source) {
        ArrayDeque<DependentStack<?>> open = new ArrayDeque<>();
        for (DependentStack<?> node = source; node != null; node = open.poll()) {
            boolean awaited = node.isAwaitedFromOutside();
            boolean last = node != source;
            int known = open.size();
            for (Derived<?> child = node.lastDependent(); child != null; child = child.next) {
                Derived<?> follower = child.follower();
                if (follower != null) {
                    last = false;
                    if (!follower.isSettled() && !unawaited.contains(follower)) {
                        open.push(follower);
                        awaited |= follower instanceof Shields.Shield;
                    }
                }
            }
            if (node.isSettled()) {
                // Its dependents may have moved on to other stacks while we followed them.
                while (open.size() > known) {
                    open.pop();
                }
            } else if (awaited || last) {
                return true;
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
