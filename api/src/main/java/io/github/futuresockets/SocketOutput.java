package io.github.futuresockets;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/** The writing side of a socket, for code that blocks. */
final class SocketOutput extends OutputStream {
    private final AsyncSocket socket;

    SocketOutput(AsyncSocket socket) {
        this.socket = socket;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] src, int from, int length) throws IOException {
        Objects.checkFromIndexSize(from, length, src.length);
        if (length == 0) {
            return;
        }
        CompletableFuture<Void> write = socket.write(ByteBuffer.wrap(src, from, length));
        try {
            SocketInput.await(write);
        } catch (IllegalStateException e) {
            // Nobody waits for it, on an I/O thread: it must not keep the array, so what is left is copied.
            write.cancel(false);
            throw e;
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
