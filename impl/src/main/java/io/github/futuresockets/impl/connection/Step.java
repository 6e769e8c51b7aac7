package io.github.futuresockets.impl.connection;

/** The next step for the caller of a {@link ReadState}. A step that is a {@link Read} means to complete the read. */
final class Step {
    /** Stop here. Another thread or a later event continues. */
    static final Object WAIT = new Object();

    /** Ask the transport for bytes. */
    static final Object FILL = new Object();

    /** Run the decoder of the pending read, without the lock. */
    static final Object DECODE = new Object();

    /** Continue as a task of the loop, because the next read belongs to another caller. */
    static final Object LATER = new Object();

    /** Pass the outcome of the fill to {@link ReadState#successor}. */
    static final Object HAND_ON = new Object();

    private Step() {}
}
