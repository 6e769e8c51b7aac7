package io.github.futuresockets.impl;

import io.github.futuresockets.TlsSession;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A connected channel as the two sides of a socket see it: the one piece that differs from provider to provider.
 *
 * <p>At most one fill and one write are outstanding. Each either returns its outcome at once or returns {@link #PENDING} and
 * calls the side back later, on the loop's thread. The chunk of a fill is taken from the loop's {@link Chunks} as late
 * as the provider can; it belongs to the read side from the moment it is handed over.
 */
interface Transport {
    /** The outcome comes later. */
    int PENDING = -2;

    /** Who fills. Called on the loop. */
    interface Reader {
        /** A fill is answered: with a chunk; without one at the end of the stream or after a failure. */
        void filled(@Nullable ByteBuffer chunk, @Nullable IOException failure);

        /** Something came, though not enough for an answer. From any thread. */
        void progress();
    }

    /** Who writes. Called on the loop. */
    interface Writer {
        /** A write is answered: so many bytes are taken. */
        void wrote(int count, @Nullable IOException failure);

        /** Something left, though not enough for an answer. From any thread. */
        void progress();

        /** Has {@code close} wait while the kernel sends from a file; false if it does not. */
        default boolean defers(Runnable close) {
            return false;
        }
    }

    /** Where to call back; set before the first operation, or by the loop while none is outstanding that would be answered. */
    void connect(Reader reader, Writer writer);

    /** Whether it is not ready for use yet, and nobody has it: closing it drops what has been begun. */
    default boolean isOpening() {
        return false;
    }

    /**
     * Reads up to {@code size} bytes: their number, with the bytes in {@link #filled}, or -1 at the end, or PENDING.
     *
     * @param ask whether to ask the kernel even if it had nothing a moment ago
     */
    int fill(int size, boolean ask) throws IOException;

    /**
     * Whether part of what comes next has arrived, though none of it can be read: a record that is not whole. While a fill waits, on
     * the loop.
     */
    default boolean isWithinRecord() {
        return false;
    }

    /** Tries a fill that waits once more, where the loop may not have come to it for a long time. On the loop's thread. */
    default void retry() {}

    /** The chunk of a fill that has just returned a number: position 0, limit behind the bytes. */
    ByteBuffer filled();

    /** Writes from {@code chunk} what the kernel takes: the number of bytes, or PENDING. */
    int write(ByteBuffer chunk) throws IOException;

    /** Whether a write of a caller's buffer as it is may be of use: {@link #tryWrite}. */
    default boolean takesLent() {
        return false;
    }

    /** Whether a fill of a caller's buffer may bring something now: {@link #tryRead}. */
    default boolean fillsLent() {
        return false;
    }

    /** A fill of a caller's buffer, which goes no further: the number of bytes, -1 at the end, or 0 if it has to be {@link #fill}. */
    default int tryRead(ByteBuffer lent) throws IOException {
        return 0;
    }

    /** A write of a caller's buffer, which goes no further: the number of bytes, 0 if there is no room. */
    default int tryWrite(ByteBuffer lent) throws IOException {
        return 0;
    }

    /** Whether the kernel sends from a file by itself: {@link #send} and {@link #awaitRoom}. */
    default boolean sendsFiles() {
        return false;
    }

    /**
     * Sends from a file what the kernel takes, without waiting for room: the number of bytes, 0 if there is none. On a thread
     * that may wait for the disk; it counts as the write that is outstanding, and a close waits for it.
     */
    default int send(FileChannel file, long position, int most) throws IOException {
        throw new UnsupportedOperationException("files");
    }

    /** Answers when there is room: a write of nothing, which is always PENDING. */
    default void awaitRoom() {}

    /**
     * Ends the output behind what was written: 0, or PENDING.
     *
     * @param last whether nothing more is read: closing the descriptor will end it anyway
     */
    int shutdownOutput(boolean last) throws IOException;

    /**
     * Closes the descriptor and says when that is done; outstanding operations then fail. On the loop's thread, once.
     *
     * @param reset the peer is to see a reset instead of an end, where that is possible
     */
    void close(boolean reset, Runnable released);

    /** It is closed, and all that was outstanding has been answered: what it holds can go. From any thread, once. */
    default void released() {}

    /** Closes one that nobody uses. From any thread. */
    default void drop() {
        loop().run(() -> close(false, () -> {}));
    }

    /** What has been agreed on, if it encrypts. */
    default Optional<TlsSession> tlsSession() {
        return Optional.empty();
    }

    <T> T getOption(SocketOption<T> name) throws IOException;

    <T> void setOption(SocketOption<T> name, T value) throws IOException;

    SocketAddress localAddress();

    SocketAddress remoteAddress();

    Loop loop();
}
