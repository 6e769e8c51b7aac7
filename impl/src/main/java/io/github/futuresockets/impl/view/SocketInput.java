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

/** The view of a socket as an input stream, for code that may block. Has no buffer and no lock. */
public final class SocketInput extends InputStream {
    private final AsyncSocket socket;

    /**
     * Creates the view.
     *
     * @param socket the socket of the view
     */
    public SocketInput(AsyncSocket socket) {
        this.socket = socket;
    }

    /**
     * Waits for an operation, and withdraws the operation if the wait ends early. Because the operation uses the
     * caller's array, no operation stays pending after the return.
     *
     * @throws InterruptedIOException if this thread is interrupted before the operation is done. The interrupt status
     *     stays set
     * @throws IllegalStateException if this thread is an I/O thread of the socket and the operation is pending
     * @throws IOException if the operation fails
     */
    static <T> @Nullable T await(CompletableFuture<T> operation) throws IOException {
        try {
            return awaitOrRefuse(operation);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted: " + operation);
            interrupted.initCause(e);
            throw interrupted;
        }
    }

    private static <T> @Nullable T awaitOrRefuse(CompletableFuture<T> operation)
            throws IOException, InterruptedException {
        try {
            return AsyncScope.await(operation);
        } catch (IllegalStateException refused) {
            if (operation.cancel(false)) {
                throw refused;
            }
        }
        // The operation has its outcome. Another thread, or a task of the executor, completes the future.
        CompletableFuture<Void> done = new CompletableFuture<>();
        operation.whenComplete((value, failure) -> done.complete(null));
        done.join();
        return AsyncScope.await(operation);
    }

    /** Blocks until a byte is available. Returns the byte, or -1 at the end of the stream. */
    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    /**
     * Blocks until bytes are available. Returns the number of bytes, or -1 at the end of the stream. Returns 0 at once
     * if {@code length} is 0.
     */
    @Override
    public int read(byte[] dst, int from, int length) throws IOException {
        Objects.checkFromIndexSize(from, length, dst.length);
        if (length == 0) {
            return 0;
        }
        return await(socket.read(ByteBuffer.wrap(dst, from, length)));
    }

    /** Returns the number of prefetched bytes. */
    @Override
    public int available() {
        return socket.buffered();
    }

    /** Closes the socket. */
    @Override
    public void close() {
        socket.close();
    }
}
