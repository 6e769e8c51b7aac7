package io.github.futuresockets.impl.view;

import io.github.futuresockets.AsyncSocket;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/** The writing side of a socket, for code that blocks. */
public final class SocketOutput extends OutputStream {
    private final AsyncSocket socket;

    public SocketOutput(AsyncSocket socket) {
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
        SocketInput.await(socket.write(ByteBuffer.wrap(src, from, length)));
    }

    @Override
    public void close() {
        socket.close();
    }
}
