package io.github.futuresockets.impl.transport;

import io.github.futuresockets.TlsSession;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The port between the core and a provider: a connected byte stream that is used by readiness.
 *
 * <p>A read and a write never wait. If nothing was moved, the caller requests a signal to the {@link Listener}, and
 * tries again after the signal. A signal may come without a request and without a cause. No signal comes after
 * {@link #close}.
 *
 * <p><b>Concurrency.</b> At most a single thread reads, and at most a single thread writes, at a time. All signals come
 * on the thread of the loop.
 */
public interface Transport {
    /** The result of a read that has found nothing. */
    ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** The receiver of the signals of a transport. */
    interface Listener {
        /** Reports that a read may find bytes, the end of stream, or a failure. On the loop. */
        void readable();

        /** Reports that a write may move bytes or fail. On the loop. */
        void writable();

        /** Reports that bytes of the peer have arrived, too few for the result of a read. On any thread. */
        void received();

        /** Reports that bytes have left, too few for the result of a write. On any thread. */
        void sent();
    }

    /**
     * Sets the listener. Called before the first operation, or later on the loop while no thread reads or writes. From
     * then on all signals go to the new listener.
     */
    void listen(Listener listener);

    /**
     * Returns true if the transport is not ready for use yet. No user has such a transport, so a close drops all bytes.
     */
    default boolean isOpening() {
        return false;
    }

    /**
     * Reads the bytes that have arrived.
     *
     * @param max the largest number of bytes that are of use now. A transport that reads ahead may return more
     * @param ask true to ask the kernel even if the last read has left nothing
     * @return a pooled buffer that the caller owns, or {@link #NOTHING}, or null at the end of stream
     * @throws IOException if the connection has failed or is closed
     */
    @Nullable ByteBuffer read(int max, boolean ask) throws IOException;

    /**
     * Returns true if a read that finds nothing, and that asks the kernel, proves that nothing has arrived. Otherwise
     * returns false, and runs {@code then} later on the loop. A read from then on finds all bytes of now.
     */
    default boolean settles(Runnable then) {
        return true;
    }

    /**
     * Returns true if a part of a TLS record has arrived, and no byte of the record can be read yet. Called by the
     * reading thread.
     */
    default boolean isWithinRecord() {
        return false;
    }

    /** Requests a signal when a read may find something. From any thread. */
    void awaitReadable();

    /**
     * Writes from a pooled buffer as many bytes as the kernel takes.
     *
     * <p>After a result of 0, the buffer belongs to the transport. The writer waits for {@link Listener#writable} and
     * calls again with the same buffer. After a close, the buffer belongs to the transport until the end of the close.
     *
     * @param src the bytes, at least one
     * @return the number of bytes taken, 0 if there is no room
     * @throws IOException if the connection has failed or is closed
     */
    int write(ByteBuffer src) throws IOException;

    /** Requests a signal when a write may move bytes. From any thread. */
    void awaitWritable();

    /**
     * Ends the output after the bytes written so far.
     *
     * @param last true if no further byte is read, so that the close of the descriptor ends the output
     * @return false if there is no room. The caller then waits for room and calls again
     */
    boolean shutdownOutput(boolean last) throws IOException;

    /**
     * Closes the descriptor. Called once, on the loop, or on any thread after the end of the loop.
     *
     * @param reset true to send a reset instead of an end, where possible
     * @param closed called when the descriptor is closed and the transport uses no buffer any more
     */
    void close(boolean reset, Runnable closed);

    /** Releases the memory of a closed transport that no thread uses. Called once, from any thread. */
    default void released() {}

    /** Closes a transport without a user. Callable from any thread. */
    default void drop() {
        loop().run(() -> close(false, () -> {}));
    }

    /** Returns the transport as a {@link DirectTransport}, or null. The core asks once for each connection. */
    default @Nullable DirectTransport direct() {
        return null;
    }

    /** Returns the transport as a {@link FileTransport}, or null. */
    default @Nullable FileTransport files() {
        return null;
    }

    /** Returns the TLS session, or an empty result without TLS. */
    default Optional<TlsSession> tlsSession() {
        return Optional.empty();
    }

    /** Returns the value of a socket option. */
    <T> T getOption(SocketOption<T> name) throws IOException;

    /** Sets a socket option. */
    <T> void setOption(SocketOption<T> name, T value) throws IOException;

    /** Returns the local address. */
    SocketAddress localAddress();

    /** Returns the remote address. */
    SocketAddress remoteAddress();

    /** Returns the loop whose thread sends the signals. */
    IoLoop loop();
}
