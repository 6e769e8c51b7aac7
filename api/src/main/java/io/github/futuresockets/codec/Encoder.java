package io.github.futuresockets.codec;

import java.io.IOException;
import java.nio.ByteBuffer;

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
}
