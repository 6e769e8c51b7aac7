package io.github.futuresockets.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.IncompleteReadException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Tests the encoded bytes and the decoded messages of each codec, and the refused messages and arguments. */
class CodecsTest {
    private static final byte[] CRLF = {'\r', '\n'};

    private static ByteBuffer bytes(String latin) {
        return ByteBuffer.wrap(latin.getBytes(ISO_8859_1));
    }

    private static IOException refuses(Encoder<ByteBuffer> encoder, String message) {
        return assertThrows(IOException.class, () -> encoder.encode(bytes(message)));
    }

    private static List<String> lines(Charset charset, byte[] stream) {
        List<String> lines = Feeding.whole(Codecs.lines(charset, 100), stream).all();
        assertEquals(
                lines, Feeding.byteByByte(Codecs.lines(charset, 100), stream).all());
        return lines;
    }

    @Test
    void factories_illegalArguments_throwAtOnce() {
        List<Executable> calls = List.of(
                () -> Codecs.fixedLength(0),
                () -> Codecs.fixedLength(-1),
                () -> Codecs.delimited(new byte[0], 10),
                () -> Codecs.delimited(CRLF, 1),
                () -> Codecs.delimited(CRLF, -1),
                () -> Codecs.lines(UTF_8, 0),
                () -> Codecs.lines(UTF_16LE, 1),
                () -> Codecs.lines(Charset.forName("UTF-32"), 3),
                () -> Codecs.lengthPrefixed(0, ByteOrder.BIG_ENDIAN, 10),
                () -> Codecs.lengthPrefixed(5, ByteOrder.BIG_ENDIAN, 10),
                () -> Codecs.lengthPrefixed(6, ByteOrder.BIG_ENDIAN, 10),
                () -> Codecs.lengthPrefixed(7, ByteOrder.BIG_ENDIAN, 10),
                () -> Codecs.lengthPrefixed(9, ByteOrder.BIG_ENDIAN, 10),
                () -> Codecs.lengthPrefixed(-1, ByteOrder.BIG_ENDIAN, 10),
                () -> Codecs.lengthPrefixed(4, ByteOrder.BIG_ENDIAN, 0),
                () -> Codecs.lengthPrefixed(4, ByteOrder.BIG_ENDIAN, -1),
                () -> Codecs.varintPrefixed(0),
                () -> Codecs.varintPrefixed(-1),
                () -> Decoder.limited(0, Codecs.varintPrefixed(1)));
        for (int i = 0; i < calls.size(); i++) {
            assertThrows(IllegalArgumentException.class, calls.get(i), "call " + i);
        }
        assertThrows(NullPointerException.class, () -> Codecs.lengthPrefixed(4, null, 10));
        assertThrows(NullPointerException.class, () -> Codecs.delimited(null, 10));
        assertThrows(NullPointerException.class, () -> Codecs.lines(null, 10));
        assertThrows(NullPointerException.class, () -> Codecs.lines(UTF_8, null, 10));
    }

    @Test
    void encode_eachCodec_writesDocumentedBytes() {
        assertArrayEquals("ab".getBytes(UTF_8), Kind.encoded(Codecs.fixedLength(2), bytes("ab")));
        assertArrayEquals("ab\r\n".getBytes(UTF_8), Kind.encoded(Codecs.delimited(CRLF, 10), bytes("ab")));
        assertArrayEquals("ab\n".getBytes(UTF_8), Kind.encoded(Codecs.lines(UTF_8, 10), "ab"));
        assertArrayEquals(
                new byte[] {0, 2, 'a', 'b'},
                Kind.encoded(Codecs.lengthPrefixed(2, ByteOrder.BIG_ENDIAN, 10), bytes("ab")));
        assertArrayEquals(
                new byte[] {2, 0, 0, 'a', 'b'},
                Kind.encoded(Codecs.lengthPrefixed(3, ByteOrder.LITTLE_ENDIAN, 10), bytes("ab")));
        assertArrayEquals(new byte[] {2, 'a', 'b'}, Kind.encoded(Codecs.varintPrefixed(10), bytes("ab")));
        byte[] long300 = Kind.encoded(Codecs.varintPrefixed(300), bytes("x".repeat(300)));
        assertEquals((byte) 0xac, long300[0]);
        assertEquals((byte) 0x02, long300[1]);
        assertEquals(302, long300.length);
    }

