package io.github.futuresockets.impl.transport;

import java.io.IOException;
import java.nio.channels.FileChannel;

/** The ability of a {@link Transport} to send bytes of a file without a copy. */
public interface FileTransport {
    /**
     * Sends from a file as many bytes as the kernel takes, without a wait for room. Called on a thread that may wait
     * for the disk. The call counts as a write of the transport. The transport must not be closed during the call.
     *
     * @param file the source
     * @param position the position in the file
     * @param most the maximum number of bytes
     * @return the number of bytes, 0 if there is no room
     * @throws IOException if the file cannot be read, or the connection has failed or is closed
     */
    int send(FileChannel file, long position, int most) throws IOException;
}
