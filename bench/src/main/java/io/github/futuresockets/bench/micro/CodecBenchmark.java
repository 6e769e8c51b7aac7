package io.github.futuresockets.bench.micro;

import io.github.futuresockets.codec.Codec;
import io.github.futuresockets.codec.Codecs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures the codecs: decodes and encodes a message of 64 bytes. The benchmark calls a decoder as a connection does,
 * with a buffer for the call and with the number of bytes of the previous call.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class CodecBenchmark {
    private static final int SIZE = 64;
    private static final int LIMIT = 1 << 16;

    /** The kind of codec. */
    @Param({"fixedLength", "delimited", "lines", "lengthPrefixed", "varintPrefixed", "mapped"})
    public String codec = "";

    /** The bytes of each piece of a message, for {@link #decodeOfPieces}. */
    @Param("16")
    public int piece;

    private Subject<?> subject;

    /** Called by JMH. */
    public CodecBenchmark() {}

    /**
     * Creates the message, and checks that a decoder returns an equal message.
     *
     * @throws IOException if the message cannot be encoded or decoded
     */
    @Setup
    public void prepare() throws IOException {
        subject = subject(codec);
        subject.check(piece);
    }

    private static Subject<?> subject(String codec) {
        String text = "m".repeat(SIZE);
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
        Codec<ByteBuffer> lengthPrefixed = Codecs.lengthPrefixed(4, ByteOrder.BIG_ENDIAN, LIMIT);
        switch (codec) {
            case "fixedLength":
                return new Subject<>(Codecs.fixedLength(SIZE), bytes);
            case "delimited":
                return new Subject<>(Codecs.delimited(new byte[] {'\r', '\n'}, LIMIT), bytes);
            case "lines":
                return new Subject<>(Codecs.lines(StandardCharsets.UTF_8, LIMIT), text);
            case "lengthPrefixed":
                return new Subject<>(lengthPrefixed, bytes);
            case "varintPrefixed":
                return new Subject<>(Codecs.varintPrefixed(LIMIT), bytes);
            case "mapped":
                return new Subject<>(lengthPrefixed.map(ByteBuffer::getLong, CodecBenchmark::of), 42L);
            default:
                throw new IllegalArgumentException("unknown codec: " + codec);
        }
    }

    private static ByteBuffer of(long value) {
        return ByteBuffer.allocate(SIZE).putLong(0, value);
    }

    /**
     * Decodes a message whose bytes are all present at the first call.
     *
     * @return the message
     * @throws IOException if the bytes cannot be decoded
     */
    @Benchmark
    public Object decode() throws IOException {
        return subject.decode(Integer.MAX_VALUE);
    }

    /**
     * Decodes a message that arrives in pieces. The decoder is called after each piece.
     *
     * @return the message
     * @throws IOException if the bytes cannot be decoded
     */
    @Benchmark
    public Object decodeOfPieces() throws IOException {
        return subject.decode(piece);
    }

    /**
     * Encodes the message.
     *
     * @return the bytes of the message
     * @throws IOException if the message cannot be encoded
     */
    @Benchmark
    public Object encode() throws IOException {
        return subject.encode();
    }

    /** A codec with a message, and the bytes of the message. */
    private static final class Subject<T> {
        private final Codec<T> codec;
        private final T message;
        private ByteBuffer stream = ByteBuffer.allocate(0);

        Subject(Codec<T> codec, T message) {
            this.codec = codec;
            this.message = message;
        }

        void check(int piece) throws IOException {
            ByteBuffer encoded = encode();
            // Because a connection reads into direct memory, the bytes are in a direct buffer.
            stream = ByteBuffer.allocateDirect(encoded.remaining());
            stream.put(encoded).flip();
            for (int each : new int[] {Integer.MAX_VALUE, piece}) {
                T decoded = decode(each);
                if (!message.equals(decoded)) {
                    throw new IllegalStateException(message + " was decoded to " + decoded);
                }
            }
        }

        ByteBuffer encode() throws IOException {
            return codec.encode(message);
        }

        T decode(int piece) throws IOException {
            int seen = 0;
            while (true) {
                int there = Math.min(stream.limit() - seen, piece) + seen;
                @Nullable T decoded = codec.decode(stream.slice(0, there), seen);
                if (decoded != null) {
                    return decoded;
                }
                if (there == stream.limit()) {
                    throw new IllegalStateException("no message of all " + there + " bytes");
                }
                seen = there;
            }
        }
    }
}
