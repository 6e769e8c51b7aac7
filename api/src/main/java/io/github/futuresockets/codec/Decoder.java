package io.github.futuresockets.codec;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A function from bytes to messages. A decoder must be a pure function, because the same instance may be used for any
 * number of connections on any threads.
 *
 * @param <T> the type of a message
 */
@FunctionalInterface
public interface Decoder<T> {

    /**
     * Decodes a message from the start of {@code in}.
     *
     * <ul>
     *   <li>If the message is complete, returns the message and leaves the position of {@code in} after the message.
     *   <li>If the message is incomplete, returns null or throws {@link java.nio.BufferUnderflowException}. The
     *       position is then reset, and the call is repeated when more bytes have arrived.
     *   <li>Any other exception fails the read, and the bytes stay readable. A {@link java.net.ProtocolException} or
     *       {@link FrameTooLongException} becomes the cause of an exception of the same type that names the peer.
     * </ul>
     *
     * <p><b>Progress.</b> A message should take at least a single byte. If a decoder returns a message and takes no
     * byte, the next call would return the same message again. {@link io.github.futuresockets.MessageSocket},
     * {@link io.github.futuresockets.Requests} and the publishers of {@link io.github.futuresockets.AsyncFlow} then
     * fail with an {@link IllegalStateException} that names the decoder.
     * {@link io.github.futuresockets.AsyncReader#readMessage} allows such a look ahead up to 100 times in a row at the
     * same position of the stream.
     *
     * <p><b>Buffers.</b> {@code in} is big-endian, has at most {@link #limit} bytes and is valid only during the call.
     * A decoder must copy all bytes that the message keeps.
     *
     * @param in the bytes from the start of the message on; a decoder may change only the position
     * @param seen the number of bytes of the previous call, which did not complete the message. A search need not
     *     examine these bytes again.
     * @return the message, or null if the message is incomplete
     * @throws IOException if the bytes cannot be a message
     */
    @Nullable T decode(ByteBuffer in, int seen) throws IOException;

    /**
     * Decodes the last message if the stream ends within a message. If a message is returned, all bytes are taken. The
     * default returns null.
     *
     * @param rest the bytes that {@link #decode} did not take, at least a single byte
     * @return the last message. If null, no byte is taken and the read fails with
     *     {@link io.github.futuresockets.IncompleteReadException}.
     * @throws IOException if the bytes cannot be a message
     */
    default @Nullable T end(ByteBuffer rest) throws IOException {
        return null;
    }

    /**
     * Returns the largest number of bytes of a message, at least 1. If a message is incomplete at the limit, the read
     * fails with {@link FrameTooLongException}.
     *
     * @return the limit. The default is 65,536.
     */
    default int limit() {
        return 65_536;
    }

    /**
     * Returns a decoder with another limit, for example for a lambda expression.
     *
     * @param <T> the type of a message
     * @param limit the largest number of bytes of a message, at least 1. The limit of {@code decoder} is ignored.
     * @param decoder decodes the messages
     * @return the decoder
     * @throws IllegalArgumentException if {@code limit} is less than 1
     */
    static <T> Decoder<T> limited(int limit, Decoder<? extends T> decoder) {
        Objects.requireNonNull(decoder, "decoder");
        if (limit < 1) {
            throw new IllegalArgumentException("limit " + limit + " is less than 1");
        }
        return new Decoder<>() {
            @Override
            public @Nullable T decode(ByteBuffer in, int seen) throws IOException {
                return decoder.decode(in, seen);
            }

            @Override
            public @Nullable T end(ByteBuffer rest) throws IOException {
                return decoder.end(rest);
            }

            @Override
            public int limit() {
                return limit;
            }
        };
    }
}
