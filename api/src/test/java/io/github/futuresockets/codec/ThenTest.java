package io.github.futuresockets.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.futuresockets.IncompleteReadException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tests {@link Decoder#then}: a head, and a body whose decoder is chosen by the head. */
class ThenTest {
    private static final Codec<String> LINES = Codecs.lines(UTF_8, 20);

    /** Takes no byte. */
    private static final Decoder<String> NOTHING = (in, seen) -> "nothing";

    private static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }

    private static <T> Feeding.Outcome<T> fed(Decoder<T> decoder, String stream) {
        Feeding.Outcome<T> whole = Feeding.whole(decoder, utf8(stream));
        Feeding.Outcome<T> single = Feeding.byteByByte(decoder, utf8(stream));
        assertEquals(whole.messages(), single.messages());
        assertEquals(whole.taken(), single.taken());
        assertEquals(String.valueOf(whole.failure()), String.valueOf(single.failure()));
        return single;
    }

    @Test
    void decode_bodyOfAnotherKind_isChosenByTheHead() {
        Decoder<Object> decoder = LINES.then(head -> switch (head) {
            case "number" -> Codecs.int32(ByteOrder.BIG_ENDIAN);
            case "line" -> LINES.map(line -> "<" + line + ">");
            default -> NOTHING;
        });
        assertEquals(
                List.of("<a\rb>", 0x30313233, "nothing", "<>"),
                fed(decoder, "line\r\na\rb\r\nnumber\n0123QUIT\nline\n\n").all());
    }

    @Test
    void decode_headThatTakesNothing_leavesTheWholeMessageToTheBody() {
        Decoder<Byte> first = (in, seen) -> in.get(in.position());
        Decoder<String> decoder =
                first.then(start -> start == '*' ? Codecs.netstrings(9).map(content -> "never") : LINES);
        assertEquals(List.of("a", "b"), fed(decoder, "a\nb\n").all());
        assertInstanceOf(ProtocolException.class, fed(decoder, "*\n").failure());
    }

    /** A head that needs more bytes than the head takes must not hide the bytes from a search in the body. */
    @Test
    void decode_headThatLooksAhead_hidesNoByteFromTheBody() {
        Decoder<Integer> look = (in, seen) -> in.duplicate().getInt();
        assertEquals(
                List.of("", "", "abc", ""),
                fed(look.then(any -> LINES), "\n\nabc\n\n123").messages());
        Codec<ByteBuffer> undecided = Codecs.delimited(20, utf8(";"), utf8("<\nabc"), utf8("<"));
        Decoder<String> afterUndecided = undecided.then(any -> LINES);
        assertEquals(List.of("", "12"), fed(afterUndecided, "x<\nab;12\n").all());
    }

    @Test
    void decode_headOfTheFirstBytes_staysAsIs() throws Exception {
        List<Integer> seen = new ArrayList<>();
        Decoder<String> body = (in, before) -> {
            seen.add(before);
            assertEquals(0, in.get(in.position() - 1) - '\n', "behind the head");
            return in.remaining() < 5 ? null : LINES.decode(in, 0);
        };
        Decoder<String> decoder = LINES.then(head -> body);
        byte[] bytes = utf8("head\nbody\nmore");
        ByteBuffer in = ByteBuffer.allocateDirect(30).put(3, bytes);
        for (int length = 1; length < 10; length++) {
            in.limit(3 + length).position(3);
            assertNull(decoder.decode(in, length - 1));
            assertEquals(3, in.position());
            assertEquals(3 + length, in.limit());
        }
        in.limit(3 + bytes.length);
        assertEquals("body", decoder.decode(in, 9));
        assertEquals(13, in.position());
        assertEquals(3 + bytes.length, in.limit());
        assertEquals(List.of(0, 0, 1, 2, 3, 4), seen);
    }

    @Test
    void decode_throwingPart_leavesTheLimitOfTheBuffer() {
        ProtocolException thrown = new ProtocolException("refused");
        Decoder<String> throwing = (in, seen) -> {
            throw thrown;
        };
        for (Decoder<String> each : List.of(throwing.then(head -> LINES), LINES.then(head -> throwing))) {
            ByteBuffer in = ByteBuffer.wrap(utf8("#a\nb\nc\n")).position(1);
            assertSame(thrown, assertThrows(ProtocolException.class, () -> each.decode(in, 3)));
            assertEquals(7, in.limit());
        }
    }

    @Test
    void decode_underflowOfAPart_waits() {
        Decoder<Short> head = (in, seen) -> in.getShort();
        Decoder<Integer> decoder = head.then(length -> (in, seen) -> in.getInt());
        assertEquals(
                List.of(0x32333435, 0x62636465),
                fed(decoder, "012345abbcde").all().subList(0, 2));
    }

    @Test
    void limit_isOfTheHeadAnd64KiB() {
        Decoder<String> decoder = LINES.then(head -> LINES);
        assertEquals(20 + 65_536, decoder.limit());
        assertEquals(100, Decoder.limited(100, decoder).limit());
        assertEquals(
                Integer.MAX_VALUE,
                Decoder.limited(Integer.MAX_VALUE, LINES).then(head -> LINES).limit());
    }

    @Test
    void decode_partOverItsOwnLimit_isTooLong() {
        Decoder<String> decoder = LINES.then(head -> Decoder.limited(4, LINES));
        assertEquals(List.of("abc"), fed(decoder, "head\nabc\n").all());
        for (String stream : List.of("x".repeat(19) + "\nabcd\n", "x".repeat(20) + "\nabc\n")) {
            Exception failure = Feeding.byteByByte(decoder, utf8(stream)).failure();
            assertInstanceOf(FrameTooLongException.class, failure);
            assertEquals(stream.startsWith("x".repeat(20)) ? 20 : 4, ((FrameTooLongException) failure).limit());
            assertInstanceOf(
                    FrameTooLongException.class,
                    Feeding.whole(decoder, utf8(stream)).failure());
        }
    }

    @Test
    void decode_bodyOverTheDefault_needsLimited() {
        Decoder<String> decoder = LINES.then(head -> Codecs.lines(UTF_8, 1 << 20));
        String stream = "head\n" + "x".repeat(100_000) + "\n";
        assertInstanceOf(
                FrameTooLongException.class,
                Feeding.whole(decoder, utf8(stream)).failure());
        assertEquals(
                1,
                Feeding.whole(Decoder.limited(1 << 20, decoder), utf8(stream))
                        .all()
                        .size());
    }

    @Test
    void decode_failingChoice_failsTheReadAndKeepsTheBytes() {
        ProtocolException thrown = new ProtocolException("unknown");
        List<Decoder<String>> decoders = List.of(
                LINES.then(head -> {
                    throw thrown;
                }),
                LINES.then(head -> null),
                LINES.then(head -> {
                    throw new BufferUnderflowException();
                }));
        List<Class<?>> failures = List.of(ProtocolException.class, NullPointerException.class, ProtocolException.class);
        for (int i = 0; i < decoders.size(); i++) {
            var outcome = fed(decoders.get(i), "head\nbody\n");
            assertInstanceOf(failures.get(i), outcome.failure());
            assertEquals(0, outcome.taken());
        }
        assertSame(thrown, fed(decoders.get(0), "head\n").failure());
        assertThrows(NullPointerException.class, () -> LINES.then(null));
    }

    @Test
    void end_withinTheBody_isDecodedByTheBody() {
        Decoder<String> decoder = LINES.then(head -> LINES.map(line -> head + "+" + line));
        assertEquals(List.of("a+b", "c+d"), fed(decoder, "a\nb\nc\nd").all());
        for (String stream : List.of("a\nb\nc\n", "a\nb\nc")) {
            var outcome = fed(decoder, stream);
            assertInstanceOf(IncompleteReadException.class, outcome.failure());
            assertEquals(List.of("a+b"), outcome.messages());
            assertEquals(4, outcome.taken());
        }
    }

    @Test
    void end_withinTheHead_givesAMessageWithoutABody() {
        Decoder<String> decoder = LINES.then(head -> (in, seen) -> head);
        assertEquals(List.of("a", "QUIT"), fed(decoder, "a\nQUIT").all());
    }

    @Test
    void end_isNotAsked_whereTheHeadHasNone() throws Exception {
        Decoder<String> decoder = Codecs.int32(ByteOrder.BIG_ENDIAN).then(head -> LINES);
        ByteBuffer rest = ByteBuffer.wrap(utf8("abc"));
        assertNull(decoder.end(rest));
        assertEquals(0, rest.position());
    }

    @Test
    void then_nested_decodesThreeParts() {
        Decoder<List<String>> decoder = LINES.then(a -> LINES.then(b -> LINES.map(c -> List.of(a, b, c))));
        assertEquals(
                List.of(List.of("a", "b", "c"), List.of("d", "", "f")),
                fed(decoder, "a\nb\nc\nd\n\nf\n").all());
    }

    @Test
    void map_ofADecoder_convertsAndThrows() {
        Decoder<Integer> ints = Decoder.limited(30, LINES).map(line -> {
            if (line.isEmpty()) {
                throw new IOException("empty");
            }
            return Integer.valueOf(line);
        });
        assertEquals(30, ints.limit());
        assertEquals(List.of(1, 2, 3), fed(ints, "1\n2\r\n3").all());
        var outcome = fed(ints, "1\n\n");
        assertEquals(2, outcome.taken());
        assertEquals("java.io.IOException: empty", String.valueOf(outcome.failure()));
        Decoder<@Nullable String> nothing = LINES.map(line -> null);
        assertInstanceOf(NullPointerException.class, fed(nothing, "a\n").failure());
        Decoder<Long> underflow = Codecs.fixedLength(2).map(ByteBuffer::getLong);
        assertInstanceOf(ProtocolException.class, fed(underflow, "abcdefgh").failure());
        assertThrows(NullPointerException.class, () -> LINES.<String>map(null));
    }
}
