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
 * Shows bytes to a decoder as the library's read side does: from the start of the message, never more than the limit, never
 * again without a new byte, with the number of those that were there in vain.
 */
final class Feeding<T> {
    /** What was read, what ended the reading if not the end between two messages, and how many bytes were taken. */
    record Outcome<T>(List<T> messages, @Nullable Exception failure, int taken) {

        /** The messages of a stream in which nothing is wrong. */
        List<T> all() {
            if (failure != null) {
                throw new AssertionError("after " + messages.size() + " messages: " + failure, failure);
            }
            return messages;
        }
    }

    private final Decoder<T> decoder;
    private final byte[] stream;

    /** The bytes that are there are those from {@code start} to {@code end}. */
    private int start;

    private int end;
    private int seen;

    private Feeding(Decoder<T> decoder, byte[] stream) {
        this.decoder = decoder;
        this.stream = stream;
    }

    /** The whole stream at once. */
    static <T> Outcome<T> whole(Decoder<T> decoder, byte[] stream) {
        return cut(decoder, stream, IntStream.empty());
    }

    /** Each byte for itself. */
    static <T> Outcome<T> byteByByte(Decoder<T> decoder, byte[] stream) {
        return cut(decoder, stream, IntStream.range(1, stream.length));
    }

    /** A stream that arrives in pieces which end at these offsets, in rising order. */
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
            message = decode(view);
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

    private @Nullable T decode(ByteBuffer view) throws IOException {
        try {
            return decoder.decode(view, seen);
        } catch (BufferUnderflowException incomplete) {
            return null;
        }
    }

    /** What is there, at position 0 of a buffer of its own: nothing that the decoder does to it lasts. */
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
