package io.github.futuresockets.impl;

import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** A connect to one of the addresses of a name. Guarded by the monitor of its {@link Connect}. */
final class ConnectTry {
    final SocketAddress address;
    Channels.@Nullable Attempt attempt;
    boolean ended;

    /** Its share of the time is over: the attempt ends, and makes way for the next one. */
    boolean late;

    ConnectTry(SocketAddress address) {
        this.address = address;
    }
}
