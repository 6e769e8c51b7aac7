package io.github.futuresockets.impl.connection;

import io.github.futuresockets.AsyncSocket;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;

/**
 * The weak reference of a connection to the socket of its user. Because a loop holds its connections, only a weak
 * reference lets a socket without a user be collected. The {@link LeakDetector} then finds the connection here.
 */
final class SocketReference extends WeakReference<AsyncSocket> {
    final Connection connection;

    /** Makes a reference, to be added to {@code collected} after the socket was collected. */
    SocketReference(AsyncSocket socket, Connection connection, ReferenceQueue<AsyncSocket> collected) {
        super(socket, collected);
        this.connection = connection;
    }
}
