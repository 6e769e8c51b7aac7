package io.github.futuresockets.impl.view;

import io.github.futuresockets.AsyncSocket;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/** The view of a socket as an output stream, for code that may block. Has no buffer and no lock. */
public final class SocketOutput extends OutputStream {
    private final AsyncSocket socket;

    /**
     * Creates the view.
     *
     * @param socket the socket of the view
     */
    public SocketOutput(AsyncSocket socket) {
        this.socket = socket;
    }

    /** Blocks until the kernel has taken the byte. */
    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    /** Blocks until the kernel has taken every byte. */
    @Override
    public void write(byte[] src, int from, int length) throws IOException {
        Objects.checkFromIndexSize(from, length, src.length);
        if (length == 0) {
            return;
        }
        SocketInput.await(socket.write(ByteBuffer.wrap(src, from, length)));
    }

    /** Closes the socket. */
    @Override
    public void close() {
        socket.close();
    }
}