    @Test
    void encode_numbers_writesTheBytesOfTheOrder() throws Exception {
        ByteOrder big = ByteOrder.BIG_ENDIAN;
        ByteOrder little = ByteOrder.LITTLE_ENDIAN;
        isEncoded(Codecs.int8(), (byte) -2, 0xfe);
        isEncoded(Codecs.int16(big), (short) -2, 0xff, 0xfe);
        isEncoded(Codecs.int16(little), (short) 0x1234, 0x34, 0x12);
        isEncoded(Codecs.int32(big), 0xfedcba98, 0xfe, 0xdc, 0xba, 0x98);
        isEncoded(Codecs.int32(little), 0xfedcba98, 0x98, 0xba, 0xdc, 0xfe);
        isEncoded(Codecs.int64(big), Long.MIN_VALUE + 1, 0x80, 0, 0, 0, 0, 0, 0, 1);
        isEncoded(Codecs.int64(little), Long.MIN_VALUE + 1, 1, 0, 0, 0, 0, 0, 0, 0x80);
        isEncoded(Codecs.float32(big), -1.5f, 0xbf, 0xc0, 0, 0);
        isEncoded(Codecs.float32(little), -1.5f, 0, 0, 0xc0, 0xbf);
        isEncoded(Codecs.float64(big), -1.5, 0xbf, 0xf8, 0, 0, 0, 0, 0, 0);
        isEncoded(Codecs.float64(little), -1.5, 0, 0, 0, 0, 0, 0, 0xf8, 0xbf);
        isEncoded(Codecs.int8().map(Byte::toUnsignedInt, Integer::byteValue), 200, 200);
        assertThrows(NullPointerException.class, () -> Codecs.int32(null));
        assertThrows(NullPointerException.class, () -> Codecs.int32(big).encode(null));
    }

