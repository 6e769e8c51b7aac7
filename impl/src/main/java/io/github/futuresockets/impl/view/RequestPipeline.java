package io.github.futuresockets.impl.view;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.IncompleteReadException;
import io.github.futuresockets.Requests;
import io.github.futuresockets.codec.Decoder;
import io.github.futuresockets.codec.Encoder;
import io.github.futuresockets.compose.AdvancingDecoder;
import io.github.futuresockets.compose.CodecFailures;
import io.github.futuresockets.future.IoContext;
import io.github.futuresockets.future.OperationFuture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Pipelined requests and replies over a socket. A {@link Pairing} decides which reply belongs to which request.
 * Thread-safe.
 *
 * @param <Q> the type of a request
 * @param <R> the type of a reply
 */
public final class RequestPipeline<Q, R> implements Requests<Q, R> {
    /*
     * Drain: the drain of `advance` sends requests and begins reads. Therefore requests are sent one after the other,
     * and no read begins before the request of its reply is sent. Each change of `calls` is followed by `advance`.
     *
     * Reads: `read` and `arrived` are the only code that receives messages.
     */
    /** The number of calls that may always wait. A larger `inFlight` raises the limit. */
    private static final int LEAST_WAITING = 1_024;

    private final AsyncSocket socket;
    private final Encoder<? super Q> encoder;
    private final Decoder<R> decoder;
    private final int inFlight;
    private final @Nullable IoContext context;
    private final Calls<R> calls;
    private final Pairing<Q, R> pairing;
    private final Advance advance;
    private final BiConsumer<R, Throwable> arrival;

    private RequestPipeline(
            AsyncSocket socket,
            Encoder<? super Q> encoder,
            Decoder<? extends R> decoder,
            int inFlight,
            Calls<R> calls,
            Pairing<Q, R> pairing) {
        this.socket = socket;
        this.encoder = Objects.requireNonNull(encoder, "encoder");
        this.decoder = new AdvancingDecoder<>(socket::remoteAddress, decoder);
        this.inFlight = inFlight;
        this.context = IoContext.of(socket);
        this.calls = calls;
        this.pairing = pairing;
        this.advance = new Advance(context, calls, this::sendAndRead, this::describe);
        this.arrival = (reply, failure) -> {
            arrived(reply, failure);
            advance.run();
        };
    }

    /**
     * Creates a view whose replies come in the order of the requests.
     *
     * @param socket the socket of the view
     * @param encoder encodes requests
     * @param decoder decodes replies. A reply that takes no byte fails its read
     * @param inFlight the maximum number of sent requests without a reply, at least 1
     * @param <Q> the type of a request
     * @param <R> the type of a reply
     * @return the view
     * @throws IllegalArgumentException if {@code inFlight} or the limit of {@code decoder} is less than 1
     */
    public static <Q, R> RequestPipeline<Q, R> inOrder(
            AsyncSocket socket, Encoder<? super Q> encoder, Decoder<? extends R> decoder, int inFlight) {
        Calls<R> calls = new Calls<>(check(inFlight), mostWaiting(inFlight), new ArrayDeque<>(1), false);
        return new RequestPipeline<>(socket, encoder, decoder, inFlight, calls, new RepliesInOrder<>(socket, calls));
    }

    /**
     * Creates a view whose replies carry the ids of their requests, and begins to read.
     *
     * @param socket the socket of the view
     * @param encoder encodes requests
     * @param decoder decodes messages. A message that takes no byte fails its read
     * @param idOfRequest returns the id of a request
     * @param idOfReply returns the id of a reply, or null for a message that is no reply
     * @param inFlight the maximum number of sent requests without a reply, at least 1
     * @param unsolicited the handler of messages without a call
     * @param <Q> the type of a request
     * @param <R> the type of a reply
     * @return the view
     * @throws IllegalArgumentException if {@code inFlight} or the limit of {@code decoder} is less than 1
     */
    public static <Q, R> RequestPipeline<Q, R> byId(
            AsyncSocket socket,
            Encoder<? super Q> encoder,
            Decoder<? extends R> decoder,
            Function<? super Q, ?> idOfRequest,
            Function<? super R, ?> idOfReply,
            int inFlight,
            Consumer<? super R> unsolicited) {
        Calls<R> calls = new Calls<>(check(inFlight), mostWaiting(inFlight), new LinkedHashSet<>(), true);
        RequestPipeline<Q, R> view = new RequestPipeline<>(
                socket,
                encoder,
                decoder,
                inFlight,
                calls,
                new RepliesById<>(
                        socket::remoteAddress, calls, new PendingIds<>(), idOfRequest, idOfReply, unsolicited));
        view.advance.run();
        return view;
    }

