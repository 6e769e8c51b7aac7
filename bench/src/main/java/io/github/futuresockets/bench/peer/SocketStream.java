package io.github.futuresockets.bench.peer;

import java.io.IOException;
import java.nio.ByteBuffer;

/** The bytes of a conversation over a socket, as they are or encrypted. */
public interface SocketStream {
    /**
     * Goes on with what has to be done before the first byte.
     *
     * @return what it waits for, as an interest in the socket; 0: it is done, and what is there may be read, even if nothing
     *     more arrives
     */
    default int handshake() throws IOException {
        return 0;
    }

    /** As of a channel, into no less room than a record needs: a byte that has arrived is not kept back. */
    int read(ByteBuffer dst) throws IOException;

    /**
     * As of a channel: how far it got, which is where {@code src} is now. The next write begins with the same bytes as those that
     * this one has left.
     */
    int write(ByteBuffer src) throws IOException;

    void close() throws IOException;
}
