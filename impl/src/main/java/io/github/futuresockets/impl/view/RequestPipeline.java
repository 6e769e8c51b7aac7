package io.github.futuresockets.impl.view;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.IncompleteReadException;
import io.github.futuresockets.Requests;
import io.github.futuresockets.codec.Decoder;
import io.github.futuresockets.codec.Encoder;
import io.github.futuresockets.compose.AdvancingDecoder;
import io.github.futuresockets.future.IoContext;
import io.github.futuresockets.future.OperationFuture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Pipelined requests and replies over a socket. Pairs each reply with the earliest request without a reply.
 * Thread-safe.
 *
 * @param <Q> the type of a request
 * @param <R> the type of a reply
 */
public final class RequestPipeline<Q, R> implements Requests<Q, R> {
    /*
     * No user code and no method of the socket runs under `lock`.
     *
     * Call: a call passes these places, in this order.
     * - `waiting`, until a thread claims the sending.
     * - no list, while the sender sends the request.
     * - `unanswered`, until the reply arrives. The order of this list is the order on the wire.
     * - `answered`, until a thread completes the call. A call that fails goes to `answered` from any place.
     * A cancelled call leaves `waiting`. In the later places a cancelled call stays, so that its reply is dropped.
     *
     * Steps: each thread that enters `advance` does step after step, until no step is left for the thread. The thread
     * is a caller, the thread of a completion, or the thread of a task. Each step is claimed under the lock.
     * - SEND sets `sending`. Therefore requests are sent one after the other.
     * - READ sets `reading`. Therefore at most a single read is pending. No read begins while two calls wait in
     *   `answered`. After a failed read, `reading` stays set, so that no further read begins.
     * - COMPLETE adds the thread to `completing`.
     *
     * Completion: a dependent of a call may begin another call, or may block. Because a dependent may block, the next
     * read begins before a call is completed. A thread that is in `completing` completes no second call, so the stack
     * stays flat. The outer `advance` of the thread completes the other calls. If the outer `advance` may be blocked,
     * another thread completes the other calls.
     */
    /** The number of calls that may always wait. A larger `inFlight` raises the limit. */
    private static final int LEAST_WAITING = 1_024;

    private final AsyncSocket socket;
    private final Encoder<? super Q> encoder;
    private final Decoder<? extends R> decoder;
    private final int inFlight;
    private final @Nullable IoContext context;
    private final BiConsumer<R, Throwable> arrival = (reply, failure) -> {
        arrived(reply, failure);
        advance();
    };

    private final Object lock = new Object();

    // guarded by lock
    /** The calls whose requests are not sent. */
    private final ArrayDeque<Call<R>> waiting = new ArrayDeque<>(1);

    /** The calls whose requests are sent. */
    private final ArrayDeque<Call<R>> unanswered = new ArrayDeque<>(1);

    /** The calls with a reply or a failure. */
    private final ArrayDeque<Call<R>> answered = new ArrayDeque<>(1);

    /** The threads that complete a call. */
    private final List<Thread> completing = new ArrayList<>(1);

    /** True while a thread sends a request. */
    private boolean sending;

    /** True while a read is pending, and after a failed read. */
    private boolean reading;

    /** The first failure of a write or of a read. Afterwards no request is sent. */
    private @Nullable Throwable failure;

    /**
     * Creates the view.
     *
     * @param socket the socket of the view
     * @param encoder encodes requests
     * @param decoder decodes replies. A reply that takes no byte fails its read
     * @param inFlight the maximum number of sent requests without a reply, at least 1
     * @throws IllegalArgumentException if {@code inFlight} or the limit of {@code decoder} is less than 1
     */
    public RequestPipeline(AsyncSocket socket, Encoder<? super Q> encoder, Decoder<? extends R> decoder, int inFlight) {
        if (inFlight < 1) {
            throw new IllegalArgumentException("inFlight " + inFlight + " is less than 1");
        }
        this.socket = socket;
        this.encoder = Objects.requireNonNull(encoder, "encoder");
        this.decoder = new AdvancingDecoder<>(socket::remoteAddress, decoder);
        this.inFlight = inFlight;
        this.context = IoContext.of(socket);
    }

