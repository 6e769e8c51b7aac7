package io.github.futuresockets.impl.view;

import io.github.futuresockets.AsyncScope;
import io.github.futuresockets.AsyncSocket;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The reading side of a socket, for code that blocks. */
public final class SocketInput extends InputStream {
    private final AsyncSocket socket;

    public SocketInput(AsyncSocket socket) {
        this.socket = socket;
    }

    /**
     * Waits as the streams of java.io do. The operation is taken back when the thread is interrupted, and on an I/O thread, where
     * nobody waits for it: it must not keep the array.
     */
    static <T> @Nullable T await(CompletableFuture<T> operation) throws IOException {
        try {
            return AsyncScope.await(operation);
        } catch (IllegalStateException refused) {
            if (!operation.cancel(false)) {
                // Its bytes are taken already; another thread delivers it now, or the executor in its turn.
                while (!operation.isDone()) {
                    Thread.onSpinWait();
                }
                if (!operation.isCompletedExceptionally()) {
                    return operation.join();
                }
            }
            throw refused;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted: " + operation);
            interrupted.initCause(e);
            throw interrupted;
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] dst, int from, int length) throws IOException {
        Objects.checkFromIndexSize(from, length, dst.length);
        if (length == 0) {
            return 0;
        }
        return await(socket.read(ByteBuffer.wrap(dst, from, length)));
    }

    @Override
    public int available() {
        return socket.buffered();
    }

    @Override
    public void close() {
        socket.close();
    }
}