    private static int check(int inFlight) {
        if (inFlight < 1) {
            throw new IllegalArgumentException("inFlight " + inFlight + " is less than 1");
        }
        return inFlight;
    }

    private static int mostWaiting(int inFlight) {
        return Math.max(LEAST_WAITING, inFlight);
    }

    /** Removes a call from the queue if the sending has not begun. For the canceller of the call. */
    void forget(Call<R> call) {
        if (calls.forget(call)) {
            pairing.release(call);
            if (calls.hasCompletions()) {
                advance.elsewhere();
            }
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
            Object id = pairing.idOf(message);
            ByteBuffer bytes = Objects.requireNonNull(encoder.encode(message), "the encoder gave null");
            call = new Call<>(this, context, id, bytes);
            pairing.reserve(call);
        } catch (Throwable e) {
            return OperationFuture.failed(context, CodecFailures.named(describe(), e, ""));
        }
        if (calls.add(call)) {
            advance.run();
            return call;
        }
        pairing.release(call);
        return OperationFuture.failed(context, refusal(calls.failure()));
    }

    /** Returns the failure of a call that is not accepted, because of an earlier failure or of the limit. */
    private IOException refusal(@Nullable Throwable earlier) {
        if (earlier == null) {
            return new IOException(
                    describe() + ": " + mostWaiting(inFlight) + " requests wait already, which is the limit");
        }
        if (socket.isOpen()) {
            return new IOException(describe() + ": the conversation has failed before: " + earlier, earlier);
        }
        ClosedChannelException closed = new ClosedChannelException();
        closed.initCause(earlier);
        return closed;
    }

    @Override
    public CompletableFuture<Void> writable() {
        Signal signal = new Signal(calls, context, "writable of requests to " + socket.remoteAddress());
        if (!calls.awaitPlace(signal)) {
            signal.run();
        }
        return signal;
    }

    @Override
    public CompletableFuture<Void> ended() {
        Signal signal = new Signal(calls, context, "end of requests to " + socket.remoteAddress());
        if (calls.awaitEnd(signal)) {
            advance.run();
        } else {
            signal.run();
        }
        return signal;
    }

    /** Sends requests and begins reads, as long as possible. For the drain. */
    private void sendAndRead() {
        for (Calls.Step step = calls.claim(); step != Calls.Step.NONE; step = calls.claim()) {
            switch (step) {
                case SEND -> send(Objects.requireNonNull(calls.claimed()));
                case READ -> read();
                default -> watch();
            }
        }
    }

    /** Sends the request of a call. If the write fails, the call and all later calls fail. */
    private void send(Call<R> call) {
        try {
            pairing.beforeSend(call);
            CompletableFuture<Void> write = socket.write(call.takeBytes());
            if (write.isDone()) {
                write.join();
            } else {
                write.whenComplete((written, failed) -> {
                    if (failed != null) {
                        fail(failed, call);
                        advance.run();
                    }
                });
            }
        } catch (Throwable e) {
            fail(e, call);
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
            fail(failed, null);
        } else if (reply == null) {
            String message = describe() + ": the stream ended before the reply";
            calls.streamEnded(new IncompleteReadException(message, ByteBuffer.allocate(0), -1));
        } else {
            try {
                pairing.arrived(reply);
            } catch (Throwable e) {
                fail(e, null);
            }
        }
    }

    /** Watches a socket that nobody reads, because no call is in progress. */
    private void watch() {
        try {
            CompletableFuture<Boolean> readable = socket.readable();
            if (readable.isDone()) {
                watched(Boolean.TRUE.equals(readable.join()));
            } else {
                readable.whenComplete((is, failed) -> {
                    watched(failed == null && Boolean.TRUE.equals(is));
                    advance.run();
                });
            }
        } catch (Throwable e) {
            watched(false);
        }
    }

    private void watched(boolean readable) {
        if (calls.watched(readable)) {
            fail(RepliesInOrder.unsolicited(socket, ""), null);
        }
    }

    /** Fails calls as {@link Calls#fail} does. After a close by this side, the conversation has ended normally. */
    private void fail(Throwable failed, @Nullable Call<R> from) {
        Throwable cause = OperationFuture.bare(failed);
        boolean closedHere = cause instanceof ClosedChannelException && cause.getCause() == null && !socket.isOpen();
        calls.fail(cause, from, closedHere);
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
