package io.github.futuresockets.bench.peer;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import java.nio.channels.ClosedChannelException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Hands each connection of a listener to a conversation, until the listener is closed. */
public final class AcceptLoop {
    private final AsyncServerSocket listener;
    private final Consumer<AsyncSocket> conversation;

    public AcceptLoop(AsyncServerSocket listener, Consumer<AsyncSocket> conversation) {
        this.listener = listener;
        this.conversation = conversation;
    }

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
