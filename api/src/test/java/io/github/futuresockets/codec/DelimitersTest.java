package io.github.futuresockets.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.futuresockets.IncompleteReadException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tests messages that end with one of several delimiters. A regular expression is the model. */
class DelimitersTest {

    private static byte[][] bytes(String... delimiters) {
        return Stream.of(delimiters).map(each -> each.getBytes(ISO_8859_1)).toArray(byte[][]::new);
    }

    private static ByteBuffer buffer(String text) {
        return ByteBuffer.wrap(text.getBytes(ISO_8859_1));
    }

    private static Feeding.Outcome<ByteBuffer> decoded(Codec<ByteBuffer> codec, String stream) {
        byte[] bytes = stream.getBytes(ISO_8859_1);
        Feeding.Outcome<ByteBuffer> whole = Feeding.whole(codec, bytes);
        Feeding.Outcome<ByteBuffer> single = Feeding.byteByByte(codec, bytes);
        assertEquals(whole.messages(), single.messages(), stream);
        assertEquals(whole.taken(), single.taken(), stream);
        return whole;
    }

    private static List<String> messages(String stream, String... delimiters) {
        return strings(decoded(Codecs.delimited(100, bytes(delimiters)), stream).all());
    }

    private static List<String> strings(List<ByteBuffer> messages) {
        return messages.stream()
                .map(each -> ISO_8859_1.decode(each.duplicate()).toString())
                .toList();
    }

    @Test
    void decode_earliestPlaceThenLongest_wins() {
        assertEquals(List.of("a", "b", "", "c\r"), messages("a\r\nb\n\nc\r\r\n", "\r\n", "\n"));
        assertEquals(List.of("a", "b", "c", "", ""), messages("a\r\nb\nc\r\n\r\r", "\r\n", "\n", "\r"));
        assertEquals(List.of("a", "b", ""), messages("a;b<>;", ";", "<>"));
        assertEquals(List.of("x", "y"), messages("xabcyb", "abc", "b"));
        assertEquals(List.of("xa", "dy"), messages("xabdyb", "abc", "b"));
    }

    @Test
    void decode_undecidedDelimiter_waitsUnlessTheLimitOrTheEndDecides() throws Exception {
        Codec<ByteBuffer> codec = Codecs.delimited(5, bytes("\n", "\r\n", "\r"));
        assertNull(codec.decode(buffer("a\r"), 0));
        assertEquals(buffer("a"), codec.decode(buffer("a\rb"), 2));
        assertEquals(buffer("a"), codec.end(buffer("a\r")), "the end of the stream decides");
        assertEquals(buffer("abcd"), codec.decode(buffer("abcd\r"), 4), "the limit decides");
        ByteBuffer more = buffer("abcd\r\n");
        assertEquals(buffer("abcd"), codec.decode(more, 0), "as with more bytes");
        assertEquals(5, more.position());
    }

    @Test
    void end_bytesBehindTheShorterDelimiter_isIncomplete() {
        Codec<ByteBuffer> codec = Codecs.delimited(100, bytes("b", "abcd"));
        var outcome = decoded(codec, "xabc");
        assertInstanceOf(IncompleteReadException.class, outcome.failure());
        assertEquals(0, outcome.taken());
        assertInstanceOf(IncompleteReadException.class, decoded(codec, "x").failure());
    }

    @Test
    void encode_appendsTheFirst() {
        assertArrayEquals(
                "a\r\n".getBytes(ISO_8859_1), Kind.encoded(Codecs.delimited(9, bytes("\r\n", "\n")), buffer("a")));
        assertArrayEquals(
                "a\n".getBytes(ISO_8859_1), Kind.encoded(Codecs.delimited(9, bytes("\n", "\r\n")), buffer("a")));
        assertArrayEquals("a;".getBytes(ISO_8859_1), Kind.encoded(Codecs.delimited(9, bytes(";")), buffer("a")));
    }

    @Test
    void encode_anotherDelimiterWithinOrUndecided_isRefused() {
        Codec<ByteBuffer> lf = Codecs.delimited(100, bytes("\n", "\r\n"));
        for (String each : List.of("a\nb", "\r\n", "a\r")) {
            assertThrows(IOException.class, () -> lf.encode(buffer(each)), each);
        }
        Codec<ByteBuffer> undecided = Codecs.delimited(100, bytes("b", "abcd"));
        assertThrows(IOException.class, () -> undecided.encode(buffer("xa")), "the next message may begin with cd");
        assertThrows(FrameTooLongException.class, () -> undecided.encode(buffer("x".repeat(100))));
        ByteBuffer out = ByteBuffer.allocate(100).position(3);
        assertThrows(IOException.class, () -> undecided.encode(buffer("xa"), out));
        assertEquals(3, out.position());
        assertEquals(100, out.limit());
    }

    @Test
    void factory_illegalArguments_throwAtOnce() {
        assertThrows(IllegalArgumentException.class, () -> Codecs.delimited(100));
        assertThrows(IllegalArgumentException.class, () -> Codecs.delimited(100, bytes("a", "")));
        assertThrows(IllegalArgumentException.class, () -> Codecs.delimited(2, bytes("a", "bcd")));
        assertThrows(IllegalArgumentException.class, () -> Codecs.delimited(100, bytes("\r", "\r\n")));
        Codecs.delimited(100, bytes("\n", "\r\n", "\n"));
        byte[][] delimiters = bytes(";", ",");
        Codec<ByteBuffer> codec = Codecs.delimited(100, delimiters);
        delimiters[1][0] = 'a';
        assertEquals(List.of("a", "b"), strings(decoded(codec, "a,b;").all()), "the delimiters are copied");
    }

    /** Compares random streams in random cuts with the matches of a regular expression. */
    @Test
    void decode_randomDelimitersAndStreams_asARegularExpression() {
        SplittableRandom random = Streams.random("asARegularExpression");
        for (int i = 0; i < 10_000; i++) {
            List<String> delimiters = new ArrayList<>();
            for (int count = random.nextInt(1, 4); count > 0; count--) {
                delimiters.add(word(random, random.nextInt(1, 5)));
            }
            delimiters.sort(Comparator.comparingInt(each -> -each.length()));
            Codec<ByteBuffer> codec = Codecs.delimited(50, bytes(delimiters.toArray(String[]::new)));
            String stream = word(random, random.nextInt(40)) + "x";
            var cut = Feeding.cut(codec, stream.getBytes(ISO_8859_1), Streams.cuts(random, stream.length()));
            Matcher model = Pattern.compile(
                            delimiters.stream().map(Pattern::quote).collect(Collectors.joining("|")))
                    .matcher(stream);
            List<String> expected = new ArrayList<>();
            int end = 0;
            for (; model.find(); end = model.end()) {
                expected.add(stream.substring(end, model.start()));
            }
            assertEquals(expected, strings(cut.messages()), delimiters + " in " + stream);
            assertEquals(end, cut.taken(), delimiters + " in " + stream);
        }
    }

    private static String word(SplittableRandom random, int length) {
        return random.ints(length, 0, 3)
                .mapToObj(each -> "abc".substring(each, each + 1))
                .collect(Collectors.joining());
    }
}
