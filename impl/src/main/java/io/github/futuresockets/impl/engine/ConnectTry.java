package io.github.futuresockets.impl.engine;

import io.github.futuresockets.impl.transport.Network;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** An attempt of a {@link Connect} to connect to a single address. */
final class ConnectTry {
    final SocketAddress address;

    // guarded by the monitor of the Connect
    /** The attempt on the network. Null until the network has returned it. */
    Network.@Nullable Attempt attempt;

    boolean ended;

    /**
     * True if the attempt has used up its share of the time. The attempt is then closed, and the next attempt begins.
     */
    boolean late;

    ConnectTry(SocketAddress address) {
        this.address = address;
    }
}
