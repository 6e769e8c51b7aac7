package io.github.futuresockets.bench.peer;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import java.nio.channels.ClosedChannelException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A loop over the accepts of a listener. Each connection is passed to the conversation.
 *
 * <p>The loop ends with the first failed accept. The failure is printed, unless the listener was closed.
 */
public final class AcceptLoop {
    private final AsyncServerSocket listener;
    private final Consumer<AsyncSocket> conversation;

    public AcceptLoop(AsyncServerSocket listener, Consumer<AsyncSocket> conversation) {
        this.listener = listener;
        this.conversation = conversation;
    }

    /** Starts the loop. Returns at once. */
    public void accept() {
        listener.accept().whenComplete(this::accepted);
    }

    private void accepted(@Nullable AsyncSocket socket, @Nullable Throwable failure) {
        if (failure == null) {
            conversation.accept(socket);
            accept();
        } else if (!(failure instanceof ClosedChannelException)) {
            System.err.println(listener.localAddress() + " accepts no more: " + failure);
        }
    }
}
