package io.github.futuresockets;

import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The reason why a socket ended.
 *
 * @param kind the way in which the socket ended
 * @param cause the failure, for {@link Kind#RESET}, {@link Kind#TIMED_OUT} and {@link Kind#FAILED}; otherwise null
 */
public record CloseReason(Kind kind, @Nullable IOException cause) {

    /** The ways in which a socket can end. */
    public enum Kind {
        /** {@link AsyncSocket#close} was called before the end of the peer's stream was read. */
        CLOSED,
        /** {@link AsyncSocket#close} was called after the end of the peer's stream was read. */
        PEER_CLOSED,
        /** {@link AsyncSocket#abort} was called, or the {@link AsyncSockets} were closed. */
        ABORTED,
        /**
         * A read or a write failed in the kernel. Mostly the peer, or a device between the peers, has reset the
         * connection. The kernel also gives up a peer after a long time without an answer. Java distinguishes these
         * cases only by the message of the cause, and the operating system words the message in its own language.
         */
        RESET,
        /** {@code writeTimeout} or {@code idleTimeout} expired, or the close took longer than {@code closeTimeout}. */
        TIMED_OUT,
        /**
         * The connection failed on this side. Examples are the limit of the write queue, an encoder, a source of
         * {@code transferFrom}, and an error of TLS.
         */
        FAILED
    }

    /**
     * Creates a reason.
     *
     * @param kind the way in which the socket ended
     * @param cause the failure, or null
     */
    public CloseReason {
        Objects.requireNonNull(kind, "kind");
    }
}
