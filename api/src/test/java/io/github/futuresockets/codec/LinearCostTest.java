package io.github.futuresockets.codec;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tests the cost of the search for a delimiter. Each search must resume at the end of the previous search. */
class LinearCostTest {

    /**
     * Overwrites the searched bytes with delimiters before each call. If the decoder looks back, the decoder finds a
     * false delimiter. Bytes at the end that may begin a delimiter stay unchanged.
     */
    private static void checkNeverLooksBack(Decoder<?> decoder, byte[] delimiter, byte[] stream, int[] cuts, int unit)
            throws Exception {
        byte[] bytes = stream.clone();
        int seen = 0;
        for (int cut : cuts) {
            poison(bytes, delimiter, seen, unit);
            assertNull(decoder.decode(ByteBuffer.wrap(bytes, 0, cut), seen), "looked back from " + seen);
            seen = cut;
        }
        poison(bytes, delimiter, seen, unit);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        assertNotNull(decoder.decode(in, seen));
        assertEquals(stream.length, in.position(), "looked back from " + seen);
    }

    private static void poison(byte[] bytes, byte[] delimiter, int seen, int unit) {
        int searched = unit == 1 ? seen - delimiter.length + 1 : seen / unit * unit;
        for (int i = 0; i < searched; i++) {
            bytes[i] = delimiter[Math.floorMod(i - searched, delimiter.length)];
        }
    }

    private static byte[] stream(int length, byte[] delimiter) {
        byte[] stream = new byte[length];
        Arrays.fill(stream, (byte) 'x');
        System.arraycopy(delimiter, 0, stream, length - delimiter.length, delimiter.length);
        return stream;
    }

    @Test
    void delimited_neverLooksAtAByteAgain() throws Exception {
        SplittableRandom random = Streams.random("delimited_neverLooksAtAByteAgain");
        for (String each : new String[] {"\n", "\r\n", "--boundary", "\r\n\r\n"}) {
            byte[] delimiter = each.getBytes(UTF_8);
            byte[] stream = stream(2_000, delimiter);
            Decoder<?> decoder = Codecs.delimited(delimiter, stream.length);
            checkNeverLooksBack(
                    decoder,
                    delimiter,
                    stream,
                    IntStream.range(1, stream.length).toArray(),
                    1);
            for (int i = 0; i < 100; i++) {
                int[] cuts = Streams.cuts(random, stream.length).toArray();
                checkNeverLooksBack(decoder, delimiter, stream, cuts, 1);
            }
        }
    }

    @Test
    void delimitedByAny_neverLooksAtAByteAgain() throws Exception {
        SplittableRandom random = Streams.random("delimitedByAny_neverLooksAtAByteAgain");
        byte[] longest = "--boundary".getBytes(UTF_8);
        byte[] stream = stream(2_000, longest);
        Decoder<?> decoder = Codecs.delimited(stream.length, "\r\n".getBytes(UTF_8), longest, new byte[] {'y'});
        checkNeverLooksBack(
                decoder, longest, stream, IntStream.range(1, stream.length).toArray(), 1);
        for (int i = 0; i < 100; i++) {
            checkNeverLooksBack(
                    decoder,
                    longest,
                    stream,
                    Streams.cuts(random, stream.length).toArray(),
                    1);
        }
    }

    /** The head stays as it is, and the body is overwritten. */
    @Test
    void then_neverLooksAtAByteOfTheBodyAgain() throws Exception {
        SplittableRandom random = Streams.random("then_neverLooksAtAByteOfTheBodyAgain");
        byte[] delimiter = "\r\n".getBytes(UTF_8);
        byte[] head = "head\n".getBytes(UTF_8);
        byte[] stream = stream(2_000, delimiter);
        Decoder<ByteBuffer> whole = Codecs.lines(UTF_8, 20).then(any -> Codecs.delimited(delimiter, stream.length));
        Decoder<ByteBuffer> body = (in, seen) -> {
            ByteBuffer both = ByteBuffer.allocate(head.length + in.remaining());
            both.put(head).put(in.duplicate()).flip();
            ByteBuffer message = whole.decode(both, seen == 0 ? 0 : head.length + seen);
            in.position(Math.max(0, both.position() - head.length));
            return message;
        };
        checkNeverLooksBack(
                body, delimiter, stream, IntStream.range(1, stream.length).toArray(), 1);
        for (int i = 0; i < 100; i++) {
            checkNeverLooksBack(
                    body, delimiter, stream, Streams.cuts(random, stream.length).toArray(), 1);
        }
    }

    @Test
    void lines_neverLookAtAByteAgain() throws Exception {
        SplittableRandom random = Streams.random("lines_neverLookAtAByteAgain");
        for (Charset charset : new Charset[] {UTF_8, UTF_16LE, Charset.forName("UTF-32BE")}) {
            byte[] feed = "\n".getBytes(charset);
            byte[] stream = "\u20ac".repeat(500).concat("\n").getBytes(charset);
            Decoder<?> decoder = Codecs.lines(charset, stream.length);
            checkNeverLooksBack(
                    decoder, feed, stream, IntStream.range(1, stream.length).toArray(), feed.length);
            for (int i = 0; i < 100; i++) {
                int[] cuts = Streams.cuts(random, stream.length).toArray();
                checkNeverLooksBack(decoder, feed, stream, cuts, feed.length);
            }
        }
    }

    @Test
    void checkNeverLooksBack_faultyDecoder_isNoticed() {
        Decoder<ByteBuffer> right = Codecs.delimited(new byte[] {'\r', '\n'}, 100);
        byte[] stream = stream(100, new byte[] {'\r', '\n'});
        boolean noticed = false;
        try {
            checkNeverLooksBack(
                    (in, seen) -> right.decode(in, Math.max(0, seen - 2)),
                    new byte[] {'\r', '\n'},
                    stream,
                    new int[] {10, 20},
                    1);
        } catch (AssertionError e) {
            noticed = true;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        assertTrue(noticed);
    }

    /** Prints the cost per byte of a line fed as a whole and of a line fed byte by byte. Checks no limit. */
    @Test
    void lines_mebibyteByteByByte_reportsCost() {
        byte[] stream = stream(1 << 20, new byte[] {'\n'});
        Codec<String> lines = Codecs.lines(UTF_8, stream.length);
        double whole = Double.MAX_VALUE;
        double single = Double.MAX_VALUE;
        double nothing = Double.MAX_VALUE;
        Decoder<ByteBuffer> idle = Codecs.fixedLength(stream.length);
        for (int i = 0; i < 5; i++) {
            whole = Math.min(whole, nanos(lines, stream, true));
            single = Math.min(single, nanos(lines, stream, false));
            nothing = Math.min(nothing, nanos(idle, stream, false));
        }
        System.out.printf(
                "a line of 1 MiB: %.2f ns per byte as a whole, %.2f byte by byte, of which %.2f are the feeding%n",
                whole, single, nothing);
    }

    private static double nanos(Decoder<?> decoder, byte[] stream, boolean whole) {
        long began = System.nanoTime();
        var outcome = whole ? Feeding.whole(decoder, stream) : Feeding.byteByByte(decoder, stream);
        long took = System.nanoTime() - began;
        assertEquals(1, outcome.all().size());
        return (double) took / stream.length;
    }
}
