package io.github.futuresockets.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ProtocolException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the pieces of decoders written by hand, each at a position other than 0. */
class DecodersTest {
    private static final int BEFORE = 3;

    /** Returns a direct buffer with the bytes at position 3. */
    private static ByteBuffer in(Charset charset, String text) {
        byte[] bytes = text.getBytes(charset);
        return ByteBuffer.allocateDirect(BEFORE + bytes.length)
                .put(BEFORE, bytes)
                .position(BEFORE);
    }

    private static ByteBuffer in(String text) {
        return in(UTF_8, text);
    }

    private static int taken(ByteBuffer in) {
        return in.position() - BEFORE;
    }

    @Test
    void line_lfOrCrlf_isTakenWithItsEnding() {
        ByteBuffer in = in("a\u20ac\r\n\rb\n\nrest");
        assertEquals("a\u20ac", Decoders.line(in));
        assertEquals("\rb", Decoders.line(in));
        assertEquals("", Decoders.line(in));
        assertEquals(10, taken(in));
        assertNull(Decoders.line(in));
        assertEquals(10, taken(in));
    }

    @Test
    void line_ofACharset_followsTheRulesOfLines() throws Exception {
        for (Charset charset : List.of(ISO_8859_1, UTF_8, UTF_16LE)) {
            ByteBuffer in = in(charset, "\u00e9\u0a0a".substring(0, charset == ISO_8859_1 ? 1 : 2) + "\r\nb");
            assertTrue(Decoders.line(in, charset, 100).startsWith("\u00e9"));
            assertNull(Decoders.line(in, charset, 100));
            assertEquals("b".getBytes(charset).length, in.remaining());
        }
    }

    @Test
    void line_withinTheLimit_isTakenAndALongerLineIsTooLong() throws Exception {
        for (Charset charset : List.of(ISO_8859_1, UTF_8, US_ASCII)) {
            assertEquals("abc", Decoders.line(in("abc\r\n"), charset, 5));
            assertNull(Decoders.line(in("abcd"), charset, 5));
            for (String each : List.of("abcde", "abcde\n", "abcd\r\n")) {
                ByteBuffer in = in(each);
                FrameTooLongException failure =
                        assertThrows(FrameTooLongException.class, () -> Decoders.line(in, charset, 5));
                assertEquals(5, failure.limit());
                assertEquals(0, taken(in));
            }
            assertThrows(IllegalArgumentException.class, () -> Decoders.line(in("a\n"), charset, 0));
        }
    }

    @Test
    void bytesAndText_complete_areTaken() throws Exception {
        ByteBuffer in = in("ab\u20accd");
        ByteBuffer bytes = Decoders.bytes(in, 2);
        assertEquals(ByteBuffer.wrap(new byte[] {'a', 'b'}), bytes);
        assertEquals(2, bytes.array().length);
        assertEquals("\u20ac", Decoders.text(in, 3));
        assertEquals("", Decoders.text(in, 0));
        assertEquals(5, taken(in));
        assertNull(Decoders.bytes(in, 3));
        assertNull(Decoders.text(in, Integer.MAX_VALUE));
        assertEquals(5, taken(in));
        assertThrows(ProtocolException.class, () -> Decoders.bytes(in, -1));
        assertThrows(ProtocolException.class, () -> Decoders.text(in, Integer.MIN_VALUE));
    }

    @Test
    void bytes_hugeLength_allocateNothing() throws Exception {
        ByteBuffer in = in("ab");
        assertNull(Decoders.bytes(in, 2_000_000_000));
        assertTrue(Allocation.in(() -> assertNull(Decoders.bytes(in, 2_000_000_000))) < 64 << 10);
    }

