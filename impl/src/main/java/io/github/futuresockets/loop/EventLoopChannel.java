package io.github.futuresockets.loop;

import java.io.IOException;
import java.nio.channels.FileChannel;

/**
 * What a socket channel of this provider can do beyond NIO.2. It is used either by readiness or by the reads and writes of
 * NIO.2.
 */
public interface EventLoopChannel extends ReadinessChannel {
    /**
     * The loop of this channel.
     *
     * @return always the same
     */
    EventLoop loop();

    /**
     * Sends from a file what the kernel takes, without waiting for room, and where the kernel can do it by itself without a
     * copy; from any thread that may wait for the file. It is a write of this channel like {@link #tryWrite}; the channel must
     * not be closed before it has returned, because older releases of the JDK, 17 too, let the descriptor go meanwhile.
     *
     * @param file where the bytes come from; its position is not looked at, and stays
     * @param position of the first byte
     * @param most the most bytes to send; as many are there
     * @return how many; 0 if there is no room
     * @throws IOException if the file cannot be read, the connection has failed, or one of them is closed
     */
    int trySend(FileChannel file, long position, int most) throws IOException;
}
