package io.github.futuresockets.impl.view;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.IncompleteReadException;
import io.github.futuresockets.Requests;
import io.github.futuresockets.codec.Decoder;
import io.github.futuresockets.codec.Encoder;
import io.github.futuresockets.compose.AdvancingDecoder;
import io.github.futuresockets.compose.CodecFailures;
import io.github.futuresockets.compose.SerialDrain;
import io.github.futuresockets.future.IoContext;
import io.github.futuresockets.future.OperationFuture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
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
     * Drain: `drain` sends requests and begins reads. Therefore requests are sent one after the other, and no read
     * begins before the request of its reply is sent.
     *
     * Completion: each change of `calls` is followed by `advance`, which drains and then completes calls. Calls are
     * completed outside the drain, because a dependent may begin another call, or may block. The next read begins
     * before a call is completed. A nested `advance` completes no call, so the stack stays flat. The outer `advance`
     * of the thread completes the calls. If the thread may block, a task on another thread completes the calls.
     */
    /** The number of calls that may always wait. A larger `inFlight` raises the limit. */
    private static final int LEAST_WAITING = 1_024;

    private final AsyncSocket socket;
    private final Encoder<? super Q> encoder;
    private final Decoder<? extends R> decoder;
    private final int mostWaiting;
    private final @Nullable IoContext context;
    private final BiConsumer<R, Throwable> arrival = (reply, failure) -> {
        arrived(reply, failure);
        advance();
    };

    private final Calls<R> calls;
    private final SerialDrain drain = new SerialDrain(this::sendAndRead);

    // guarded by advancing
    /** The threads in {@link #advance}. */
    private final List<Thread> advancing = new ArrayList<>(1);

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
        this.mostWaiting = Math.max(LEAST_WAITING, inFlight);
        this.calls = new Calls<>(inFlight, mostWaiting);
        this.context = IoContext.of(socket);
    }

    /** Removes a call from the queue if the sending has not begun. For the canceller of the call. */
    void forget(Call<R> call) {
        calls.forget(call);
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
            return OperationFuture.failed(context, CodecFailures.named(describe(), e, ""));
        }
        if (calls.add(call)) {
            advance();
            return call;
        }
        return OperationFuture.failed(context, refusal(calls.failure()));
    }

    /** Returns the failure of a call that is not accepted, because of an earlier failure or of the limit. */
    private IOException refusal(@Nullable Throwable earlier) {
        if (earlier == null) {
            return new IOException(describe() + ": " + mostWaiting + " requests wait already, which is the limit");
        }
        if (socket.isOpen()) {
            return new IOException(describe() + ": the conversation has failed before: " + earlier, earlier);
        }
        ClosedChannelException closed = new ClosedChannelException();
        closed.initCause(earlier);
        return closed;
    }

    /** Does everything that is possible now. Called after each change of {@link #calls}. */
    private void advance() {
        Thread thread = Thread.currentThread();
        boolean outer;
        synchronized (advancing) {
            outer = !advancing.contains(thread) && advancing.add(thread);
        }
        try {
            do {
                drain.drain();
            } while (complete(outer));
        } finally {
            if (outer) {
                synchronized (advancing) {
                    advancing.remove(thread);
                }
            }
        }
    }

    /**
     * Completes the first answered call, and leaves the other answered calls to another thread, because a dependent may
     * block this thread. A nested {@link #advance} leaves all answered calls to another thread. Returns true if this
     * thread has completed a call, so that there may be more to do.
     */
    private boolean complete(boolean outer) {
        Call<R> call = outer ? calls.toComplete() : null;
        if ((call != null || !outer) && calls.hasAnswered()) {
            handOver();
        }
        if (call != null) {
            call.end();
        }
        return call != null;
    }

    /** Sends requests and begins reads, as long as possible. For the drain. */
    private void sendAndRead() {
        while (calls.claim()) {
            Call<R> call = calls.claimed();
            if (call != null) {
                send(call);
            } else {
                read();
            }
        }
    }

    /** Sends the request of a call. If the write fails, the call and all later calls fail. */
    private void send(Call<R> call) {
        try {
            int unasked = call.alone ? socket.buffered() : 0;
            if (unasked > 0) {
                throw new IOException(describe() + ": before it, " + unasked + " bytes came that nobody had asked for");
            }
            CompletableFuture<Void> write = socket.write(call.takeBytes());
            if (write.isDone()) {
                write.join();
            } else {
                write.whenComplete((written, failed) -> {
                    if (failed != null) {
                        calls.fail(OperationFuture.bare(failed), call);
                        advance();
                    }
                });
            }
        } catch (Throwable e) {
            calls.fail(OperationFuture.bare(e), call);
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

    /** Takes the outcome of the read. A null reply without a failure is the end of the stream. */
    private void arrived(@Nullable R reply, @Nullable Throwable failed) {
        if (failed != null) {
            calls.fail(OperationFuture.bare(failed), null);
        } else if (reply == null) {
            String message = describe() + ": the stream ended before the reply";
            calls.fail(new IncompleteReadException(message, ByteBuffer.allocate(0), -1), null);
        } else {
            calls.reply(reply);
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