    @Test
    void until_delimiter_isTakenToo() {
        ByteBuffer in = in("name\0value\0--\u20ac--rest");
        assertEquals("name", Decoders.textUntil(in, (byte) 0));
        assertEquals(ByteBuffer.wrap("value".getBytes(UTF_8)), Decoders.bytesUntil(in, (byte) 0));
        assertEquals("", Decoders.textUntil(in, "--".getBytes(UTF_8)));
        assertEquals("\u20ac", Decoders.textUntil(in, (byte) '-', (byte) '-'));
        assertNull(Decoders.textUntil(in, (byte) 0));
        assertNull(Decoders.bytesUntil(in, (byte) 0));
        assertEquals("rest".length(), in.remaining());
        assertThrows(IllegalArgumentException.class, () -> Decoders.bytesUntil(in));
        assertThrows(IllegalArgumentException.class, () -> Decoders.textUntil(in));
    }

    @Test
    void length_digits_areParsed() throws Exception {
        assertEquals(0, Decoders.length("0", 10));
        assertEquals(10, Decoders.length("10", 10));
        assertEquals(7, Decoders.length("0007", 10));
        assertEquals(Integer.MAX_VALUE, Decoders.length("2147483647", Integer.MAX_VALUE));
        assertEquals(
                11,
                assertThrows(FrameTooLongException.class, () -> Decoders.length("11", 10))
                        .seen());
        for (String each : List.of("2147483648", "4294967297", "18446744073709551617", "9".repeat(1_000))) {
            assertThrows(FrameTooLongException.class, () -> Decoders.length(each, Integer.MAX_VALUE), each);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "+1", " 1", "1 ", "0x1", "1.0", "\u0661", "\uff11", "1e3", "1_0"})
    void length_anythingElse_isAProtocolError(String digits) {
        assertThrows(ProtocolException.class, () -> Decoders.length(digits, 100));
    }

    @Test
    void complete_null_isAnUnderflow() {
        assertEquals("a", Decoders.complete("a"));
        assertThrows(BufferUnderflowException.class, () -> Decoders.complete(null));
    }

    /** The example of the javadoc. */
    @Test
    void pieces_redisBulkStrings_areDecodedInAnyCuts() {
        Decoder<String> strings = Decoder.limited(1 << 20, (in, seen) -> {
            if (in.get() != '$') {
                throw new ProtocolException("no bulk string");
            }
            int length = Decoders.length(Decoders.complete(Decoders.line(in)), 1 << 20);
            String text = Decoders.complete(Decoders.text(in, length));
            Decoders.complete(Decoders.line(in));
            return text;
        });
        byte[] stream = "$5\r\nhello\r\n$0\r\n\r\n$4\r\na\r\nb\r\n".getBytes(UTF_8);
        assertEquals(
                List.of("hello", "", "a\r\nb"),
                Feeding.byteByByte(strings, stream).all());
        assertInstanceOf(
                ProtocolException.class,
                Feeding.byteByByte(strings, "$-1\r\n".getBytes(UTF_8)).failure());
    }

    /** A head of HTTP: a start line, then fields up to an empty line. */
    @Test
    void pieces_headOfHttp_isDecodedInAnyCuts() {
        Decoder<Map<String, String>> heads = Decoder.limited(8_192, DecodersTest::head);
        String stream = "GET / HTTP/1.1\r\nHost: a\r\nAccept: b:c\r\n\r\nGET /x HTTP/1.1\r\n\r\n";
        assertEquals(
                List.of(Map.of("", "GET / HTTP/1.1", "Host", "a", "Accept", "b:c"), Map.of("", "GET /x HTTP/1.1")),
                Feeding.byteByByte(heads, stream.getBytes(UTF_8)).all());
    }

    private static Map<String, String> head(ByteBuffer in, int seen) throws IOException {
        Map<String, String> head = new TreeMap<>();
        head.put("", Decoders.complete(Decoders.line(in, ISO_8859_1, 4_096)));
        String field = Decoders.complete(Decoders.line(in, ISO_8859_1, 4_096));
        while (!field.isEmpty()) {
            int colon = field.indexOf(':');
            head.put(field.substring(0, colon), field.substring(colon + 1).strip());
            field = Decoders.complete(Decoders.line(in, ISO_8859_1, 4_096));
        }
        return head;
    }
}
