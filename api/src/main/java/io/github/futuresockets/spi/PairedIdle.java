package io.github.futuresockets.spi;

import io.github.futuresockets.AsyncSocket;
import java.time.Duration;

/** A socket whose idle time-out can be one with that of another socket. */
public interface PairedIdle {

    /**
     * Aborts this socket and another one when no byte has come or gone for so long, on neither of them. Replaces the idle time-outs
     * of both: {@link AsyncSocket#idleTimeout} of either socket sets that of the pair from now on.
     *
     * @param other the other socket
     * @param timeout more than zero
     * @return false, without any effect, if the other socket is of another kind
     */
    boolean idleTogether(AsyncSocket other, Duration timeout);
}
