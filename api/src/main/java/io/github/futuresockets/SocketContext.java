package io.github.futuresockets;

import io.github.futuresockets.future.IoContext;
import io.github.futuresockets.future.OperationFuture;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The I/O context of a reader or writer, also of a user's socket that delegates to a socket of this library. */
final class SocketContext {
    private SocketContext() {}

    /**
     * Returns the context of the operations, or null for an object of another library. A delegating socket gets a
     * context from its {@code closed()} future. A future with a context is cancelled, so that no waiter stays with the
     * socket. A future of another library may be shared, and stays unchanged.
     */
    static @Nullable IoContext of(Object endpoint) {
        IoContext known = IoContext.of(endpoint);
        if (known == null && endpoint instanceof AsyncSocket delegating) {
            CompletableFuture<?> closed = delegating.closed();
            known = OperationFuture.contextOf(closed);
            if (known != null) {
                closed.cancel(false);
            }
        }
        return known;
    }
}
