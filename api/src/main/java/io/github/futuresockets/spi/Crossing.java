package io.github.futuresockets.spi;

import java.util.ArrayDeque;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The way from a stage of another class into ours, in bounded stack. */
final class Crossing {
    /*
     * Each class ends a chain of its own stages in a loop. Where the two take turns, each loop is called from within the
     * other one, and a long chain would overflow the stack, in a place where the JDK swallows the error and the chain
     * never ends. So the crossing that is DEPTH deep in others takes over what would be deeper.
     */
    private static final int DEPTH = 32;

    private static final ThreadLocal<@Nullable Crossing> CURRENT = new ThreadLocal<>();

    private final ArrayDeque<Supplier<@Nullable Derived<?>>> deeper = new ArrayDeque<>(1);
    private int depth;

    private Crossing() {}

    /** Runs the stack of derived futures that {@code outcome} gives. */
    static void run(Supplier<@Nullable Derived<?>> outcome) {
        Crossing here = CURRENT.get();
        if (here == null) {
            here = new Crossing();
            CURRENT.set(here);
        }
        if (here.depth == DEPTH) {
            here.deeper.add(outcome);
            return;
        }
        here.depth++;
        try {
            DependentStack.run(outcome.get());
            while (here.depth == DEPTH && !here.deeper.isEmpty()) {
                DependentStack.run(here.deeper.remove().get());
            }
        } finally {
            here.depth--;
            if (here.depth == 0) {
                CURRENT.remove();
            }
        }
    }
}
