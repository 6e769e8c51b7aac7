package io.github.futuresockets.codec;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A function from messages to bytes. An encoder must be a pure function, because the same instance may be used for any
 * number of connections on any threads.
 *
 * @param <T> the type of a message
 */
@FunctionalInterface
public interface Encoder<T> {

    /**
     * Encodes a message.
     *
     * <p><b>Buffers.</b> The returned buffer is lent to the write until the future of the write is done. The write
     * sends the bytes from the position to the limit of the buffer.
     *
     * @param message the message
     * @return the bytes of the message
     * @throws IOException if the message cannot be encoded
     */
    ByteBuffer encode(T message) throws IOException;

    /**
     * Encodes a message straight into a buffer of the caller, if the message fits. The default calls
     * {@link #encode(Object)} and leaves {@code out} as it is. An override saves the buffer and the copy of a message.
     *
     * <ul>
     *   <li>If the bytes of the message fit into {@code out}, puts the bytes at the position of {@code out}, moves the
     *       position behind the bytes and returns null.
     *   <li>Otherwise leaves the position of {@code out} unchanged and returns the message in a buffer of its own, as
     *       {@link #encode(Object)} does.
     * </ul>
     *
     * <p>Both methods must encode the same bytes and refuse the same messages. If the method throws, the caller restores
     * the position of {@code out}.
     *
     * <p><b>Buffers.</b> {@code out} is big-endian, may be direct and is valid only during the call. The position need
     * not be 0. An encoder may change only the position, and the bytes from the position to the limit.
     *
     * @param message the message
     * @param out receives the bytes of the message
     * @return null if {@code out} has the message, otherwise the bytes of the message
     * @throws IOException if the message cannot be encoded
     */
    default @Nullable ByteBuffer encode(T message, ByteBuffer out) throws IOException {
        return encode(message);
    }
}
