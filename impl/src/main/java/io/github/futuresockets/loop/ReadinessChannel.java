package io.github.futuresockets.loop;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What a socket channel of this provider can do beyond NIO.2: be used by readiness, so that a buffer is needed only when
 * there are bytes, and from any thread without a change of threads.
 *
 * <p>A channel is used either so or by the reads and writes of NIO.2. At most one thread reads and one writes at a time.
 */
public interface ReadinessChannel {
    /**
     * The loop of this channel.
     *
     * @return always the same
     */
    EventLoop loop();

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
     * Closes the channel, and then, when its descriptor is gone, says so on the loop's thread. To be called there.
     *
     * @param released runs once, unless the channel was closed before
     */
    void close(Runnable released);
}
