package io.github.futuresockets.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests lengths in decimal digits, of a fixed width and up to a delimiter. */
class DecimalTest {
    private static final Codec<ByteBuffer> FIVE = Codecs.decimalPrefixed(5, 100);
    private static final Codec<ByteBuffer> CRLF = Codecs.decimalPrefixed(latin("\r\n"), 100);
    private static final Codec<ByteBuffer> NETSTRINGS = Codecs.netstrings(100);

    private static byte[] latin(String text) {
        return text.getBytes(ISO_8859_1);
    }

    private static ByteBuffer buffer(String text) {
        return ByteBuffer.wrap(latin(text));
    }

    private static void isProtocolError(Codec<ByteBuffer> codec, String stream) {
        for (var outcome : List.of(Feeding.whole(codec, latin(stream)), Feeding.byteByByte(codec, latin(stream)))) {
            assertInstanceOf(ProtocolException.class, outcome.failure(), stream);
            assertEquals(0, outcome.taken());
        }
    }

    private static FrameTooLongException isTooLong(Codec<ByteBuffer> codec, String stream) throws Exception {
        byte[] bytes = latin(stream);
        FrameTooLongException failure =
                assertThrows(FrameTooLongException.class, () -> codec.decode(ByteBuffer.wrap(bytes), 0));
        long allocated =
                Allocation.in(() -> assertThrows(IOException.class, () -> codec.decode(ByteBuffer.wrap(bytes), 0)));
        assertTrue(allocated < 64 << 10, "allocated " + allocated);
        return failure;
    }

    @Test
    void encode_eachCodec_writesDocumentedBytes() {
        assertArrayEquals(latin("00005hello"), Kind.encoded(FIVE, buffer("hello")));
        assertArrayEquals(latin("00000"), Kind.encoded(FIVE, buffer("")));
        assertArrayEquals(
                latin("100".concat("x".repeat(100))),
                Kind.encoded(Codecs.decimalPrefixed(3, 100), buffer("x".repeat(100))));
        assertArrayEquals(latin("12\r\nhello world!"), Kind.encoded(CRLF, buffer("hello world!")));
        assertArrayEquals(latin("12:hello world!,"), Kind.encoded(NETSTRINGS, buffer("hello world!")));
        assertArrayEquals(latin("0:,"), Kind.encoded(NETSTRINGS, buffer("")));
    }

    @Test
    void encode_tooLong_isRefused() {
        for (Codec<ByteBuffer> each : List.of(FIVE, CRLF, NETSTRINGS)) {
            assertThrows(FrameTooLongException.class, () -> each.encode(ByteBuffer.allocate(101)));
        }
        FrameTooLongException failure = assertThrows(
                FrameTooLongException.class,
                () -> Codecs.decimalPrefixed(2, 1_000).encode(ByteBuffer.allocate(100)));
        assertEquals(99, failure.limit());
        assertEquals(101, Kind.encoded(Codecs.decimalPrefixed(2, 1_000), ByteBuffer.allocate(99)).length);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-0001x",
                "+0001x",
                "    1x",
                "1    x",
                "0x001",
                "00.01",
                "0001\u00b2",
                "abcde",
                "\0\0\0\0\0",
                "-"
            })
    void fixed_lengthThatIsNotAllDigits_isAProtocolError(String stream) {
        isProtocolError(FIVE, stream);
    }

    @Test
    void fixed_anotherByte_isNamed() {
        Exception failure = Feeding.whole(FIVE, latin("0001\u00b2")).failure();
        assertEquals("a length with 0xb2, not a digit", failure.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-1\r\nx", "+1\r\nx", " 1\r\nx", "1 \r\nx", "01\r\nx", "00\r\n", "\r\n", "\r\nx", "1\n", "1\rx", "0x1",
                "1\u00b2", "1,5\r\n", "-"
            })
    void delimited_lengthThatIsNotPlain_isAProtocolError(String stream) {
        isProtocolError(CRLF, stream);
    }

    @ParameterizedTest
    @ValueSource(strings = {"5:hello;", "5:hello\n", "00:,", "05:hello,", ":,", "1;a,", "0::", "-1:,"})
    void netstrings_otherBytes_areAProtocolError(String stream) {
        isProtocolError(NETSTRINGS, stream);
    }

    @Test
    void fixed_lengthOverLimit_isRefusedAtTheLastDigit() throws Exception {
        assertEquals(101, isTooLong(FIVE, "00101").seen());
        assertEquals(99_999, isTooLong(FIVE, "99999").seen());
        assertEquals(100, isTooLong(FIVE, "99999").limit());
        assertNull(FIVE.decode(buffer("9999"), 0));
        Codec<ByteBuffer> wide = Codecs.decimalPrefixed(18, Integer.MAX_VALUE);
        assertEquals(999_999_999_999_999_999L, isTooLong(wide, "9".repeat(18)).seen());
        assertEquals(4_294_967_297L, isTooLong(wide, "000000004294967297").seen(), "no wrap around");
        assertEquals(Integer.MAX_VALUE, wide.limit());
    }

    @Test
    void delimited_lengthOverLimit_isRefusedBeforeTheDelimiter() throws Exception {
        for (Codec<ByteBuffer> each : List.of(CRLF, NETSTRINGS)) {
            assertEquals(101, isTooLong(each, "101").seen());
            assertEquals(999, isTooLong(each, "9".repeat(1_000)).seen());
            assertNull(each.decode(buffer("100"), 0));
        }
        Codec<ByteBuffer> huge = Codecs.netstrings(Integer.MAX_VALUE);
        assertTrue(isTooLong(huge, "2147483648").seen() >= 2_147_483_648L);
        assertTrue(isTooLong(huge, "99999999999999999999999").seen() > Integer.MAX_VALUE);
        assertNull(huge.decode(buffer("2000000000:x"), 0));
        assertTrue(Allocation.in(() -> assertNull(huge.decode(buffer("2000000000:x"), 0))) < 64 << 10);
        assertEquals(Integer.MAX_VALUE, huge.limit());
    }

    @Test
    void limit_longestMessage_isWithin() {
        for (Codec<ByteBuffer> each : List.of(FIVE, CRLF, NETSTRINGS)) {
            byte[] longest = Kind.encoded(each, ByteBuffer.allocate(100));
            assertEquals(longest.length, each.limit());
            assertEquals(1, Feeding.byteByByte(each, longest).all().size());
        }
    }

    @Test
    void factories_illegalArguments_throwAtOnce() {
        assertThrows(IllegalArgumentException.class, () -> Codecs.decimalPrefixed(0, 10));
        assertThrows(IllegalArgumentException.class, () -> Codecs.decimalPrefixed(19, 10));
        assertThrows(IllegalArgumentException.class, () -> Codecs.decimalPrefixed(5, 0));
        assertThrows(IllegalArgumentException.class, () -> Codecs.decimalPrefixed(new byte[0], 10));
        assertThrows(IllegalArgumentException.class, () -> Codecs.decimalPrefixed(latin("0"), 10));
        assertThrows(IllegalArgumentException.class, () -> Codecs.decimalPrefixed(latin(":"), 0));
        assertThrows(IllegalArgumentException.class, () -> Codecs.netstrings(0));
        byte[] delimiter = latin(";");
        Codec<ByteBuffer> codec = Codecs.decimalPrefixed(delimiter, 10);
        delimiter[0] = ':';
        assertArrayEquals(latin("1;a"), Kind.encoded(codec, buffer("a")), "the delimiter is copied");
    }
}
