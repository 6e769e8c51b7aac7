package io.github.futuresockets.future;

import java.util.ArrayDeque;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Runs the dependents of a future that a stage of another class has completed, in bounded stack. */
final class Trampoline {
    /*
     * Each class runs a chain of its own stages in a loop. If the stages of two classes alternate, the loop of each
     * class is called within the loop of the other. Then a long chain would overflow the stack. The JDK catches such a
     * StackOverflowError, and the chain would never complete. Therefore a call at nesting depth DEPTH runs the deeper
     * calls in its own loop.
     */
    private static final int DEPTH = 32;

    private static final ThreadLocal<@Nullable Trampoline> CURRENT = new ThreadLocal<>();

    // The current thread's alone.
    private final ArrayDeque<Supplier<@Nullable Stage<?>>> deeper = new ArrayDeque<>(1);
    private int depth;

    private Trampoline() {}

    /** Runs the dependents that {@code outcome} returns, now or from a call further down in the stack. */
    static void run(Supplier<@Nullable Stage<?>> outcome) {
        Trampoline here = CURRENT.get();
        if (here == null) {
            here = new Trampoline();
            CURRENT.set(here);
        }
        if (here.depth == DEPTH) {
            here.deeper.add(outcome);
            return;
        }
        here.depth++;
        try {
            Dependents.run(outcome.get());
            while (here.depth == DEPTH && !here.deeper.isEmpty()) {
                Dependents.run(here.deeper.remove().get());
            }
        } finally {
            here.depth--;
            if (here.depth == 0) {
                CURRENT.remove();
            }
        }
    }
}
