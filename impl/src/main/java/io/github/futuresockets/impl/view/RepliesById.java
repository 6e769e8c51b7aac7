package io.github.futuresockets.impl.view;

import java.io.IOException;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Pairs each reply with the request of the same id. All other messages go to a handler.
 *
 * @param peer the sender of the replies, for messages
 * @param calls the calls of the conversation
 * @param ids the ids of the open calls
 * @param idOfRequest returns the id of a request
 * @param idOfReply returns the id of a reply, or null for a message that is no reply
 * @param unsolicited the handler of messages without a call
 * @param <Q> the type of a request
 * @param <R> the type of a reply
 */
record RepliesById<Q, R>(
        Supplier<?> peer,
        Calls<R> calls,
        PendingIds<R> ids,
        Function<? super Q, ?> idOfRequest,
        Function<? super R, ?> idOfReply,
        Consumer<? super R> unsolicited)
        implements Pairing<Q, R> {
    RepliesById {
        Objects.requireNonNull(idOfRequest, "idOfRequest");
        Objects.requireNonNull(idOfReply, "idOfReply");
        Objects.requireNonNull(unsolicited, "unsolicited");
    }

    @Override
    public Object idOf(Q request) {
        return Objects.requireNonNull(
                idOfRequest.apply(request), () -> "request to " + peer.get() + ": the id of the request is null");
    }

    @Override
    public void reserve(Call<R> call) {
        Call<R> other = ids.reserve(call);
        if (other != null) {
            throw new IllegalStateException("request to " + peer.get() + ": the id " + call.id + " belongs to a call "
                    + (other.isDone() ? "without a reply, cancelled or timed out before" : "in progress"));
        }
    }

    @Override
    public void release(Call<R> call) {
        ids.release(call);
    }

    @Override
    public void beforeSend(Call<R> call) {
        call.sent = true;
    }

    @Override
    public void arrived(R reply) throws IOException {
        Call<R> call;
        try {
            call = ids.take(idOfReply.apply(reply));
        } catch (Throwable e) {
            throw new IOException("message from " + peer.get() + ": the function for its id failed: " + e, e);
        }
        if (call != null) {
            calls.reply(call, reply);
        } else {
            calls.message(() -> handle(reply));
        }
    }

    /** Calls the handler. An exception of the handler is logged, because the conversation is intact. */
    private void handle(R message) {
        try {
            unsolicited.accept(message);
        } catch (Throwable e) {
            System.getLogger("io.github.futuresockets")
                    .log(
                            System.Logger.Level.ERROR,
                            "message from " + peer.get() + ": the handler of unsolicited messages failed",
                            e);
        } finally {
            calls.handled();
        }
    }
}
