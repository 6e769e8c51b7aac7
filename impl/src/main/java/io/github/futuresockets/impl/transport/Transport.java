package io.github.futuresockets.impl.transport;

import io.github.futuresockets.TlsSession;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A connected byte stream of a provider, as the core uses it.
 *
 * <p>At most a single fill and a single write are outstanding. Each either returns its outcome at once, or returns
 * {@link #PENDING} and calls back later on the loop's thread.
 *
 * <p><b>Buffers.</b> A fill takes its pooled buffer from the loop's {@link BufferPool} as late as the provider can. The
 * buffer belongs to the reader from {@link #filled} or {@link Reader#filled} on. The buffer of a write belongs to the
 * transport until the write is answered.
 */
public interface Transport {
    /** The result of an operation that calls back later. */
    int PENDING = -2;

    /** The receiver of the answers to fills. Called on the loop. */
    interface Reader {
        /** Answers a pending fill. The buffer is null at the end of the stream and after a failure. */
        void filled(@Nullable ByteBuffer chunk, @Nullable IOException failure);

        /** Reports that bytes arrived, too few for an answer. Callable from any thread. */
        void progress();
    }

    /** The receiver of the answers to writes. Called on the loop. */
    interface Writer {
        /** Answers a pending write. The transport has taken {@code count} bytes. */
        void wrote(int count, @Nullable IOException failure);

        /** Reports that bytes left, too few for an answer. Callable from any thread. */
        void progress();

        /**
         * Delays {@code close} while the kernel sends from a file. Returns false if no such transfer is in progress,
         * and the caller closes.
         */
        default boolean defers(Runnable close) {
            return false;
        }
    }

    /**
     * Sets the receivers of the answers. Called before the first operation, or later on the loop while no operation
     * waits for an answer.
     */
    void connect(Reader reader, Writer writer);

    /**
     * Returns true if the transport is not ready for use yet. No user has such a transport, so a close drops all bytes.
     */
    default boolean isOpening() {
        return false;
    }

    /**
     * Reads up to {@code size} bytes into a pooled buffer.
     *
     * @param size the maximum number of bytes
     * @param ask true to ask the kernel even if the last read found nothing
     * @return the number of bytes, which {@link #filled} then returns, or -1 at the end of the stream, or
     *     {@link #PENDING}
     */
    int fill(int size, boolean ask) throws IOException;

    /**
     * Returns true if a part of a TLS record has arrived, and no byte of the record can be read yet. Called on the loop
     * while a fill is pending.
     */
    default boolean isWithinRecord() {
        return false;
    }

    /** Tries a pending fill again, because the loop may report readiness late. Called on the loop. */
    default void retry() {}

    /** Returns the buffer of a fill that has just returned a number. The bytes are between position 0 and the limit. */
    ByteBuffer filled();

    /** Writes from a pooled buffer as many bytes as the kernel takes. Returns their number, or {@link #PENDING}. */
    int write(ByteBuffer chunk) throws IOException;

    /** Returns true if {@link #tryWrite} of a lent buffer may be of use. */
    default boolean takesLent() {
        return false;
    }

    /** Returns true if {@link #tryRead} into a lent buffer may find bytes now. */
    default boolean fillsLent() {
        return false;
    }

    /**
     * Reads into a lent buffer without waiting. Returns the number of bytes, -1 at the end of the stream, or 0 if a
     * {@link #fill} is needed. The transport keeps no reference to the buffer.
     */
    default int tryRead(ByteBuffer lent) throws IOException {
        return 0;
    }

    /**
     * Writes from a lent buffer without waiting. Returns the number of bytes, or 0 if there is no room. The transport
     * keeps no reference to the buffer.
     */
    default int tryWrite(ByteBuffer lent) throws IOException {
        return 0;
    }

    /** Returns true if the kernel can send from a file, by {@link #send} and {@link #awaitRoom}. */
    default boolean sendsFiles() {
        return false;
    }

    /**
     * Sends from a file as many bytes as the kernel takes, without waiting for room. Called on a thread that may wait
     * for the disk. The call counts as the outstanding write, and a close waits for its end.
     *
     * @param file the source
     * @param position the position in the file
     * @param most the maximum number of bytes
     * @return the number of bytes, or 0 if there is no room
     */
    default int send(FileChannel file, long position, int most) throws IOException {
        throw new UnsupportedOperationException("files");
    }

    /** Starts a write without bytes. The write is always pending, and answered when there is room. */
    default void awaitRoom() {}

    /**
     * Ends the output after the bytes written so far.
     *
     * @param last true if no further byte is read, so that the close of the descriptor ends the output
     * @return 0, or {@link #PENDING}
     */
    int shutdownOutput(boolean last) throws IOException;

    /**
     * Closes the descriptor. Outstanding operations fail. Called once, on the loop.
     *
     * @param reset true to send a reset instead of an end, where possible
     * @param released called after the descriptor is closed
     */
    void close(boolean reset, Runnable released);

    /** Releases the memory of a closed transport without outstanding operations. Called once, from any thread. */
    default void released() {}

    /** Closes a transport without a user. Callable from any thread. */
    default void drop() {
        loop().run(() -> close(false, () -> {}));
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

    /** Returns the loop whose thread calls back. */
    IoLoop loop();
}
