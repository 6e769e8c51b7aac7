package io.github.futuresockets.codec;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Makes bytes of messages. A pure function: one instance serves every connection, on any thread.
 *
 * @param <T> the type of a message
 */
@FunctionalInterface
public interface Encoder<T> {

    /**
     * The bytes of a message.
     *
     * <p><b>Buffers.</b> The result, from its position to its limit, is lent to the write until that is done.
     *
     * @param message the message
     * @return its bytes
     * @throws IOException if the message cannot be written
     */
    ByteBuffer encode(T message) throws IOException;
}
