package io.github.futuresockets.impl.connection;

/** The next step for the caller of a {@link ReadState}. A step that is a {@link Read} means to complete the read. */
sealed interface Step permits Read, Step.Signal {
    /** A step without a read. */
    enum Signal implements Step {
        /** Stop here. Another thread or a later event continues. */
        WAIT,

        /** Ask the transport for bytes. */
        FILL,

        /** Run the decoder of the pending read, without the lock. */
        DECODE,

        /** Continue as a task of the loop, because the next read belongs to another caller. */
        LATER,

        /** Pass the outcome of the fill to {@link ReadState#successor}. */
        HAND_ON
    }
}
