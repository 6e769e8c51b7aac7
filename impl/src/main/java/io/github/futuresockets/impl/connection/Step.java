package io.github.futuresockets.impl.connection;

/** The next step of a {@link ReadSide}, as decided by its {@link ReadState}: a signal, or a read to complete. */
sealed interface Step permits Read, Step.Signal {
    /** The steps without a read to complete. */
    enum Signal implements Step {
        /** Nothing to do. A later event continues. */
        WAIT,
        /** Read from the transport. The caller's thread is the reading thread. */
        READ,
        /** Request a signal of the transport. */
        AWAIT,
        /** Find out whether the kernel has no more bytes, for the end of the input. */
        SETTLE,
        /** Run the decoder. The caller's thread is the decoding thread. */
        DECODE,
        /** Take the next step as a task of the loop. */
        LATER,
        /** Take the next steps, then end the hold that the release has taken for this thread. */
        RELEASED
    }
}
