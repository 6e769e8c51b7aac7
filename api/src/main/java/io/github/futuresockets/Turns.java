package io.github.futuresockets;

import io.github.futuresockets.spi.IoContext;
import io.github.futuresockets.spi.OperationFuture;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** One stage after the other, as many as there are, in constant stack and memory. */
abstract class Turns extends OperationFuture<Void> {
    /*
     * One thread at a time drives: the one that begins, and then whoever completes the stage that was waited for. It has a
     * stage call back, and then looks whether that has happened already: `phase` goes from CALLING to ARRIVED by the callback,
     * which leaves the outcome for the driver, or to WAITING by the driver, and then the callback drives on. `value` and
     * `failure` are written before that step and read behind it.
     *
     * Cancelling sets `stopped` and then cancels the `current` stage; the driver sets `current` and then looks at
     * `stopped`: one of the two cancels it. A stage that is not waited for, being done or passed, is not set; it is cancelled if
     * the loop was stopped by then. Who is stopped leaves the outcome to the canceller. A stage that could not
     * be cancelled any more has had its effect, and `next` sees to it that nothing is lost.
     *
     * A stage that has a place is passed: the next turn begins without waiting for it. All that were passed at one place are
     * done when the last one is, so `passed`, the driver's, is that one; the end waits for it. At another place, the one
     * before has to be done first.
     */
    private static final int CALLING = 0;
    private static final int WAITING = 1;
    private static final int ARRIVED = 2;
    private static final Object PENDING = new Object();
    private static final VarHandle PHASE;

    static {
        try {
            PHASE = MethodHandles.lookup().findVarHandle(Turns.class, "phase", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final BiConsumer<Object, Throwable> arrival = this::arrived;
    private volatile @Nullable CompletionStage<?> current;
    private volatile boolean stopped;
    private volatile int phase;
    private @Nullable Object value;
    private @Nullable Throwable failure;
    private @Nullable CompletionStage<?> passed;

    Turns(@Nullable IoContext context) {
        super(context);
    }

    /** The next stage, given the value of the one before; null: it is over. */
    abstract @Nullable CompletionStage<?> next(@Nullable Object last) throws Exception;

    /** What the loop waits for, behind the name of the loop. */
    final String describe(String name) {
        CompletionStage<?> turn = current;
        return turn == null ? name : name + ": " + nameOf(turn);
    }

    /** Begins with this stage. */
    final void begin(CompletionStage<?> first) {
        drive(first, null);
    }

    /** Whether no further turn is to begin. */
    final boolean isStopped() {
        return stopped;
    }

    private void drive(@Nullable CompletionStage<?> given, @Nullable Object last) {
        try {
            CompletionStage<?> stage = given != null ? given : next(last);
            while (stage != null) {
                Object outcome = outcomeOf(stage);
                if (outcome == PENDING) {
                    return;
                }
                stage = next(outcome);
            }
            end(null);
        } catch (Throwable e) {
            end(e);
        }
    }

    /** Its value, or PENDING if this thread has no more to do. */
    private @Nullable Object outcomeOf(CompletionStage<?> stage) throws Throwable {
        belongTo(stage);
        if (stopped) {
            cancel(stage);
        }
        if (stage instanceof CompletableFuture<?> && ((CompletableFuture<?>) stage).isDone()) {
            return ((CompletableFuture<?>) stage).join();
        }
        if (mayPass(stage)) {
            passed = stage;
            return null;
        }
        current = stage;
        if (stopped) {
            cancel(stage);
        }
        phase = CALLING;
        stage.whenComplete(arrival);
        if (PHASE.compareAndSet(this, CALLING, WAITING)) {
            return PENDING;
        }
        Throwable failed = failure;
        if (failed != null) {
            throw failed;
        }
        return value;
    }

    private boolean mayPass(CompletionStage<?> stage) {
        Object place = placeOf(stage);
        CompletionStage<?> before = passed;
        if (place == null || before == null) {
            return place != null;
        }
        CompletableFuture<?> done = before.toCompletableFuture();
        if (done.isDone()) {
            done.join();
            return true;
        }
        return placeOf(before) == place;
    }

    private void arrived(@Nullable Object result, @Nullable Throwable failed) {
        value = result;
        failure = failed;
        if (PHASE.compareAndSet(this, CALLING, ARRIVED)) {
            return;
        }
        if (failed != null) {
            end(failed);
        } else {
            drive(null, result);
        }
    }

    /** Of two failures the one of the stage that came first. */
    private void end(@Nullable Throwable failed) {
        current = null;
        CompletionStage<?> last = passed;
        if (last != null && (failed == null || last.toCompletableFuture().isCompletedExceptionally())) {
            last.whenComplete((none, earlier) -> finish(earlier != null ? earlier : failed));
        } else {
            finish(failed);
        }
    }

    private void finish(@Nullable Throwable failed) {
        if (stopped) {
            return;
        }
        if (failed == null) {
            deliver(null);
        } else {
            deliverFailure(bare(failed));
        }
    }

    @Override
    protected boolean withdraw() {
        stopped = true;
        CompletionStage<?> turn = current;
        if (turn != null) {
            cancel(turn);
        }
        return true;
    }

    /** One that can only be watched, or whose cancel throws, goes on. */
    static void cancel(CompletionStage<?> stage) {
        try {
            stage.toCompletableFuture().cancel(false);
        } catch (Throwable e) {
            System.getLogger("io.github.futuresockets")
                    .log(System.Logger.Level.TRACE, "cannot be cancelled: " + stage, e);
        }
    }
}
