package io.github.futuresockets.impl.view;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.IncompleteReadException;
import io.github.futuresockets.Requests;
import io.github.futuresockets.codec.Decoder;
import io.github.futuresockets.codec.Encoder;
import io.github.futuresockets.compose.AdvancingDecoder;
import io.github.futuresockets.compose.SerialDrain;
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
     * Call: a call passes these places, in this order.
     * - `waiting`, until the request is about to be sent.
     * - `unanswered`, until the reply arrives. The order of this list is the order on the wire.
     * - `answered`, until a thread completes the call. A call that fails goes to `answered` from any place.
     * A cancelled call leaves `waiting`. In the later places a cancelled call stays, so that its reply is dropped.
     *
     * Drain: `drain` sends requests and begins reads. Therefore requests are sent one after the other, and no read begins
     * before the request of its reply is sent. At most one read is pending. No read begins while two calls wait in
     * `answered`. After a failed read, `reading` stays set, so that no further read begins.
     *
     * Completion: each change of the places is followed by `advance`, which drains and then completes calls. Calls are
     * completed outside the drain, because a dependent may begin another call, or may block. The next read begins before
     * a call is completed. A nested `advance` completes no call, so the stack stays flat. The outer `advance` of the
     * thread completes the calls. If the thread may block, a task on another thread completes the calls.
     *
     * No user code and no method of the socket runs under `lock`.
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

    private final SerialDrain drain = new SerialDrain(() -> {
        while (step()) {
            continue;
        }
    });

    private final Object lock = new Object();

    // guarded by lock
    /** The calls whose requests are not sent. */
    private final ArrayDeque<Call<R>> waiting = new ArrayDeque<>(1);

    /** The calls whose requests are sent, or being sent. */
    private final ArrayDeque<Call<R>> unanswered = new ArrayDeque<>(1);

    /** The calls with a reply or a failure. */
    private final ArrayDeque<Call<R>> answered = new ArrayDeque<>(1);

    /** The threads in {@link #advance}. */
    private final List<Thread> advancing = new ArrayList<>(1);

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

    /** Does everything that is possible now. Called without the lock, after each change of the places. */
    private void advance() {
        Thread thread = Thread.currentThread();
        boolean outer;
        synchronized (lock) {
            outer = !advancing.contains(thread);
            if (outer) {
                advancing.add(thread);
            }
        }
        try {
            do {
                drain.drain();
            } while (complete(outer));
        } finally {
            if (outer) {
                synchronized (lock) {
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
        Call<R> call;
        boolean others;
        synchronized (lock) {
            call = outer ? answered.poll() : null;
            others = !answered.isEmpty();
        }
        if (others) {
            handOver();
        }
        if (call != null) {
            call.end();
        }
        return call != null;
    }

    /** Sends a request or begins a read. Returns false if neither is possible now. For the drain. */
    private boolean step() {
        Call<R> call;
        boolean alone;
        synchronized (lock) {
            alone = unanswered.isEmpty();
            call = failure == null && unanswered.size() < inFlight ? waiting.poll() : null;
            if (call != null) {
                unanswered.add(call);
            } else if (reading || alone || answered.size() > 1) {
                return false;
            } else {
                reading = true;
            }
        }
        if (call != null) {
            send(call, alone);
        } else {
            read();
        }
        return true;
    }

    /**
     * Sends the request of a call. If the write fails, the call and all later calls fail.
     *
     * @param alone true if no other call waits for a reply, so that bytes in the read buffer are unsolicited
     */
    private void send(Call<R> call, boolean alone) {
        try {
            int unasked = alone ? socket.buffered() : 0;
            if (unasked > 0) {
                throw new IOException(describe() + ": before it, " + unasked + " bytes came that nobody had asked for");
            }
            CompletableFuture<Void> write = socket.write(call.takeBytes());
            if (write.isDone()) {
                write.join();
            } else {
                write.whenComplete((written, failed) -> {
                    if (failed != null) {
                        fail(failed, call);
                        advance();
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
            boolean more = from == null || unanswered.contains(from);
            while (more && !unanswered.isEmpty()) {
                failing.addFirst(unanswered.removeLast());
                more = failing.getFirst() != from;
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
