package io.github.futuresockets.loop;

/** A receiver of requested readiness, on the thread of the channel's loop. The methods must not block. */
public interface ReadinessListener {
    /** Called when a read finds bytes, the end of stream, or a failure. In rare cases a read finds nothing. */
    void readable();

    /** Called when a write finds room or a failure. In rare cases a write finds no room. */
    void writable();
}
