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

/** The calls in progress on one connection. */
public final class RequestPipeline<Q, R> implements Requests<Q, R> {
    /*
     * A call is in `waiting`, then in nobody's hands but the sender's, then in `unanswered`, then in `answered`, until it is
     * completed; cancelled or timed out, it leaves `waiting` but none of the others. Everything is guarded by `lock`, under
     * which nothing of the user's and nothing of the socket's runs.
     *
     * Whoever comes into `advance`, a caller or a completion of the socket's, does what is to be done, one thing after the
     * other, until there is nothing left for it. Each thing is claimed under the lock: `sending` is set by the one who
     * writes, so that the order of `unanswered` is that on the wire, and `reading` by the one whose read is pending.
     *
     * What hangs on a call may begin another one, or block, as tasks of an executor do. So the next reply is asked for
     * before a call is completed, and who comes into `advance` from within a completion on its thread (`completing`) leaves
     * other completions to the frame below it, which keeps the stack flat, or if that frame may be blocked, to another thread.
     */
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
    private final ArrayDeque<Call<R>> waiting = new ArrayDeque<>(1);
    private final ArrayDeque<Call<R>> unanswered = new ArrayDeque<>(1);
    private final ArrayDeque<Call<R>> answered = new ArrayDeque<>(1);
    private final List<Thread> completing = new ArrayList<>(1);
    private boolean sending;
    private boolean reading;
    private @Nullable Throwable failure;

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

    /** Takes a call back if it has not been sent. */
    void forget(Call<R> call) {
        synchronized (lock) {
            waiting.remove(call);
        }
    }

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

    private IOException afterFailure(Throwable cause) {
        if (socket.isOpen()) {
            return new IOException(describe() + ": the conversation has failed before: " + cause, cause);
        }
        ClosedChannelException closed = new ClosedChannelException();
        closed.initCause(cause);
        return closed;
    }

    private enum Step {
        SEND,
        READ,
        COMPLETE,
        HAND_OVER,
        REST
    }

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

    /** Fails what waits and what has been sent: from this call on, or all of it; then nothing is read any more. */
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

    /** This thread may block before it comes to the calls that are answered. On an I/O thread that is refused. */
    private void handOver() {
        if (context != null && !context.onIoThread()) {
            try {
                context.schedule(this::advance, 0);
            } catch (Throwable closing) {
                handOverElsewhere();
            }
        }
    }

    /** Without a thread for them, the calls that are answered wait for this one. */
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
