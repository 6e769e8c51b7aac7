package io.github.futuresockets.bench.peer;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A stream of bytes over a non-blocking socket, plain or encrypted. An instance is not thread-safe. */
public interface SocketStream {
    /**
     * Continues the handshake, as far as the socket permits.
     *
     * @return the awaited operation of the socket, as in {@code SelectionKey}; 0 after the handshake. After 0, call
     *     {@code read} at once, because bytes may have arrived with the handshake.
     */
    default int handshake() throws IOException {
        return 0;
    }

    /**
     * Reads like a channel. {@code dst} must have room for a whole TLS record. All whole records received with the read
     * are decrypted to {@code dst}.
     */
    int read(ByteBuffer dst) throws IOException;

    /**
     * Writes like a channel. The new position of {@code src} is the progress of the write. The next write must begin
     * with the bytes left in {@code src}.
     */
    int write(ByteBuffer src) throws IOException;

    void close() throws IOException;
}
