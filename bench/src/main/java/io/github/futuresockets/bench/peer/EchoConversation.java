package io.github.futuresockets.bench.peer;

import io.github.futuresockets.AsyncSocket;
import java.nio.ByteBuffer;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** An echo of all received bytes until the end of the stream. A loop over a read and a write. */
public final class EchoConversation {
    /*
     * The completion of each operation starts the next operation, so no future outlives its operation. A chain of
     * thenCompose would keep the futures of all operations until the last. The stack stays small, because a connection
     * completes at most 32 operations in a row within the call.
     */
    private final AsyncSocket socket;
    private final ByteBuffer buffer;
    private final BiConsumer<Integer, @Nullable Throwable> wasRead = this::wasRead;
    private final BiConsumer<Void, @Nullable Throwable> wasWritten = this::wasWritten;

    public EchoConversation(AsyncSocket socket, int bufferSize) {
        this.socket = socket;
        this.buffer = ByteBuffer.allocateDirect(bufferSize);
    }

    /** Starts the loop. Returns at once. */
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