    /** Removes a call from the queue if the sending has not begun. For the canceller of the call. */
    void forget(Call<R> call) {
        synchronized (lock) {
            waiting.remove(call);
        }
    }

    /** Returns the text for a call in messages. */
    String describe() {
        return "request to " + socket.remoteAddress();
    }

    @Override
    public CompletableFuture<R> request(Q message) {
        Objects.requireNonNull(message, "message");
        Call<R> call;
        try {
            call = new Call<>(this, context, Objects.requireNonNull(encoder.encode(message), "the encoder gave null"));
        } catch (Throwable e) {
            return OperationFuture.failed(context, e);
        }
        Throwable broken;
        int waits;
        synchronized (lock) {
            broken = failure;
            waits = waiting.size();
            if (broken == null && waits < Math.max(LEAST_WAITING, inFlight)) {
                waiting.add(call);
                waits = -1;
            }
        }
        if (waits < 0) {
            advance();
            return call;
        }
        return OperationFuture.failed(
                context,
                broken != null
                        ? afterFailure(broken)
                        : new IOException(describe() + ": " + waits + " requests wait already, which is the limit"));
    }

    /** Returns the failure of a call that comes after {@link #failure}. */
    private IOException afterFailure(Throwable cause) {
        if (socket.isOpen()) {
            return new IOException(describe() + ": the conversation has failed before: " + cause, cause);
        }
        ClosedChannelException closed = new ClosedChannelException();
        closed.initCause(cause);
        return closed;
    }

    /** A step of {@link #advance}. */
    private enum Step {
        /** Send the request of the first waiting call. */
        SEND,
        /** Read the next reply. */
        READ,
        /** Complete the first answered call. */
        COMPLETE,
        /** Return, because this thread is completing a call already. Other threads may complete the answered calls. */
        HAND_OVER,
        /** Return, because no step is left. */
        REST
    }

    /** Does all steps that this thread can do now. Called without the lock, after each change of the state. */
    private void advance() {
        Thread thread = Thread.currentThread();
        for (; ; ) {
            Call<R> call = null;
            boolean alone = false;
            Step step;
            synchronized (lock) {
                if (!sending && failure == null && !waiting.isEmpty() && unanswered.size() < inFlight) {
                    step = Step.SEND;
                    sending = true;
                    call = waiting.remove();
                    alone = unanswered.isEmpty();
                } else if (!reading && !unanswered.isEmpty() && answered.size() < 2) {
                    step = Step.READ;
                    reading = true;
                } else if (answered.isEmpty()) {
                    step = Step.REST;
                } else if (completing.contains(thread)) {
                    step = Step.HAND_OVER;
                } else {
                    step = Step.COMPLETE;
                    call = answered.remove();
                    completing.add(thread);
                    alone = answered.isEmpty();
                }
            }
            switch (step) {
                case SEND -> send(call, alone);
                case READ -> read();
                case COMPLETE -> complete(call, alone, thread);
                default -> {
                    if (step == Step.HAND_OVER) {
                        handOver();
                    }
                    return;
                }
            }
        }
    }

