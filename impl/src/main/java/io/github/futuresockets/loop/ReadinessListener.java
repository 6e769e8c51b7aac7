package io.github.futuresockets.loop;

/** Is told, on the thread of the channel's loop, what it has asked for. Must not block. */
public interface ReadinessListener {
    /** A read finds bytes, the end of the stream, or a failure; seldom nothing. */
    void readable();

    /** A write finds room, or a failure; seldom nothing. */
    void writable();
}
