package io.github.futuresockets.bench;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A loop over futures: one turn after the other, in constant stack and memory. */
final class Turns {
    /*
     * `due` counts the turns that may start: 1 while a thread is in the loop of go(). A turn that ends on another thread,
     * or within its own call, adds one, and the thread in the loop takes it; a turn that ends when nobody is there finds
     * 0 and goes round the loop itself. So turns never overlap and never nest.
     */
    private final Supplier<? extends CompletionStage<Boolean>> turn;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final AtomicInteger due = new AtomicInteger();

    private Turns(Supplier<? extends CompletionStage<Boolean>> turn) {
        this.turn = turn;
    }

    /** Takes turns until one gives false or fails, and then is done. */
    static CompletableFuture<Void> whileTrue(Supplier<? extends CompletionStage<Boolean>> turn) {
        Turns turns = new Turns(turn);
        turns.go();
        return turns.ended;
    }

    private void go() {
        if (due.getAndIncrement() == 0) {
            do {
                start();
            } while (due.decrementAndGet() > 0);
        }
    }

    private void start() {
        try {
            turn.get().whenComplete(this::turned);
        } catch (RuntimeException e) {
            ended.completeExceptionally(e);
        }
    }

    private void turned(@Nullable Boolean again, @Nullable Throwable failure) {
        if (failure != null) {
            ended.completeExceptionally(failure);
        } else if (again) {
            go();
        } else {
            ended.complete(null);
        }
    }
}
