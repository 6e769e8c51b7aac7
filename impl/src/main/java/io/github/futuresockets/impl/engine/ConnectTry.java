package io.github.futuresockets.impl.engine;

import io.github.futuresockets.compose.CancelSlot;
import io.github.futuresockets.impl.transport.Network;
import java.net.SocketAddress;

/** An attempt of a {@link Connect} to connect to a single address. */
final class ConnectTry {
    final SocketAddress address;

    /**
     * The attempt on the network. Empty until the network has returned the attempt. Cancelled if the attempt is not
     * wanted any more, closed after the outcome of the attempt.
     */
    final CancelSlot<Network.Attempt> attempt = new CancelSlot<>(Network.Attempt::close);

    // guarded by the monitor of the Connect
    /**
     * True if the attempt has used up its share of the time. The attempt is then closed, and the next attempt begins.
     */
    boolean late;

    ConnectTry(SocketAddress address) {
        this.address = address;
    }
}
