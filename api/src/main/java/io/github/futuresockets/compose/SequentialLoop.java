package io.github.futuresockets.compose;

import io.github.futuresockets.future.IoContext;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The future of a loop that runs stage after stage. */
public abstract class SequentialLoop extends StageLoop {
    /**
     * Creates a loop that has not begun.
     *
     * @param context the sockets of the loop, or null
     */
    public SequentialLoop(@Nullable IoContext context) {
        super(context);
    }

    /**
     * Returns the next stage. The driver alone calls this method.
     *
     * @param last the value of the previous stage
     * @return the next stage, or null at the end of the loop
     * @throws Exception a failure, with which the loop fails
     */
    protected abstract @Nullable CompletionStage<?> next(@Nullable Object last) throws Exception;

    /**
     * Begins the loop.
     *
     * @param first the first stage
     */
    public final void begin(CompletionStage<?> first) {
        drive(first, null);
    }

    @Override
    protected final void goOn(@Nullable Object value) {
        drive(null, value);
    }

    private void drive(@Nullable CompletionStage<?> given, @Nullable Object last) {
        try {
            CompletionStage<?> stage = given != null ? given : next(last);
            while (stage != null) {
                Object outcome = follow(stage);
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
}