    /**
     * Sends the request of a call. The calling thread has claimed the sending. If the write fails, the call and all
     * later calls fail.
     *
     * @param alone true if no other call waits for a reply, so that bytes in the read buffer are unsolicited
     */
    private void send(Call<R> call, boolean alone) {
        CompletableFuture<Void> write = null;
        Throwable refused = null;
        try {
            int unasked = alone ? socket.buffered() : 0;
            if (unasked > 0) {
                throw new IOException(describe() + ": before it, " + unasked + " bytes came that nobody had asked for");
            }
            write = socket.write(call.takeBytes());
            if (write.isCompletedExceptionally()) {
                write.join();
            }
        } catch (Throwable e) {
            refused = OperationFuture.bare(e);
        }
        synchronized (lock) {
            sending = false;
            if (failure == null) {
                // Set together with `sending`: another thread sends nothing after a refused write.
                failure = refused;
            }
            call.cause = refused != null ? refused : failure;
            (call.cause == null ? unanswered : answered).add(call);
        }
        if (refused != null) {
            fail(refused, call);
        } else if (!write.isDone() || write.isCompletedExceptionally()) {
            try {
                write.whenComplete((written, failed) -> {
                    if (failed != null) {
                        fail(failed, call);
                        advance();
                    }
                });
            } catch (Throwable e) {
                fail(e, call);
            }
        }
    }

    /** Reads the next reply. The calling thread has claimed the read. */
    private void read() {
        try {
            CompletableFuture<R> read = socket.readMessage(decoder);
            if (read.isDone()) {
                arrived(read.join(), null);
            } else {
                read.whenComplete(arrival);
            }
        } catch (Throwable e) {
            arrived(null, e);
        }
    }

    /** Takes the outcome of the read. A null reply without a failure is the end of the stream. */
    private void arrived(@Nullable R reply, @Nullable Throwable failed) {
        if (failed != null) {
            fail(failed, null);
        } else if (reply == null) {
            String message = describe() + ": the stream ended before the reply";
            fail(new IncompleteReadException(message, ByteBuffer.allocate(0), -1), null);
        } else {
            synchronized (lock) {
                reading = false;
                Call<R> first = unanswered.poll();
                if (first != null) {
                    first.reply = reply;
                    answered.add(first);
                }
            }
        }
    }

    /**
     * Fails all waiting calls, and sent calls. The failed calls go to {@link #answered}.
     *
     * @param from the first sent call to fail. Earlier sent calls still get their replies. If {@code from} is null, all
     *     sent calls fail
     */
    private void fail(Throwable failed, @Nullable Call<R> from) {
        Throwable cause = OperationFuture.bare(failed);
        synchronized (lock) {
            if (failure == null) {
                failure = cause;
            }
            ArrayDeque<Call<R>> failing = new ArrayDeque<>();
            if (from == null || unanswered.contains(from)) {
                Call<R> last = null;
                while (!unanswered.isEmpty() && (last == null || last != from)) {
                    last = unanswered.removeLast();
                    failing.addFirst(last);
                }
            }
            failing.addAll(waiting);
            waiting.clear();
            for (Call<R> each : failing) {
                each.cause = cause;
                answered.add(each);
            }
        }
    }

    /**
     * Completes a call. The calling thread is in {@link #completing}, and leaves the list after the completion.
     *
     * @param last true if no other call is in {@link #answered}
     */
    private void complete(Call<R> call, boolean last, Thread thread) {
        try {
            if (!last) {
                handOver();
            }
            call.end();
        } finally {
            synchronized (lock) {
                completing.remove(thread);
            }
        }
    }

    /**
     * Lets another thread complete the answered calls, because this thread may block in a dependent. Without effect on
     * an I/O thread, which must not block, and for a socket of another library.
     */
    private void handOver() {
        if (context != null && !context.onIoThread()) {
            try {
                context.schedule(this::advance, 0);
            } catch (Throwable closing) {
                handOverElsewhere();
            }
        }
    }

    /** Uses the common pool. If the pool has no thread, the answered calls wait for the calling thread. */
    private void handOverElsewhere() {
        try {
            CompletableFuture.runAsync(this::advance);
        } catch (Throwable noThread) {
            System.getLogger("io.github.futuresockets").log(System.Logger.Level.DEBUG, describe(), noThread);
        }
    }

    @Override
    public void close() {
        socket.close();
    }

    @Override
    public String toString() {
        return "requests over " + socket;
    }
}
