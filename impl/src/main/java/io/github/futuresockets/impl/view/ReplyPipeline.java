package io.github.futuresockets.impl.view;

import io.github.futuresockets.MessageSocket;
import io.github.futuresockets.compose.CallGate;
import io.github.futuresockets.compose.CancelSlot;
import io.github.futuresockets.compose.SerialDrain;
import io.github.futuresockets.future.IoContext;
import io.github.futuresockets.future.OperationFuture;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The future of {@link MessageSocket#answer}. Reads messages, runs several handlers at the same time, and writes the
 * replies in the order of the messages.
 *
 * @param <I> the type of received messages
 * @param <O> the type of replies
 */
final class ReplyPipeline<I, O> extends OperationFuture<Void> {
    /*
     * Driver: `drain` calls handlers, and begins reads and writes. The drainer is called the driver here. A callback
     * within the driver does not deepen the stack.
     *
     * Message: a message passes these places, in this order.
     * - `arrived`, from the read until the handler is called.
     * - `handling`, until the reply is ready and all earlier replies have been passed to the socket.
     * - `writing`, until the reply is written.
     * If a stage is done at once and `handling` is empty, the message skips `handling`. If a write is done at once, the
     * message skips `writing`.
     *
     * Invariant: `handling` and `writing` together have at most `concurrency` slots. A read begins only if there is
     * room for its message.
     *
     * Stop: a stopping thread sets `ending` and then cancels the read in `receiving`. The driver alone cancels all
     * other stages.
     *
     * Begin of a read: a read begins within a call of `gate`, and only while `receiving` is not cancelled. A canceller
     * cancels `receiving` and then waits for the call of another thread. Therefore no read begins after a cancel has
     * returned.
     */
    /** The value of {@link #arrived} if no message has arrived. */
    private static final Object NOTHING = new Object();

    /** The value of {@link #ending} after a withdrawal, such as a cancellation or a time-out. */
    private static final Throwable WITHDRAWN = new Throwable("withdrawn", null, false, false) {
        private static final long serialVersionUID = 1L;
    };

    private final MessageSocket<I, O> socket;
    private final Function<? super I, ? extends CompletionStage<? extends O>> handler;
    private final int concurrency;
    private final BiConsumer<I, Throwable> arrival = this::received;

    // the driver's alone
    /** The stages of handlers, in the order of their messages. */
    private final ArrayDeque<Slot> handling = new ArrayDeque<>(1);

    /** The writes of replies, in their order. */
    private final ArrayDeque<Slot> writing = new ArrayDeque<>(1);

    /** True after the end of the stream. */
    private boolean ended;

    // atomic; any thread
    /** The cause of an end before the end of the stream, or null. Set once. */
    private final AtomicReference<@Nullable Throwable> ending = new AtomicReference<>();

    private final SerialDrain drain = new SerialDrain(this::drive);

    /** The current read, from its begin until its message is taken. A failed read stays. Set by the driver. */
    private final CancelSlot<CompletableFuture<I>> receiving = CancelSlot.ofStage();

    /** The calls that begin a read, made by the driver. */
    private final CallGate gate = new CallGate();

    // volatile; written by the thread that completes a read, then by the driver, and never by both at a time
    /** The message of the last read. Null at the end of the stream, and NOTHING if no message has arrived. */
    private volatile @Nullable Object arrived = NOTHING;

    private ReplyPipeline(
            @Nullable IoContext context,
            MessageSocket<I, O> socket,
            Function<? super I, ? extends CompletionStage<? extends O>> handler,
            int concurrency) {
        super(context);
        this.socket = socket;
        this.handler = handler;
        this.concurrency = concurrency;
    }

    /** Begins to answer the messages of {@code socket}. */
    static <I, O> CompletableFuture<Void> to(
            MessageSocket<I, O> socket,
            Function<? super I, ? extends CompletionStage<? extends O>> handler,
            int concurrency) {
        CompletableFuture<I> first = socket.receive();
        ReplyPipeline<I, O> answers = new ReplyPipeline<>(contextOf(first), socket, handler, concurrency);
        try {
            answers.await(first);
        } catch (Throwable e) {
            answers.stop(e);
        }
        answers.drain.drain();
        return answers;
    }

    /** A stage in progress, either the stage of a handler or a write. */
    private final class Slot implements BiConsumer<Object, Throwable> {
        final CompletionStage<?> stage;

        // written by the thread that completes the stage: first `value`, then `done`; read by the driver after `done`
        /** The result of the stage. */
        @Nullable Object value;

        /** True after a success. A failure stops the pipeline instead. */
        volatile boolean done;

        Slot(CompletionStage<?> stage) {
            this.stage = stage;
        }

        /** Takes the outcome of the stage. Runs in the thread that completes the stage. */
        @Override
        public void accept(@Nullable Object result, @Nullable Throwable failure) {
            if (failure != null) {
                stop(failure);
            } else {
                value = result;
                done = true;
            }
            drain.drain();
        }
    }

    /** Takes the outcome of a read. Runs in the thread that completes the read. */
    private void received(@Nullable I message, @Nullable Throwable failure) {
        if (failure != null) {
            stop(failure);
        } else {
            arrived = message;
        }
        drain.drain();
    }

    /** Does all steps that are possible now. For the drain. */
    private void drive() {
        try {
            while (ending.get() == null && step()) {
                continue;
            }
        } catch (Throwable e) {
            stop(e);
        }
        Throwable cause = ending.get();
        if (cause != null) {
            cancelAll(cause);
        }
    }

    /** Does a single step. Returns false if no step is possible now. For the driver. */
    private boolean step() {
        while (!writing.isEmpty() && writing.peek().done) {
            writing.remove();
        }
        if (!handling.isEmpty() && handling.peek().done) {
            write(handling.remove().value);
            return true;
        }
        if (arrived != NOTHING) {
            begin(taken());
            return true;
        }
        if (!ended && receiving.get() == null && handling.size() + writing.size() < concurrency) {
            receive();
            return true;
        }
        if (ended && handling.isEmpty() && writing.isEmpty()) {
            deliver(null);
        }
        return false;
    }

    /** Begins a read, unless the pipeline is stopped. For the driver. */
    private void receive() {
        gate.enter();
        try {
            if (!receiving.isCancelled()) {
                await(socket.receive());
            }
        } finally {
            gate.leave();
        }
    }

    /** Takes the outcome of a read, now or when the read is done. For the driver. */
    private void await(CompletableFuture<I> read) {
        receiving.set(read);
        if (read.isDone()) {
            arrived = read.join();
        } else {
            read.whenComplete(arrival);
        }
    }

    /** Returns the arrived message, or null at the end of the stream. Afterwards a new read may begin. */
    @SuppressWarnings("unchecked")
    private @Nullable I taken() {
        I message = (I) arrived;
        arrived = NOTHING;
        receiving.clear();
        return message;
    }

    /**
     * Passes a message to the handler. A null message is the end of the stream. If the pipeline is stopped, the stage
     * of the handler goes to {@link #handling}, so that the stage is cancelled. For the driver.
     */
    private void begin(@Nullable I message) {
        if (message == null) {
            ended = true;
            return;
        }
        CompletionStage<? extends O> stage =
                Objects.requireNonNull(handler.apply(message), "the handler gave no stage");
        if (handling.isEmpty() && isComplete(stage) && ending.get() == null) {
            write(stage.toCompletableFuture().join());
        } else {
            follow(stage, handling);
        }
    }

    /** Adds a slot, and lets the slot take the outcome of a stage. For the driver. */
    private void follow(CompletionStage<?> stage, ArrayDeque<Slot> place) {
        Slot slot = new Slot(stage);
        place.add(slot);
        stage.whenComplete(slot);
    }

    /** Writes a reply. All earlier replies have been passed to the socket. For the driver. */
    @SuppressWarnings("unchecked")
    private void write(@Nullable Object reply) {
        CompletableFuture<Void> write = socket.send((O) Objects.requireNonNull(reply, "the handler gave no reply"));
        if (write.isDone()) {
            write.join();
        } else {
            follow(write, writing);
        }
    }

    /**
     * Stops the pipeline, and cancels the pending read. Only the first cause counts. Each caller cancels the read,
     * because the caller with the first cause may be late. For any thread.
     */
    private void stop(Throwable cause) {
        ending.compareAndSet(null, cause);
        receiving.cancel();
    }

    /**
     * Cancels all stages of handlers, and fails the future. After a withdrawal, cancels the writes also, and leaves the
     * future to the canceller. A message that has arrived is still passed to the handler. For the driver.
     */
    private void cancelAll(Throwable cause) {
        if (arrived != NOTHING && arrived != null) {
            try {
                begin(taken());
            } catch (Throwable e) {
                System.getLogger("io.github.futuresockets")
                        .log(System.Logger.Level.DEBUG, "the handler of a message after the end", e);
            }
        }
        while (!handling.isEmpty()) {
            CancelSlot.cancel(handling.remove().stage);
        }
        while (cause == WITHDRAWN && !writing.isEmpty()) {
            CancelSlot.cancel(writing.remove().stage);
        }
        if (cause != WITHDRAWN) {
            deliverFailure(bare(cause));
        }
    }

    /** Stops the pipeline. Waits while another thread begins a read, so that no read begins after the return. */
    @Override
    protected boolean withdraw() {
        stop(WITHDRAWN);
        drain.drain();
        gate.awaitOther();
        return true;
    }

    @Override
    protected String describe() {
        return "answer of " + socket;
    }
}
