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

/** Reads messages, has several handled at the same time, and writes the replies in the order of the messages. */
final class ReplyPipeline<I, O> extends OperationFuture<Void> {
    /*
     * `calls` counts the calls of `advance` that have not been served: who raises it from 0 drives, and looks again as often
     * as others have come meanwhile. So nothing here has two users at once, and what is done at once does not deepen the
     * stack. What is not said to be shared is the driver's.
     *
     * A message is in one place: in `arrived` when it has been read, a Slot in `handling` until its reply is there and those
     * before it are on their way, a Slot in `writing` until its reply is written. The last two together never hold more than
     * `concurrency`, and a message is read only when there is room for it.
     *
     * Who stops sets `ending` and then cancels the read that it finds in `receiving`; the driver sets `receiving` and then
     * looks at `ending`: one of the two cancels it. All else is cancelled by the driver. A canceller waits for the call that
     * begins a read, if that is going on, so that nothing is read any more when it returns.
     */
    private static final Object NOTHING = new Object();
    private static final Throwable WITHDRAWN = new Throwable("withdrawn", null, false, false) {
        private static final long serialVersionUID = 1L;
    };

    private final MessageSocket<I, O> socket;
    private final Function<? super I, ? extends CompletionStage<? extends O>> handler;
    private final int concurrency;
    private final ArrayDeque<Slot> handling = new ArrayDeque<>(1);
    private final ArrayDeque<Slot> writing = new ArrayDeque<>(1);
    private final BiConsumer<I, Throwable> arrival = this::received;
    private boolean ended;

    /** Shared: why it ends before the stream does. */
    private final AtomicReference<@Nullable Throwable> ending = new AtomicReference<>();

    private final AtomicInteger calls = new AtomicInteger();

    /** Shared: the pending read. */
    private volatile @Nullable CompletableFuture<I> receiving;

    /** Shared: the driver, while it begins a read. */
    private volatile @Nullable Thread beginning;

    /** Shared: what was read; null at the end of the stream. */
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

    /** A message in progress: its handler's stage and then its write. Its outcome is written before it calls `advance`. */
    private final class Slot implements BiConsumer<Object, Throwable> {
        final CompletionStage<?> stage;

        @Nullable Object value;

        volatile boolean done;

        Slot(CompletionStage<?> stage) {
            this.stage = stage;
        }

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

    private void received(@Nullable I message, @Nullable Throwable failure) {
        if (failure != null) {
            stop(failure);
        } else {
            arrived = message;
        }
        advance();
    }

    private void advance() {
        if (calls.getAndIncrement() == 0) {
            drive();
        }
    }

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

    /** Does one thing that can be done now; false if there is none. */
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

    @SuppressWarnings("unchecked")
    private @Nullable I taken() {
        I message = (I) arrived;
        arrived = NOTHING;
        receiving = null;
        return message;
    }

    private void begin(@Nullable I message) {
        if (message == null) {
            ended = true;
            return;
        }
        CompletionStage<? extends O> stage =
                Objects.requireNonNull(handler.apply(message), "the handler gave no stage");
        if (handling.isEmpty()
                && stage instanceof CompletableFuture<?>
                && ((CompletableFuture<?>) stage).isDone()
                && ending.get() == null) {
            write(((CompletableFuture<?>) stage).join());
        } else {
            follow(stage, handling);
        }
    }

    private void follow(CompletionStage<?> stage, ArrayDeque<Slot> place) {
        Slot slot = new Slot(stage);
        place.add(slot);
        stage.whenComplete(slot);
    }

    @SuppressWarnings("unchecked")
    private void write(@Nullable Object reply) {
        CompletableFuture<Void> write = socket.send((O) Objects.requireNonNull(reply, "the handler gave no reply"));
        if (write.isDone()) {
            write.join();
        } else {
            follow(write, writing);
        }
    }

    /** Lets nothing begin any more; the first cause counts. */
    private void stop(Throwable cause) {
        if (ending.compareAndSet(null, cause)) {
            CompletableFuture<I> read = receiving;
            if (read != null) {
                read.cancel(false);
            }
        }
    }

    private void cancelAll(Throwable cause) {
        if (arrived != NOTHING && arrived != null) {
            try {
                begin(taken());
            } catch (Throwable e) {
                System.getLogger("io.github.futuresockets")
                        .log(System.Logger.Level.DEBUG, "the handler of a message behind the end", e);
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
