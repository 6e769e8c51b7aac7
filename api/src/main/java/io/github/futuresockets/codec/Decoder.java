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
     * Decodes a message from the position of {@code in}. The position need not be 0, because several messages may be
     * decoded from the same buffer. So the first byte of the message is {@code in.get(in.position())}.
     *
     * <ul>
     *   <li>If the message is complete, returns the message and leaves the position of {@code in} after the message.
     *   <li>If the message is incomplete, returns null or throws {@link java.nio.BufferUnderflowException}. The
     *       position is then reset, and the call is repeated when more bytes have arrived.
     *   <li>Any other exception fails the read, and the bytes stay readable. A {@link java.net.ProtocolException} or
     *       {@link FrameTooLongException} becomes the cause of an exception of the same type that names the peer.
     * </ul>
     *
     * <p><b>Progress.</b> A decoder may return a message and take no byte, for example to look at the next message. As
     * the head of {@link #then}, such a decoder may be used without limit. Elsewhere, the next call would return the
     * same message again. {@link io.github.futuresockets.MessageSocket},
     * {@link io.github.futuresockets.Requests} and the publishers of {@link io.github.futuresockets.AsyncFlow} then
     * fail with an {@link IllegalStateException} that names the decoder.
     * {@link io.github.futuresockets.AsyncReader#readMessage} allows such a look ahead up to 100 times in a row at the
     * same position of the stream.
     *
     * <p><b>Buffers.</b> {@code in} is big-endian, may be direct and is valid only during the call. From the position
     * to the limit, {@code in} has at most {@link #limit} bytes. Bytes outside of this range are not the decoder's.
     * A decoder must copy all bytes that the message keeps.
     *
     * @param in the bytes, with the start of the message at the position; a decoder may change only the position
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
     * Returns a decoder for another message type. The conversion must be a pure function, and may throw.
     *
     * <p>If the conversion throws, the read fails with the exception and the bytes stay readable. The read does not
     * wait for more bytes. A null result also fails the read. A {@link java.nio.BufferUnderflowException} of the
     * conversion means that the message is too short, and becomes a {@link java.net.ProtocolException}.
     *
     * @param <U> the new message type
     * @param conversion converts a message of this decoder to the new type
     * @return the new decoder, with the limit of this decoder
     */
    default <U> Decoder<U> map(Codec.Conversion<? super T, ? extends U> conversion) {
        return new Mapped<>(this, Objects.requireNonNull(conversion, "conversion"));
    }

    /**
     * Returns a decoder for messages with a head and a body. This decoder decodes the head. The head chooses the
     * decoder of the body. The bytes of the head are taken together with the body. For example, a packet of MQTT is a
     * byte with its type, and a content with a varint length:
     *
     * <pre>{@code
     * Decoder<Packet> packets = Codecs.int8().then(type ->
     *     Codecs.varintPrefixed(1 << 15).map(content -> new Packet(type, content)));
     * }</pre>
     *
     * <p>A head that takes no byte chooses a decoder by the first bytes. The decoder of the body then decodes all bytes
     * of the message. For example, a server accepts commands as a line or as an array:
     *
     * <pre>{@code
     * Decoder<Byte> first = (in, seen) -> in.get(in.position());
     * Decoder<Command> commands = first.then(start -> start == '*' ? arrays : lines);
     * }</pre>
     *
     * <p>To look at several bytes, read from a duplicate, for example {@code in.duplicate().getInt()}. If a byte is
     * missing, the duplicate throws a {@link java.nio.BufferUnderflowException}, so the read waits.
     *
     * <p><b>Choice.</b> The choice must be a pure function. If the choice throws or returns null, the read fails as with
     * {@link #map}. For an unknown head, throw a {@link java.net.ProtocolException}. If the body has no bytes, the
     * decoder of the body is called without bytes. For such a head, choose {@code (in, seen) -> message}, because
     * {@link Codecs#fixedLength} refuses a length of 0.
     *
     * <p><b>Limits.</b> The limit is known before the head: the limit of this decoder and 65,536 bytes for the body.
     * {@link #limited} sets another limit, for example {@code Decoder.limited(1 << 20, head.then(choice))}. The limits
     * of this decoder and of the chosen decoder hold for the head and the body, too.
     *
     * <p><b>Cost.</b> If a body arrives in several pieces, the head is decoded and the choice is made with each piece.
     * The search in the body continues at the end of the previous search. So the cost is linear for a head of a few
     * bytes.
     *
     * <p><b>End of the stream.</b> If the stream ends within the body, {@link #end} of the chosen decoder decodes the
     * rest. If the stream ends within the head and {@link #end} of this decoder gives a head, the body has no bytes.
     *
     * @param <U> the type of the message
     * @param choice returns the decoder of the body for a head, often with a {@link #map} that adds the head
     * @return the decoder of the whole message
     */
    default <U> Decoder<U> then(Codec.Conversion<? super T, ? extends Decoder<? extends U>> choice) {
        return new Then<>(this, Objects.requireNonNull(choice, "choice"));
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
