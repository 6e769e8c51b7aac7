package io.github.futuresockets;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The reading side of a socket, for code that blocks. */
final class SocketInput extends InputStream {
    private final AsyncSocket socket;

    SocketInput(AsyncSocket socket) {
        this.socket = socket;
    }

    /** Waits as the streams of java.io do. The operation is taken back when the thread is interrupted. */
    static <T> @Nullable T await(CompletableFuture<T> operation) throws IOException {
        try {
            return AsyncScope.await(operation);
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
        CompletableFuture<Integer> read = socket.read(ByteBuffer.wrap(dst, from, length));
        try {
            return await(read);
        } catch (IllegalStateException e) {
            // Nobody waits for it, on an I/O thread: it must not keep the array.
            read.cancel(false);
            throw e;
        }
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