    /** Checks both directions, also at another position of a buffer of another order. */
    private static <T> void isEncoded(Codec<T> codec, T message, int... bytes) throws IOException {
        byte[] expected = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            expected[i] = (byte) bytes[i];
        }
        assertEquals(bytes.length, codec.limit());
        assertArrayEquals(expected, Kind.encoded(codec, message));
        ByteBuffer in = ByteBuffer.allocateDirect(20).order(ByteOrder.LITTLE_ENDIAN);
        in.put(5, expected).position(5);
        assertEquals(message, codec.decode(in, 0));
        assertEquals(5 + bytes.length, in.position());
    }

    @Test
    void lines_ofCrlfAppendCrlfAndAcceptBoth() {
        Codec<String> codec = Codecs.lines(UTF_8, LineEnding.CRLF, 22);
        assertArrayEquals("ab\r\n".getBytes(UTF_8), Kind.encoded(codec, "ab"));
        assertArrayEquals("a\r\r\n".getBytes(UTF_8), Kind.encoded(codec, "a\r"));
        assertArrayEquals("a\r\n".getBytes(UTF_16LE), Kind.encoded(Codecs.lines(UTF_16LE, LineEnding.CRLF, 22), "a"));
        assertArrayEquals("a\r\n".getBytes(UTF_16BE), Kind.encoded(Codecs.lines(UTF_16, LineEnding.CRLF, 22), "a"));
        assertEquals(
                List.of("a", "b\r", "c", "last"),
                Feeding.byteByByte(codec, "a\nb\r\r\nc\r\nlast".getBytes(UTF_8)).all());
        assertEquals(22, Kind.encoded(codec, "x".repeat(20)).length);
        assertThrows(FrameTooLongException.class, () -> codec.encode("x".repeat(21)));
        assertThrows(IOException.class, () -> codec.encode("a\r\nb"));
        assertThrows(IllegalArgumentException.class, () -> Codecs.lines(UTF_8, LineEnding.CRLF, 1));
        assertThrows(IllegalArgumentException.class, () -> Codecs.lines(UTF_16LE, LineEnding.CRLF, 3));
    }

    @Test
    void encode_undecodableMessage_isRefused() {
        refuses(Codecs.fixedLength(2), "a");
        refuses(Codecs.fixedLength(2), "abc");
        refuses(Codecs.fixedLength(2), "");
        for (Codec<ByteBuffer> of100 : List.of(
                Codecs.delimited(CRLF, 102),
                Codecs.lengthPrefixed(1, ByteOrder.BIG_ENDIAN, 100),
                Codecs.lengthPrefixed(8, ByteOrder.LITTLE_ENDIAN, 100),
                Codecs.varintPrefixed(100))) {
            Kind.encoded(of100, bytes("x".repeat(100)));
            assertInstanceOf(FrameTooLongException.class, refuses(of100, "x".repeat(101)));
        }
        Codec<ByteBuffer> ofOneByte = Codecs.lengthPrefixed(1, ByteOrder.BIG_ENDIAN, 1_000);
        assertEquals(256, Kind.encoded(ofOneByte, bytes("x".repeat(255))).length);
        FrameTooLongException failure =
                assertInstanceOf(FrameTooLongException.class, refuses(ofOneByte, "x".repeat(256)));
        assertEquals(255, failure.limit());
        assertEquals(256, failure.seen());
        refuses(Codecs.lengthPrefixed(2, ByteOrder.BIG_ENDIAN, 100_000), "x".repeat(65_536));
    }

    @Test
    void delimited_refusesADelimiterWithinAndOnTheBorder() {
        Codec<ByteBuffer> crlf = Codecs.delimited(CRLF, 100);
        assertTrue(String.valueOf(refuses(crlf, "ab\r\ncd").getMessage()).contains("after 2 of its 6"));
        refuses(crlf, "\r\n");
        Kind.encoded(crlf, bytes("ab\r"));
        refuses(Codecs.delimited("aa".getBytes(UTF_8), 100), "ba");
        refuses(Codecs.delimited("\r\n\r\n".getBytes(UTF_8), 100), "x\r\n");
        Kind.encoded(Codecs.delimited("aab".getBytes(UTF_8), 100), bytes("ba"));
    }

    @Test
    void delimited_copiesItsDelimiter() {
        byte[] delimiter = {';'};
        Codec<ByteBuffer> codec = Codecs.delimited(delimiter, 10);
        delimiter[0] = 'a';
        assertArrayEquals("a;".getBytes(UTF_8), Kind.encoded(codec, bytes("a")));
        assertEquals(
                List.of(bytes("a")), Feeding.whole(codec, "a;".getBytes(UTF_8)).all());
    }

    @Test
    void decode_streamEndsWithinMessage_failsAsIncomplete() {
        for (Codec<ByteBuffer> each : List.of(
                Codecs.fixedLength(3),
                Codecs.delimited(CRLF, 100),
                Codecs.lengthPrefixed(1, ByteOrder.BIG_ENDIAN, 100),
                Codecs.varintPrefixed(100))) {
            assertInstanceOf(
                    IncompleteReadException.class,
                    Feeding.whole(each, new byte[] {8, 'x'}).failure());
        }
    }

    @Test
    void lines_endWithLfOrCrlfAndACrElsewhereIsData() {
        for (Charset charset : List.of(UTF_8, ISO_8859_1, UTF_16LE, UTF_16BE, UTF_16, Charset.forName("UTF-32LE"))) {
            Charset unmarked = charset == UTF_16 ? UTF_16BE : charset;
            assertEquals(
                    List.of("a", "b", "", "", "\rc\r", "\r"),
                    lines(charset, "a\nb\r\n\n\r\n\rc\r\r\n\r\r\n".getBytes(unmarked)));
            assertEquals(List.of("a", "last"), lines(charset, "a\nlast".getBytes(unmarked)));
            assertEquals(List.of("a", "last\r"), lines(charset, "a\nlast\r".getBytes(unmarked)), "no LF, no CRLF");
        }
    }

    @Test
    void lines_findTheLineFeedOnTheBorderOfACodeUnitOnly() {
        assertEquals(
                List.of("\u0a00\u0a00", "0a"),
                lines(UTF_16BE, new byte[] {0x0a, 0, 0x0a, 0, 0, 0x0a, 0, '0', 0, 'a', 0, 0x0a}));
        assertEquals(List.of("\u0a00\u0100r"), lines(UTF_16LE, new byte[] {0, 0x0a, 0, 1, 'r', 0, 0x0a, 0}));
        assertEquals(List.of("\u0100\u0a00r"), lines(UTF_16BE, new byte[] {1, 0, 0x0a, 0, 0, 'r', 0, 0x0a}));
        assertEquals(List.of("x\u0d00"), lines(UTF_16BE, new byte[] {0, 'x', 0x0d, 0, 0, 0x0a}), "no CR either");
    }

    @Test
    void lines_malformedInputIsReplaced() {
        assertEquals(
                List.of("a\ufffdb", "\ufffd"), lines(UTF_8, new byte[] {'a', (byte) 0xff, 'b', '\n', (byte) 0xe2}));
        assertEquals(List.of("\ufffd"), lines(US_ASCII, new byte[] {(byte) 0x80, '\n'}));
        assertEquals(List.of("a", "b\ufffd"), lines(UTF_16LE, new byte[] {'a', 0, '\n', 0, 'b', 0, 'c'}));
    }

    @Test
    void lines_lineFeedOrTooLongLine_isRefused() {
        for (Charset charset : List.of(UTF_8, UTF_16LE, UTF_16)) {
            Codec<String> codec = Codecs.lines(charset, 22);
            for (String each : List.of("\n", "a\nb", "a\r\n")) {
                IOException failure = assertThrows(IOException.class, () -> codec.encode(each));
                assertTrue(String.valueOf(failure.getMessage()).contains("line feed"), failure.toString());
            }
        }
        assertEquals(22, Kind.encoded(Codecs.lines(UTF_8, 22), "x".repeat(21)).length);
        assertEquals(22, Kind.encoded(Codecs.lines(UTF_16, 22), "x".repeat(10)).length);
        assertThrows(FrameTooLongException.class, () -> Codecs.lines(UTF_8, 22).encode("x".repeat(22)));
        assertThrows(FrameTooLongException.class, () -> Codecs.lines(UTF_16, 22).encode("x".repeat(11)));
        assertArrayEquals("a\r\n".getBytes(UTF_8), Kind.encoded(Codecs.lines(UTF_8, 22), "a\r"));
    }

    @Test
    void lines_ofUtf16AreWrittenWithoutAMarkAndReadWithOne() {
        assertArrayEquals("ab\n".getBytes(UTF_16BE), Kind.encoded(Codecs.lines(UTF_16, 22), "ab"));
        assertEquals(List.of("ab", "c"), lines(UTF_16, "ab\nc\n".getBytes(UTF_16)));
    }

    /** Covers all charsets of the running JDK. A charset without an encoder or without a line feed is refused. */
    @Test
    void lines_everyEncodableCharset_roundTrip() {
        int charsets = 0;
        for (Charset charset : Charset.availableCharsets().values()) {
            if (charset.canEncode() && charset.newEncoder().canEncode("az09\r\n")) {
                List<String> lines = List.of("", "a", "az09", "0\r9", "z".repeat(20));
                assertEquals(lines, lines(charset, Kind.encoded(Codecs.lines(charset, 100), lines)), charset.name());
                charsets++;
            } else if (!charset.canEncode() || !charset.newEncoder().canEncode('\n')) {
                assertThrows(IllegalArgumentException.class, () -> Codecs.lines(charset, 100), charset.name());
            }
        }
        assertTrue(charsets > 5, "only " + charsets);
    }

    @Test
    void limited_changesTheLimitAndNothingElse() {
        Decoder<String> decoder = Decoder.limited(5, Codecs.lines(UTF_8, 100));
        assertEquals(5, decoder.limit());
        Feeding.Outcome<String> outcome = Feeding.byteByByte(decoder, "one\n1234\nend".getBytes(US_ASCII));
        assertEquals(List.of("one", "1234", "end"), outcome.all());
    }

    @Test
    void map_makesOtherMessagesBothWays() {
        Codec<Integer> numbers = Codecs.lines(US_ASCII, 12).map(Integer::valueOf, String::valueOf);
        assertEquals(12, numbers.limit());
        assertArrayEquals("42\n".getBytes(US_ASCII), Kind.encoded(numbers, 42));
        assertEquals(
                List.of(1, -2, 3),
                Feeding.byteByByte(numbers, "1\n-2\r\n3".getBytes(US_ASCII)).all());
    }

    @Test
    void map_throwingFunction_failsReadAndKeepsBytes() {
        IOException thrown = new IOException("not one of ours");
        Codec<String> failing = Codecs.lines(UTF_8, 100)
                .map(
                        line -> {
                            if (line.startsWith("bad")) {
                                throw thrown;
                            }
                            return line;
                        },
                        line -> {
                            throw thrown;
                        });
        for (String last : List.of("bad\n", "bad")) {
            var outcome = Feeding.byteByByte(failing, ("good\n" + last).getBytes(UTF_8));
            assertEquals(List.of("good"), outcome.messages());
            assertSame(thrown, outcome.failure());
            assertEquals(5, outcome.taken());
        }
        assertSame(thrown, assertThrows(IOException.class, () -> failing.encode("good")));
    }

    @Test
    void map_aMessageThatIsTooShortIsNotAwaited() {
        Codec<Integer> ints = Codecs.lengthPrefixed(1, ByteOrder.BIG_ENDIAN, 100)
                .map(
                        ByteBuffer::getInt,
                        value -> ByteBuffer.allocate(4).putInt(value).flip());
        assertEquals(List.of(7), Feeding.byteByByte(ints, Kind.encoded(ints, 7)).all());
        var outcome = Feeding.whole(ints, new byte[] {3, 1, 2, 3, 4, 5, 6});
        assertInstanceOf(ProtocolException.class, outcome.failure());
        assertEquals(0, outcome.taken());
    }

    @Test
    void map_nullIsNoMessage() {
        Codec<String> nothing = Codecs.lines(UTF_8, 100).map(line -> null, line -> null);
        assertInstanceOf(
                NullPointerException.class,
                Feeding.whole(nothing, new byte[] {'a', '\n'}).failure());
        assertThrows(NullPointerException.class, () -> nothing.encode("a"));
        assertThrows(NullPointerException.class, () -> Codecs.lines(UTF_8, 100).<String>map(null, line -> line));
    }
}
