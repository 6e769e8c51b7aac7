package io.github.futuresockets.loop;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.NetworkChannel;
import org.jspecify.annotations.Nullable;

/**
 * A connected channel that is used by readiness. The user needs a buffer only when bytes have arrived, and any thread
 * can read or write without a change of threads.
 *
 * <p><b>Concurrency.</b> At most a single thread reads and a single thread writes at a time.
 */
public interface ReadinessChannel extends NetworkChannel {
    /**
     * Sets the listener. Call once, before {@link #awaitReadable} and {@link #awaitWritable}.
     *
     * @param listener receives each requested readiness, on the loop's thread
     */
    void listen(ReadinessListener listener);

    /**
     * Returns true if a read is worth a system call. A hint without a guarantee.
     *
     * @return false if the last read did not fill its buffer, and no readiness was reported since
     */
    boolean mayRead();

    /**
     * Reads the bytes that the kernel has, without waiting. From any thread.
     *
     * @param dst receives the bytes
     * @return the number of bytes, 0 if there are none, or -1 at the end of stream
     * @throws IOException if the connection has failed or is closed
     */
    int tryRead(ByteBuffer dst) throws IOException;

    /**
     * Writes as many bytes as the kernel takes, without waiting. From any thread.
     *
     * @param src the bytes
     * @return the number of bytes written, 0 if there is no room
     * @throws IOException if the connection has failed or is closed
     */
    int tryWrite(ByteBuffer src) throws IOException;

    /**
     * Requests a single notification of the listener when a read is possible. From any thread. A close drops the
     * request.
     */
    void awaitReadable();

    /**
     * Requests a single notification of the listener when a write is possible. From any thread. A close drops the
     * request.
     */
    void awaitWritable();

    /**
     * Ends the output. After the written bytes, the peer reads the end of stream.
     *
     * @return this channel
     * @throws IOException if the connection has failed or is closed
     */
    NetworkChannel shutdownOutput() throws IOException;

    /**
     * Returns the address of the peer.
     *
     * @return the address, or null if the channel is not connected
     * @throws IOException if the channel is closed
     */
    @Nullable SocketAddress getRemoteAddress() throws IOException;

    /**
     * Closes the channel, and runs a task on the loop's thread after the descriptor is closed. Call on the loop's
     * thread.
     *
     * @param released the task. Runs once, or never if the channel was closed before
     */
    void close(Runnable released);
}
