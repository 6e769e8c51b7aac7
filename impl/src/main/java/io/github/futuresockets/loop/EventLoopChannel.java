package io.github.futuresockets.loop;

import java.io.IOException;
import java.nio.channels.FileChannel;

/**
 * A socket channel of this provider, with methods that NIO.2 does not have. Use a channel either by readiness, or by
 * the reads and writes of NIO.2, and never by both.
 */
public interface EventLoopChannel extends ReadinessChannel {
    /**
     * Returns the loop of this channel.
     *
     * @return the loop, the same for each call
     */
    EventLoop loop();

    /**
     * Sends bytes of a file, as many as the kernel takes at once, and without a copy if the kernel supports a direct
     * transfer. Does not wait for room in the socket, but may wait for the file.
     *
     * <p><b>Concurrency.</b> Any thread that may wait for the file can call this method. The call is a write of this
     * channel, like {@link #tryWrite}. Do not close the channel before the call has returned, because the JDK up to at
     * least release 17 releases the descriptor during the call.
     *
     * @param file the source of the bytes. Its own position is neither used nor changed
     * @param position the position of the first byte in the file
     * @param most the largest number of bytes to send. The file must have at least this many bytes after the position
     * @return the number of bytes sent, 0 if there is no room
     * @throws IOException if the file cannot be read, the connection has failed, or the file or the channel is closed
     */
    int trySend(FileChannel file, long position, int most) throws IOException;
}
