package io.github.futuresockets;

import io.github.futuresockets.spi.IoContext;
import io.github.futuresockets.spi.OperationFuture;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Several stages at the same time, one for each item, until all are done or one has failed. */
final class Fan<T> extends OperationFuture<Void> {
    /*
     * `calls` counts the calls of `advance` that have not been served: who raises it from 0 begins stages, and looks again as
     * often as others have come meanwhile. So the iterator has one user at a time, and a stage that is done at once does not
     * deepen the stack. `running`, `stopped` and `exhausted` are guarded by the monitor of `running`; a stage that is
     * added when it is stopped is cancelled by who adds it, all others by who stops.
     */
    private final String name;
    private final Iterator<? extends T> items;
    private final int width;
    private final Function<? super T, ? extends @Nullable CompletionStage<?>> body;
    private final Set<CompletionStage<?>> running = Collections.newSetFromMap(new IdentityHashMap<>());
    private final AtomicInteger calls = new AtomicInteger();
    private boolean stopped;
    private boolean exhausted;

    Fan(
            @Nullable IoContext context,
            String name,
            Iterator<? extends T> items,
            int width,
            Function<? super T, ? extends @Nullable CompletionStage<?>> body) {
        super(context);
        this.name = name;
        this.items = items;
        this.width = width;
        this.body = body;
    }

    void advance() {
        if (calls.getAndIncrement() > 0) {
            return;
        }
        int served = 1;
        do {
            try {
                while (hasRoom()) {
                    if (!items.hasNext()) {
                        synchronized (running) {
                            exhausted = true;
                        }
                        break;
                    }
                    begin(body.apply(items.next()));
                }
            } catch (Throwable e) {
                fail(e);
            }
            served = calls.addAndGet(-served);
        } while (served > 0);
        if (isOver()) {
            deliver(null);
        }
    }

    private boolean hasRoom() {
        synchronized (running) {
            return !stopped && !exhausted && running.size() < width;
        }
    }

    /** Whether something has failed, or it was cancelled: nothing is begun any more. */
    boolean isStopped() {
        synchronized (running) {
            return stopped;
        }
    }

    private boolean isOver() {
        synchronized (running) {
            return exhausted && !stopped && running.isEmpty();
        }
    }

    /** Returns false if the stage runs already, or if nothing is begun any more. */
    private boolean add(CompletionStage<?> stage) {
        synchronized (running) {
            return !stopped && running.add(stage);
        }
    }

    void begin(@Nullable CompletionStage<?> stage) {
        if (stage == null) {
            return;
        }
        belongTo(stage);
        try {
            watch(stage);
        } catch (Throwable e) {
            fail(e);
        }
    }

    private void watch(CompletionStage<?> stage) {
        CompletionStage<?> watched = stage;
        boolean added = add(stage);
        if (!added && !isStopped()) {
            // The stage runs already for another item. A derived stage stands for this item.
            watched = stage.thenApply(value -> value);
            added = add(watched);
        }
        if (!added) {
            Turns.cancel(stage);
            return;
        }
        CompletionStage<?> mine = watched;
        mine.whenComplete((value, failure) -> {
            synchronized (running) {
                running.remove(mine);
            }
            if (failure != null) {
                fail(failure);
            } else {
                advance();
            }
        });
    }

    private void fail(Throwable failure) {
        if (stop()) {
            deliverFailure(bare(failure));
        }
    }

    /** Begins no more and cancels those in progress; true for the first who does. */
    private boolean stop() {
        List<CompletionStage<?>> open;
        synchronized (running) {
            if (stopped) {
                return false;
            }
            stopped = true;
            open = new ArrayList<>(running);
        }
        open.forEach(Turns::cancel);
        return true;
    }

    @Override
    protected boolean withdraw() {
        stop();
        return true;
    }

    @Override
    protected String describe() {
        List<CompletionStage<?>> open;
        synchronized (running) {
            open = new ArrayList<>(running);
        }
        return describe(name, open);
    }

    /** One of the stages that are waited for, of this library if there is any, and how many others there are. */
    static String describe(String name, List<? extends CompletionStage<?>> open) {
        if (open.isEmpty()) {
            return name;
        }
        CompletionStage<?> one = open.get(0);
        for (CompletionStage<?> each : open) {
            one = one instanceof OperationFuture<?> ? one : each;
        }
        return name + ": " + nameOf(one) + (open.size() == 1 ? "" : " and " + (open.size() - 1) + " more");
    }
}
