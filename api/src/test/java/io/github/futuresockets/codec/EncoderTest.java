package io.github.futuresockets.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests the encoding into a buffer of the caller. The bytes must be the bytes of the encoding into a new buffer. */
class EncoderTest {
    private static final int BEFORE = 7;

    /** Returns a buffer of other bytes, with {@code room} bytes between position and limit. */
    private static ByteBuffer filled(boolean direct, int room) {
        byte[] other = new byte[BEFORE + room + 5];
        Arrays.fill(other, (byte) '#');
        ByteBuffer out = direct ? ByteBuffer.allocateDirect(other.length) : ByteBuffer.allocate(other.length);
        return out.put(other).limit(BEFORE + room).position(BEFORE);
    }

    /** Returns all bytes of a buffer, also the bytes before the position and after the limit. */
    private static byte[] all(ByteBuffer buffer) {
        byte[] all = new byte[buffer.capacity()];
        buffer.duplicate().clear().get(all);
        return all;
    }

    private static byte[] rest(ByteBuffer buffer) {
        byte[] rest = new byte[buffer.remaining()];
        buffer.get(rest);
        return rest;
    }

    @ParameterizedTest
    @MethodSource("io.github.futuresockets.codec.Kind#all")
    <T> void encode_messageFits_isPutAtThePosition(Kind<T> kind) throws Exception {
        Codec<T> codec = kind.codec().apply(Kind.LIMIT);
        for (T message : kind.messages()) {
            byte[] bytes = Kind.encoded(codec, message);
            for (boolean direct : new boolean[] {false, true}) {
                for (int spare : new int[] {0, 1, 100}) {
                    ByteBuffer out = filled(direct, bytes.length + spare);
                    byte[] expected = all(out);
                    System.arraycopy(bytes, 0, expected, BEFORE, bytes.length);
                    assertNull(codec.encode(message, out));
                    assertEquals(BEFORE + bytes.length, out.position());
                    assertEquals(BEFORE + bytes.length + spare, out.limit());
                    assertArrayEquals(expected, all(out));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.github.futuresockets.codec.Kind#all")
    <T> void encode_messageDoesNotFit_isReturned(Kind<T> kind) throws Exception {
        Codec<T> codec = kind.codec().apply(Kind.LIMIT);
        for (T message : kind.messages()) {
            byte[] bytes = Kind.encoded(codec, message);
            for (int room = 0; room < bytes.length; room++) {
                ByteBuffer out = filled(true, room);
                byte[] expected = Arrays.copyOf(all(out), BEFORE);
                ByteBuffer own = codec.encode(message, out);
                assertArrayEquals(bytes, rest(own));
                assertEquals(BEFORE, out.position());
                assertEquals(BEFORE + room, out.limit());
                assertArrayEquals(expected, Arrays.copyOf(all(out), BEFORE));
            }
        }
    }

    /** Encodes messages one behind the other, and decodes all from the same buffer. */
    @ParameterizedTest
    @MethodSource("io.github.futuresockets.codec.Kind#all")
    <T> void encode_manyIntoTheSameBuffer_areDecodedFromThere(Kind<T> kind) throws Exception {
        Codec<T> codec = kind.codec().apply(Kind.LIMIT);
        for (boolean direct : new boolean[] {false, true}) {
            ByteBuffer out = filled(direct, 1 << 16);
            for (T message : kind.messages()) {
                assertNull(codec.encode(message, out));
            }
            assertArrayEquals(
                    Kind.encoded(codec, kind.messages()),
                    rest(out.duplicate().limit(out.position()).position(BEFORE)));
            ByteBuffer in = out.limit(out.position()).position(BEFORE);
            for (T message : kind.messages()) {
                assertEquals(message, codec.decode(in, 0));
            }
            assertEquals(0, in.remaining());
        }
    }

    @Test
    void encode_refusedMessage_leavesThePosition() {
        record Refusal<T>(Codec<T> codec, T message) {
            void check() {
                IOException expected = assertThrows(IOException.class, () -> codec.encode(message));
                for (int room : new int[] {0, 3, 1_000}) {
                    ByteBuffer out = filled(false, room);
                    IOException failure = assertThrows(IOException.class, () -> codec.encode(message, out));
                    assertEquals(expected.toString(), failure.toString());
                    assertEquals(BEFORE, out.position());
                }
            }
        }
        byte[] crlf = "\r\n".getBytes(ISO_8859_1);
        for (Refusal<?> each : List.of(
                new Refusal<>(Codecs.fixedLength(2), bytes("abc")),
                new Refusal<>(Codecs.delimited(crlf, 100), bytes("ab\r\ncd")),
                new Refusal<>(Codecs.delimited("\r\n\r\n".getBytes(ISO_8859_1), 100), bytes("ab\r\n")),
                new Refusal<>(Codecs.delimited(crlf, 5), bytes("abcd")),
                new Refusal<>(Codecs.lines(UTF_8, 100), "ab\ncd"),
                new Refusal<>(Codecs.lines(UTF_8, 100), "\u20ac\n\u20ac"),
                new Refusal<>(Codecs.lines(UTF_8, 5), "abcde"),
                new Refusal<>(Codecs.lines(UTF_8, 5), "\u20ac\u20ac"),
                new Refusal<>(Codecs.lengthPrefixed(1, ByteOrder.BIG_ENDIAN, 1_000), bytes("x".repeat(256))),
                new Refusal<>(Codecs.lengthPrefixed(4, ByteOrder.BIG_ENDIAN, 5), bytes("x".repeat(6))),
                new Refusal<>(Codecs.varintPrefixed(5), bytes("x".repeat(6))),
                new Refusal<>(Codecs.lengthPrefixed(LengthField.of(4).withOffset(1), 100), bytes("1234")),
                new Refusal<>(Codecs.lengthPrefixed(LengthField.of(4).withOffset(1), 5), bytes("123456")),
                new Refusal<>(Codecs.decimalPrefixed(2, 1_000), bytes("x".repeat(100))),
                new Refusal<>(Codecs.netstrings(5), bytes("x".repeat(6))),
                new Refusal<>(Codecs.delimited(100, new byte[] {'b'}, crlf), bytes("a\r\n")),
                new Refusal<>(Codecs.lines(UTF_8, LineEnding.CRLF, 100), "ab\ncd"),
                new Refusal<>(Codecs.lines(UTF_8, LineEnding.CRLF, 5), "abcd"),
                new Refusal<>(
                        Codecs.lines(UTF_8, 100).map(line -> line, line -> {
                            throw new IOException("refused");
                        }),
                        "a"))) {
            each.check();
        }
    }

    @Test
    void encode_messageFits_allocatesNoBytes() throws Exception {
        int length = 1 << 20;
        ByteBuffer out = ByteBuffer.allocate(2 * length);
        ByteBuffer content = bytes("x".repeat(length));
        for (Codec<ByteBuffer> codec : List.of(
                Codecs.fixedLength(length),
                Codecs.delimited(new byte[] {'\n'}, 2 * length),
                Codecs.lengthPrefixed(4, ByteOrder.LITTLE_ENDIAN, length),
                Codecs.lengthPrefixed(LengthField.of(4).withOffset(2), length),
                Codecs.decimalPrefixed(9, length),
                Codecs.netstrings(length),
                Codecs.delimited(2 * length, new byte[] {'\r', '\n'}, new byte[] {'\n'}),
                Codecs.varintPrefixed(length))) {
            assertTrue(Allocation.in(() -> assertNull(codec.encode(content, out.clear()))) < length / 4);
        }
        String line = "x".repeat(length);
        for (Codec<String> lines :
                List.of(Codecs.lines(UTF_8, 2 * length), Codecs.lines(US_ASCII, LineEnding.CRLF, 2 * length))) {
            assertTrue(Allocation.in(() -> assertNull(lines.encode(line, out.clear()))) < length / 4);
        }
    }

    /** Compares with the encoder of the JDK, also for surrogates without a pair, and where the line just fits or not. */
    @Test
    void encode_randomLines_areTheBytesOfTheCharset() throws Exception {
        SplittableRandom random = Streams.random("areTheBytesOfTheCharset");
        String characters = "a\r\u007f\u0080\u00ff\u07ff\u0800\u20ac\ud7ff\ue000\uffff\ud800\udbff\udc00\udfff";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder line = new StringBuilder();
            for (int length = random.nextInt(8); length > 0; length--) {
                line.append(characters.charAt(random.nextInt(characters.length())));
            }
            Charset charset = List.of(UTF_8, ISO_8859_1, US_ASCII, UTF_16LE).get(random.nextInt(4));
            LineEnding ending = random.nextBoolean() ? LineEnding.LF : LineEnding.CRLF;
            byte[] expected = (line + ending.text()).getBytes(charset);
            Codec<String> codec = Codecs.lines(charset, ending, Math.max(4, expected.length + random.nextInt(2)));
            ByteBuffer out = filled(false, Math.max(0, expected.length + random.nextInt(-2, 2)));
            ByteBuffer own = codec.encode(line.toString(), out);
            assertEquals(out.limit() - BEFORE >= expected.length, own == null);
            assertArrayEquals(
                    expected, rest(own != null ? own : out.limit(out.position()).position(BEFORE)));
        }
    }

    @Test
    void encode_aLambda_isReturnedAndLeavesTheBuffer() throws Exception {
        ByteBuffer own = bytes("ab");
        Encoder<String> encoder = message -> own;
        ByteBuffer out = filled(false, 100);
        assertSame(own, encoder.encode("ab", out));
        assertEquals(BEFORE, out.position());
    }

    @Test
    void encode_codecOfAnEncoderAndMapped_callTheEncodersOwnMethod() throws Exception {
        Encoder<String> encoder = new Encoder<>() {
            @Override
            public ByteBuffer encode(String message) {
                throw new AssertionError("the other method");
            }

            @Override
            public ByteBuffer encode(String message, ByteBuffer out) {
                out.put(message.getBytes(ISO_8859_1));
                return null;
            }
        };
        Codec<String> codec = Codec.of(Codecs.lines(ISO_8859_1, 10), encoder);
        ByteBuffer out = filled(false, 100);
        assertNull(codec.encode("ab", out));
        assertNull(codec.map(Integer::valueOf, String::valueOf).encode(12, out));
        assertArrayEquals(
                "ab12".getBytes(ISO_8859_1), rest(out.limit(out.position()).position(BEFORE)));
    }

    private static ByteBuffer bytes(String latin) {
        return ByteBuffer.wrap(latin.getBytes(ISO_8859_1));
    }
}
