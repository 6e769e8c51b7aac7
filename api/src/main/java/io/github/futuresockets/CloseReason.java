package io.github.futuresockets;

import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a socket ended.
 *
 * @param kind the way
 * @param cause what ended it, for {@link Kind#RESET}, {@link Kind#TIMED_OUT} and {@link Kind#FAILED}; otherwise null
 */
public record CloseReason(Kind kind, @Nullable IOException cause) {

    /** The ways a socket can end. */
    public enum Kind {
        /** By {@link AsyncSocket#close} while the peer could still send; its end of the stream came after ours. */
        CLOSED,
        /** By {@link AsyncSocket#close} after the peer had ended its stream. */
        PEER_CLOSED,
        /** By {@link AsyncSocket#abort} or by closing the {@link AsyncSockets}. */
        ABORTED,
        /**
         * The connection broke: a read or a write of it has failed in the kernel. Mostly the peer, or something on the way, has reset it;
         * the kernel also gives up a peer that is out of reach for long. Java tells these apart by a text in the language of the
         * system only, which is that of the cause.
         */
        RESET,
        /** By {@code writeTimeout}, {@code idleTimeout}, or because a close took longer than {@code closeTimeout}. */
        TIMED_OUT,
        /** The conversation failed on this side: the queue limit, an encoder, a source of {@code transferFrom}, an error of TLS. */
        FAILED
    }

    /**
     * Checks that the kind is there.
     *
     * @param kind the way
     * @param cause what ended it, or null
     */
    public CloseReason {
        Objects.requireNonNull(kind, "kind");
    }
}
