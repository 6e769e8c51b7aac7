package io.github.futuresockets.impl.view;

import io.github.futuresockets.MessageSocket;
import io.github.futuresockets.compose.SequentialLoop;
import io.github.futuresockets.future.IoContext;
import io.github.futuresockets.future.OperationFuture;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
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
     * Driver: a single thread at a time drives the pipeline. `calls` counts the calls of `advance` that have not been
     * served. The thread that raises `calls` from 0 is the driver, until `calls` is 0 again. A callback within the
     * driver only raises `calls`. Therefore the stack stays flat.
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
     * Stop: the stopping thread sets `ending` and then cancels the read in `receiving`. The driver sets `receiving` and
     * then reads `ending`. At least one of the two threads cancels the read. The driver alone cancels all other stages.
     *
     * Begin of a read: the driver sets `beginning` and then reads `ending`. A canceller sets `ending` and then waits
     * while `beginning` is another thread. Therefore no read begins after a cancel has returned.
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

    /** The number of calls of {@link #advance} that have not been served. */
    private final AtomicInteger calls = new AtomicInteger();

    // volatile; written by the driver, read by any thread
    /** The current read, from its begin until its message is taken, otherwise null. A failed read stays. */
    private volatile @Nullable CompletableFuture<I> receiving;

    /** The driver while the driver begins a read, otherwise null. */
    private volatile @Nullable Thread beginning;

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

    /** Begins to answer the messages of {@code socket}. The caller of this method is the first driver. */
    static <I, O> CompletableFuture<Void> to(
            MessageSocket<I, O> socket,
            Function<? super I, ? extends CompletionStage<? extends O>> handler,
            int concurrency) {
        CompletableFuture<I> first = socket.receive();
        ReplyPipeline<I, O> answers = new ReplyPipeline<>(contextOf(first), socket, handler, concurrency);
        answers.calls.set(1);
        try {
            answers.await(first);
        } catch (Throwable e) {
            answers.stop(e);
        }
        answers.drive();
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
            advance();
        }
    }

    /** Takes the outcome of a read. Runs in the thread that completes the read. */
    private void received(@Nullable I message, @Nullable Throwable failure) {
        if (failure != null) {
            stop(failure);
        } else {
            arrived = message;
        }
        advance();
    }

    /** Makes the driver look again. If there is no driver, the calling thread drives. */
    private void advance() {
        if (calls.getAndIncrement() == 0) {
            drive();
        }
    }

    /** Does all steps that are possible now. The caller has raised {@link #calls} from 0. */
    private void drive() {
        int served = 1;
        do {
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
            served = calls.addAndGet(-served);
        } while (served > 0);
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
        if (!ended && receiving == null && handling.size() + writing.size() < concurrency) {
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
        beginning = Thread.currentThread();
        try {
            if (ending.get() == null) {
                await(socket.receive());
            }
        } finally {
            beginning = null;
        }
    }

    /** Takes the outcome of a read, now or when the read is done. For the driver. */
    private void await(CompletableFuture<I> read) {
        receiving = read;
        if (ending.get() != null) {
            read.cancel(false);
        }
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
        receiving = null;
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
        if (handling.isEmpty()
                && stage instanceof CompletableFuture<?> future
                && future.isDone()
                && ending.get() == null) {
            write(future.join());
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

    /** Stops the pipeline, and cancels the pending read. Only the first cause counts. For any thread. */
    private void stop(Throwable cause) {
        if (ending.compareAndSet(null, cause)) {
            CompletableFuture<I> read = receiving;
            if (read != null) {
                read.cancel(false);
            }
        }
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
            SequentialLoop.cancel(handling.remove().stage);
        }
        while (cause == WITHDRAWN && !writing.isEmpty()) {
            SequentialLoop.cancel(writing.remove().stage);
        }
        if (cause != WITHDRAWN) {
            deliverFailure(bare(cause));
        }
    }

    /** Stops the pipeline. Waits while another thread begins a read, so that no read begins after the return. */
    @Override
    protected boolean withdraw() {
        stop(WITHDRAWN);
        advance();
        for (Thread other = beginning; other != null && other != Thread.currentThread(); other = beginning) {
            Thread.yield();
        }
        return true;
    }

    @Override
    protected String describe() {
        return "answer of " + socket;
    }
}
