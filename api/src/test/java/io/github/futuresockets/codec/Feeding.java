package io.github.futuresockets.codec;

import io.github.futuresockets.IncompleteReadException;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PrimitiveIterator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Feeds bytes to a decoder by the rules of the library's read side:
 *
 * <ul>
 *   <li>Each call begins at the start of the message.
 *   <li>Each call shows at most {@link Decoder#limit} bytes.
 *   <li>Each further call for the same message shows more bytes than the previous call.
 *   <li>Each call passes the number of bytes shown in vain by the previous call.
 * </ul>
 */
final class Feeding<T> {
    /** The messages read, the failure or null if the whole stream was decoded, and the number of bytes taken. */
    record Outcome<T>(List<T> messages, @Nullable Exception failure, int taken) {

        /** Returns the messages of a stream without a failure. */
        List<T> all() {
            if (failure != null) {
                throw new AssertionError("after " + messages.size() + " messages: " + failure, failure);
            }
            return messages;
        }
    }

    private final Decoder<T> decoder;
    private final byte[] stream;

    /** Bounds of the arrived bytes not yet decoded, from {@code start} (included) to {@code end} (excluded). */
    private int start;

    private int end;
    private int seen;

    private Feeding(Decoder<T> decoder, byte[] stream) {
        this.decoder = decoder;
        this.stream = stream;
    }

    /** Feeds the whole stream at once. */
    static <T> Outcome<T> whole(Decoder<T> decoder, byte[] stream) {
        return cut(decoder, stream, IntStream.empty());
    }

    /** Feeds each byte separately. */
    static <T> Outcome<T> byteByByte(Decoder<T> decoder, byte[] stream) {
        return cut(decoder, stream, IntStream.range(1, stream.length));
    }

    /** Feeds a stream in pieces. The pieces end at {@code cuts}, in rising order, and at the end of the stream. */
    static <T> Outcome<T> cut(Decoder<T> decoder, byte[] stream, IntStream cuts) {
        Feeding<T> feeding = new Feeding<>(decoder, stream);
        List<T> messages = new ArrayList<>();
        try {
            for (PrimitiveIterator.OfInt each = cuts.iterator(); each.hasNext(); ) {
                feeding.end = each.nextInt();
                feeding.drain(messages);
            }
            feeding.end = stream.length;
            feeding.drain(messages);
            feeding.finish(messages);
            return new Outcome<>(messages, null, feeding.start);
        } catch (IOException | RuntimeException e) {
            return new Outcome<>(messages, e, feeding.start);
        }
    }

    private void drain(List<T> messages) throws IOException {
        while (start < end) {
            T message = next();
            if (message == null) {
                return;
            }
            messages.add(message);
        }
    }

    private @Nullable T next() throws IOException {
        ByteBuffer view = view();
        T message = null;
        if (seen < view.limit()) {
            message = decoded(decoder, view, seen);
        }
        if (message != null) {
            if (view.position() == 0) {
                throw new IllegalStateException("a message of no bytes: this would never end");
            }
            start += view.position();
            seen = 0;
            return message;
        }
        if (end - start >= decoder.limit()) {
            throw new FrameTooLongException("not complete within the limit", decoder.limit(), end - start);
        }
        seen = end - start;
        return null;
    }

    /** Returns the message, or null if the decoder returns null or the bytes underflow. */
    static <T> @Nullable T decoded(Decoder<T> decoder, ByteBuffer view, int seen) throws IOException {
        try {
            return decoder.decode(view, seen);
        } catch (BufferUnderflowException incomplete) {
            return null;
        }
    }

    /**
     * Returns the arrived bytes, up to the limit, at position 0 of a fresh buffer. Because the buffer is fresh, no
     * change of its position or limit by the decoder persists.
     */
    private ByteBuffer view() {
        int length = Math.min(end - start, decoder.limit());
        return ByteBuffer.wrap(stream, start, length).slice();
    }

    private void finish(List<T> messages) throws IOException {
        if (start == end) {
            return;
        }
        T message = decoder.end(view());
        if (message == null) {
            byte[] rest = Arrays.copyOfRange(stream, start, end);
            throw new IncompleteReadException("the stream ended", ByteBuffer.wrap(rest), -1);
        }
        messages.add(message);
        start = end;
    }
}
