package io.github.futuresockets.impl.view;

import io.github.futuresockets.compose.SerialDrain;
import io.github.futuresockets.future.IoContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Runs the drain of a {@link RequestPipeline}, and then the steps with user code. Thread-safe. */
final class Advance {
    /*
     * Each change of `calls` is followed by `run`, which drains and then completes calls. Calls are completed outside
     * the drain, because a dependent may begin another call, or may block. The next read begins before a call is
     * completed. A nested `run` completes no call, so the stack stays flat. The outer `run` of the thread completes the
     * calls. If the thread may block, a task on another thread completes the calls.
     */
    private final @Nullable IoContext context;
    private final Calls<?> calls;
    private final SerialDrain drain;
    private final Supplier<String> name;

    // guarded by running
    /** The threads in {@link #run}. */
    private final List<Thread> running = new ArrayList<>(1);

    /**
     * Makes an object at rest.
     *
     * @param context the context of the socket, or null for a socket of another library
     * @param calls holds the steps with user code
     * @param work sends requests and begins reads, as long as possible
     * @param name the text for messages
     */
    Advance(@Nullable IoContext context, Calls<?> calls, Runnable work, Supplier<String> name) {
        this.context = context;
        this.calls = calls;
        this.drain = new SerialDrain(work);
        this.name = name;
    }

    /** Does everything that is possible now. Called after each change of {@link #calls}. */
    void run() {
        Thread thread = Thread.currentThread();
        boolean outer;
        synchronized (running) {
            outer = !running.contains(thread) && running.add(thread);
        }
        try {
            do {
                drain.drain();
            } while (complete(outer));
        } finally {
            if (outer) {
                synchronized (running) {
                    running.remove(thread);
                }
            }
        }
    }

    /**
     * Does the first step with user code, and leaves the other steps to another thread, because the step may block this
     * thread. A nested {@link #run} leaves all steps to another thread. Returns true if this thread has done a step, so
     * that there may be more to do.
     */
    private boolean complete(boolean outer) {
        Runnable step = outer ? calls.toComplete() : null;
        if ((step != null || !outer) && calls.hasCompletions()) {
            handOver();
        }
        if (step != null) {
            step.run();
        }
        return step != null;
    }

    /**
     * Lets another thread do the steps with user code, because this thread may block in a dependent. Without effect on
     * an I/O thread, which must not block, and for a socket of another library.
     */
    private void handOver() {
        if (context != null && !context.onIoThread()) {
            elsewhere();
        }
    }

    /** Runs on another thread. If there is no other thread, the steps wait for the next {@link #run}. */
    void elsewhere() {
        try {
            if (context != null) {
                context.schedule(this::run, 0);
                return;
            }
        } catch (Throwable closing) {
            log(closing);
        }
        try {
            CompletableFuture.runAsync(this::run);
        } catch (Throwable noThread) {
            log(noThread);
        }
    }

    private void log(Throwable failure) {
        System.getLogger("io.github.futuresockets").log(System.Logger.Level.DEBUG, name.get(), failure);
    }
}
