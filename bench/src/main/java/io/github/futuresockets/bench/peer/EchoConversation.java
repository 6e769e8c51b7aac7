package io.github.futuresockets.bench.peer;

import io.github.futuresockets.AsyncSocket;
import java.nio.ByteBuffer;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Sends back what comes, as it comes, until the peer ends its stream: a loop over a read and a write. */
public final class EchoConversation {
    /*
     * Each turn starts the next one from the end of its own futures, so nothing of a turn outlives it. A chain of
     * thenCompose would keep every turn until the last. The stack does not grow either: a connection does not complete
     * more than 32 operations in a row within the call.
     */
    private final AsyncSocket socket;
    private final ByteBuffer buffer;
    private final BiConsumer<Integer, @Nullable Throwable> wasRead = this::wasRead;
    private final BiConsumer<Void, @Nullable Throwable> wasWritten = this::wasWritten;

    public EchoConversation(AsyncSocket socket, int bufferSize) {
        this.socket = socket;
        this.buffer = ByteBuffer.allocateDirect(bufferSize);
    }

    public void read() {
        socket.read(buffer.clear()).whenComplete(wasRead);
    }

    private void wasRead(Integer count, @Nullable Throwable failure) {
        if (failure != null) {
            socket.abort();
        } else if (count < 0) {
            socket.close();
        } else {
            socket.write(buffer.flip()).whenComplete(wasWritten);
        }
    }

    private void wasWritten(Void none, @Nullable Throwable failure) {
        if (failure != null) {
            socket.abort();
        } else {
            read();
        }
    }
}
