package io.github.futuresockets.spi;

import io.github.futuresockets.AsyncSocket;
import java.time.Duration;

/** A socket that can share an idle time-out with another socket, for a relay. */
public interface PairedIdle {

    /**
     * Sets a shared idle time-out for a pair of sockets. If neither socket receives or sends a byte for the time-out,
     * both sockets are aborted.
     *
     * <p>The shared time-out replaces the idle time-outs of both sockets. From then on, {@link AsyncSocket#idleTimeout}
     * of either socket sets the shared time-out.
     *
     * @param other the other socket
     * @param timeout the time-out, more than zero
     * @return true if the time-out is set; false, without any effect, if the other socket is of another implementation
     */
    boolean idleTogether(AsyncSocket other, Duration timeout);
}
