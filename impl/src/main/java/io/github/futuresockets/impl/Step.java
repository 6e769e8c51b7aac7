package io.github.futuresockets.impl;

/** What the caller of a {@link ReadState} has to do next; a read instead of one of these is one to complete. */
final class Step {
    /** Nothing: somebody else will go on. */
    static final Object WAIT = new Object();

    /** Ask the transport. */
    static final Object FILL = new Object();

    /** Run the decoder. */
    static final Object DECODE = new Object();

    /** Go on as a task of the loop: it is the turn of somebody else's read. */
    static final Object LATER = new Object();

    /** Give what has come to {@link ReadState#heir}. */
    static final Object HAND_ON = new Object();

    private Step() {}
}
