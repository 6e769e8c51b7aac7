package io.github.futuresockets.codec;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The decoder of {@link Decoder#then}. Keeps no head between calls, so each call decodes the head again.
 *
 * @param <T> the type of the head
 * @param <U> the type of the message
 */
final class Then<T, U> implements Decoder<U> {
    private static final int LIMIT_OF_BODY = 65_536;

    private final Decoder<T> head;
    private final Codec.Conversion<? super T, ? extends Decoder<? extends U>> choice;

    Then(Decoder<T> head, Codec.Conversion<? super T, ? extends Decoder<? extends U>> choice) {
        this.head = head;
        this.choice = choice;
    }

    /**
     * {@inheritDoc}
     *
     * <p>The first {@code seen} bytes alone tell whether the previous call found a head:
     *
     * <ul>
     *   <li>If these bytes have a head, the body was decoded in vain from all of the bytes behind the head.
     *   <li>Otherwise the head was decoded in vain, and no byte was shown to a decoder of the body. The head may be
     *       shorter than {@code seen} bytes, if the head was complete only with a byte behind.
     * </ul>
     */
    @Override
    public @Nullable U decode(ByteBuffer in, int seen) throws IOException {
        int begin = in.position();
        int before = begin + Math.min(seen, in.remaining());
        T known = seen == 0 ? null : part(head, in, before, 0);
        T first = known != null ? known : part(head, in, in.limit(), seen);
        if (first == null) {
            return null;
        }
        U message = part(body(first), in, in.limit(), known == null ? 0 : before - in.position());
        if (message == null) {
            in.position(begin);
        }
        return message;
    }

    /**
     * {@inheritDoc}
     *
     * <p>If the end of the stream completes the head, the body has no bytes.
     */
    @Override
    public @Nullable U end(ByteBuffer rest) throws IOException {
        int begin = rest.position();
        U message = null;
        T first = part(head, rest, rest.limit(), 0);
        if (first != null) {
            message = rest.hasRemaining() ? body(first).end(rest) : null;
        } else {
            first = head.end(rest);
            if (first != null) {
                message = part(body(first), rest.position(rest.limit()), rest.limit(), 0);
            }
        }
        if (message == null) {
            rest.position(begin);
        }
        return message;
    }

    private Decoder<? extends U> body(T first) throws IOException {
        return Mapped.convert(choice, first);
    }

    /**
     * Decodes the head or the body from the bytes before index {@code end}, within its own limit. If the part is
     * incomplete, returns null and leaves the position unchanged. The limit of {@code in} is always restored.
     */
    private static <P> @Nullable P part(Decoder<P> decoder, ByteBuffer in, int end, int seen) throws IOException {
        int begin = in.position();
        int room = in.limit();
        int limit = decoder.limit();
        try {
            P part = decoder.decode(in.limit(begin + Math.min(end - begin, limit)), seen);
            if (part != null) {
                return part;
            }
        } catch (BufferUnderflowException incomplete) {
            in.position(begin);
        } finally {
            in.limit(room);
        }
        in.position(begin);
        if (end - begin >= limit) {
            throw new FrameTooLongException(
                    "a part of a message is not complete within " + limit + " bytes", limit, end - begin);
        }
        return null;
    }

    @Override
    public int limit() {
        return (int) Math.min(Integer.MAX_VALUE, (long) head.limit() + LIMIT_OF_BODY);
    }
}
