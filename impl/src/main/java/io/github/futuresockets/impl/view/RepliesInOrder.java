package io.github.futuresockets.impl.view;

import io.github.futuresockets.AsyncSocket;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Pairs each reply with the earliest request without a reply.
 *
 * @param socket the socket of the conversation
 * @param calls the calls of the conversation
 * @param <Q> the type of a request
 * @param <R> the type of a reply
 */
record RepliesInOrder<Q, R>(AsyncSocket socket, Calls<R> calls) implements Pairing<Q, R> {
    @Override
    public @Nullable Object idOf(Q request) {
        return null;
    }

    @Override
    public void reserve(Call<R> call) {}

    @Override
    public void release(Call<R> call) {}

    /** Fails if no reply is due and bytes are in the buffer. The bytes would count as the reply of this call. */
    @Override
    public void beforeSend(Call<R> call) throws IOException {
        if (call.alone && socket.buffered() > 0) {
            throw unsolicited(socket, "before it, ");
        }
    }

    /** Returns the failure of a conversation after an unsolicited reply. */
    static IOException unsolicited(AsyncSocket socket, String when) {
        return new IOException("request to " + socket.remoteAddress() + ": " + when + socket.buffered()
                + " bytes came that nobody had asked for");
    }

    @Override
    public void arrived(R reply) {
        calls.reply(null, reply);
    }
}
