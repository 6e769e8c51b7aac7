package io.github.futuresockets.impl.view;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The rule by which a reply belongs to a call. The methods of a call are called in the order of this page. Thread-safe.
 *
 * @param <Q> the type of a request
 * @param <R> the type of a reply
 */
interface Pairing<Q, R> {

    /** Returns the id of a request, or null if the rule has no ids. An exception fails the request. */
    @Nullable Object idOf(Q request);

    /** Reserves the id of a call. An exception fails the request. */
    void reserve(Call<R> call);

    /** Frees the id of a call that is never sent. */
    void release(Call<R> call);

    /** Prepares the sending of a call. An exception fails the conversation. For the drainer. */
    void beforeSend(Call<R> call) throws IOException;

    /** Passes a reply to its call in {@link Calls}. An exception fails the conversation. One thread at a time. */
    void arrived(R reply) throws IOException;
}
