package io.github.futuresockets.codec;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes messages of bytes. A pure function: one instance serves every connection, on any thread.
 *
 * @param <T> the type of a message
 */
@FunctionalInterface
public interface Decoder<T> {

    /**
     * Takes one message off the front of {@code in}.
     *
     * <p>Complete, it returns the message and leaves the position behind it. Not complete, it returns null or lets a
     * {@link java.nio.BufferUnderflowException} escape: {@code in} is then put back where it was, and the call is
     * repeated when more bytes are there. Any other exception fails the read; the bytes stay readable. A
     * {@link java.net.ProtocolException} or {@link io.github.futuresockets.FrameTooLongException} is replaced by one of the
     * same type that names the peer, and becomes its cause.
     *
     * <p><b>Progress.</b> A message takes at least one byte. A decoder that returns a message and takes none would return
     * the same one for ever: a stream of messages ({@link io.github.futuresockets.MessageSocket},
     * {@link io.github.futuresockets.Requests}, a publisher of {@link io.github.futuresockets.AsyncFlow}) fails with an
     * {@link IllegalStateException} that names the decoder. {@link io.github.futuresockets.AsyncReader#readMessage} permits
     * such a look ahead, at the same place up to 100 times in a row.
     *
     * <p><b>Buffers.</b> {@code in} is big-endian, holds at most {@link #limit} bytes and is valid only during the call:
     * copy what you keep.
     *
     * @param in the bytes from the start of the message on; only its position may be changed
     * @param seen so many bytes were there, in vain, in the call before: a search need not look at them again
     * @return the message, or null if it is not complete
     * @throws IOException if the bytes cannot be a message
     */
    @Nullable T decode(ByteBuffer in, int seen) throws IOException;

    /**
     * The stream has ended inside a message: makes a message of what is there, all of which is then taken; or none, and
     * nothing is.
     *
     * @param rest the bytes, at least one, that {@link #decode} did not take
     * @return the last message, or null: the read fails with {@link io.github.futuresockets.IncompleteReadException}
     * @throws IOException if the bytes cannot be a message
     */
    default @Nullable T end(ByteBuffer rest) throws IOException {
        return null;
    }

    /**
     * How many bytes one message may take in all, at least 1. A message that is not complete by then fails with
     * {@link io.github.futuresockets.FrameTooLongException}.
     *
     * @return the limit; by default 65,536
     */
    default int limit() {
        return 65_536;
    }

    /**
     * A decoder with a limit of its own: what a decoder that is a lambda has no other way to.
     *
     * @param <T> the type of a message
     * @param limit how many bytes one message may take in all, at least 1; that of {@code decoder} does not count
     * @param decoder makes the messages
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
