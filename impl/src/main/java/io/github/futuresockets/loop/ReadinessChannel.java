package io.github.futuresockets.loop;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.NetworkChannel;
import org.jspecify.annotations.Nullable;

/**
 * A connected channel that is used by readiness, so that a buffer is needed only when there are bytes, and from any thread
 * without a change of threads. At most one thread reads and one writes at a time.
 */
public interface ReadinessChannel extends NetworkChannel {
    /**
     * Says who is told from now on. To be called once, before the first wait.
     *
     * @param listener gets each readiness that is waited for, on the loop's thread
     */
    void listen(ReadinessListener listener);

    /**
     * Whether a read would be worth a system call: false if the last one came back short and nothing was reported since.
     *
     * @return false if the next read will find nothing, as far as is known
     */
    boolean mayRead();

    /**
     * Reads what the kernel has, without waiting; from any thread.
     *
     * @param dst takes the bytes
     * @return how many; 0 if there is nothing; -1 at the end of the stream
     * @throws IOException if the connection has failed or is closed
     */
    int tryRead(ByteBuffer dst) throws IOException;

    /**
     * Writes what the kernel takes, without waiting; from any thread.
     *
     * @param src gives the bytes
     * @return how many; 0 if there is no room
     * @throws IOException if the connection has failed or is closed
     */
    int tryWrite(ByteBuffer src) throws IOException;

    /** Has the listener told, once, when it can read. From any thread. Lost if the channel is closed. */
    void awaitReadable();

    /** Has the listener told, once, when it can write. From any thread. Lost if the channel is closed. */
    void awaitWritable();

    /**
     * Ends the output: the peer finds the end of the stream behind what was written.
     *
     * @return this channel
     * @throws IOException if the connection has failed or is closed
     */
    NetworkChannel shutdownOutput() throws IOException;

    /**
     * The address of the other end.
     *
     * @return the address; null if it is not connected
     * @throws IOException if it is closed
     */
    @Nullable SocketAddress getRemoteAddress() throws IOException;

    /**
     * Closes the channel, and then, when its descriptor is gone, says so on the loop's thread. To be called there.
     *
     * @param released runs once, unless the channel was closed before
     */
    void close(Runnable released);
}
