package io.github.futuresockets.codec;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A codec that knows the number of bytes of a message before the message is encoded.
 *
 * @param <T> the type of a message
 */
interface Sized<T> extends Codec<T> {

    /**
     * Returns the number of bytes of the encoded message.
     *
     * @throws IOException if the length shows that the message cannot be encoded
     */
    int size(T message) throws IOException;

    /**
     * Puts the encoded message at the position of {@code out}. At least {@link #size} bytes remain there. If the method
     * throws, the position is unchanged.
     */
    void put(T message, ByteBuffer out) throws IOException;

    @Override
    default ByteBuffer encode(T message) throws IOException {
        ByteBuffer own = ByteBuffer.allocate(size(message));
        put(message, own);
        return own.flip();
    }

    @Override
    default @Nullable ByteBuffer encode(T message, ByteBuffer out) throws IOException {
        if (out.remaining() < size(message)) {
            return encode(message);
        }
        put(message, out);
        return null;
    }
}
