package io.github.futuresockets.impl.transport;

import java.io.IOException;
import java.nio.ByteBuffer;

/** The ability of a {@link Transport} to move bytes of a caller's direct buffer without a copy and without a wait. */
public interface DirectTransport {
    /** Returns true if a read is worth a system call. A hint without a guarantee. */
    boolean mayRead();

    /**
     * Reads into a caller's buffer. The transport keeps no reference to the buffer.
     *
     * @return the number of bytes, 0 if there are none, or -1 at the end of stream
     * @throws IOException if the connection has failed or is closed
     */
    int read(ByteBuffer dst) throws IOException;

    /**
     * Writes from a caller's buffer. The transport keeps no reference to the buffer.
     *
     * @return the number of bytes, 0 if there is no room
     * @throws IOException if the connection has failed or is closed
     */
    int write(ByteBuffer src) throws IOException;
}
