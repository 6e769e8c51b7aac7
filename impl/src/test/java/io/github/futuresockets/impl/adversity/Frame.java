package io.github.futuresockets.impl.adversity;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.futuresockets.AsyncReader;
import io.github.futuresockets.codec.Decoder;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** A message in each framing, with the read for the framing and the expected result of an early end of stream. */
enum Frame {
    EXACT("0123456789ab", 12, reader -> reader.readExactly(12).thenApply(Frame::text)),
    FULL("0123456789ab", 12, reader -> {
        ByteBuffer dst = ByteBuffer.allocate(12);
        return reader.readFully(dst).thenApply(done -> text(dst.flip()));
    }),
    DELIMITED("some words;;", -1, reader -> reader.readUntil(bytes(";;"), 100).thenApply(Frame::text)),
    LINE("a line\r\n", -1, AsyncReader::readLine),
    EXPECTED_LINE("a line\r\n", -1, AsyncReader::expectLine),
    PREFIXED("\0\0\0\5hello", -1, reader -> reader.readMessage(new Prefixed()));

    /** The expected result is a failure with exactly the received bytes. */
    static final Object INCOMPLETE = new Object();

    final byte[] bytes;
    final int expected;
    private final Function<AsyncReader, CompletableFuture<String>> read;

    Frame(String text, int expected, Function<AsyncReader, CompletableFuture<String>> read) {
        this.bytes = bytes(text);
        this.expected = expected;
        this.read = read;
    }

    CompletableFuture<String> read(AsyncReader from) {
        return read.apply(from);
    }

    /** Returns the content of the whole frame. */
    String content() {
        switch (this) {
            case LINE:
            case EXPECTED_LINE:
                return "a line";
            case PREFIXED:
                return "hello";
            default:
                return new String(bytes, UTF_8);
        }
    }

    byte[] first(int count) {
        return Arrays.copyOf(bytes, count);
    }

    /**
     * Returns the expected result if the stream ends after {@code count} bytes: a string, null, or {@link #INCOMPLETE}.
     */
    Object atEndAfter(int count) {
        if (count == bytes.length) {
            return content();
        }
        if (count == 0) {
            return this == LINE || this == PREFIXED ? null : INCOMPLETE;
        }
        return this == LINE || this == EXPECTED_LINE ? new String(bytes, 0, count, UTF_8) : INCOMPLETE;
    }

    static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    static String text(ByteBuffer buffer) {
        return UTF_8.decode(buffer).toString();
    }

    /** A decoder for four bytes of length and then a text. A frame is at most {@link #limit} bytes long. */
    static final class Prefixed implements Decoder<String> {
        @Override
        public String decode(ByteBuffer in, int seen) {
            int length = in.getInt();
            if (in.remaining() < length) {
                return null;
            }
            byte[] content = new byte[length];
            in.get(content);
            return new String(content, UTF_8);
        }

        @Override
        public int limit() {
            return 1_000;
        }
    }
}
