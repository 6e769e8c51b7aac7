package io.github.futuresockets.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.IncompleteReadException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Decodes random bytes with random cuts. The messages must be the messages of the uncut stream, within the limit. The
 * stream must end without a failure, or with a documented failure.
 *
 * <p>Runs for two seconds, or longer with {@code -Dfuturesockets.fuzz.seconds=60}.
 */
class DecoderFuzzTest {

    @Test
    @Timeout(value = 1, unit = TimeUnit.DAYS)
    void decode_anyBytesInAnyCuts_giveSameMessages() {
        SplittableRandom random = Streams.random("anyBytesCutInAnyWay");
        List<Kind<?>> kinds = Kind.all();
        long began = System.nanoTime();
        long time = TimeUnit.SECONDS.toNanos(Long.getLong("futuresockets.fuzz.seconds", 2));
        long streams = 0;
        long messages = 0;
        while (System.nanoTime() - began < time) {
            messages += stream(random, kinds.get((int) (streams++ % kinds.size())));
        }
        System.out.println("anyBytesCutInAnyWay: " + streams + " streams, " + messages + " messages");
    }

    private static <T> int stream(SplittableRandom random, Kind<T> kind) {
        int limit = kind.smallest() + random.nextInt(random.nextInt(4) == 0 ? 300 : 20);
        byte[] stream = bytes(random, kind, limit);
        int[] cuts = Streams.cuts(random, stream.length).toArray();
        try {
            return check(kind, limit, kind.codec().apply(limit), stream, cuts);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    kind + ", limit " + limit + ", " + Streams.show(stream) + " cut at " + Arrays.toString(cuts), e);
        }
    }

    private static <T> int check(Kind<T> kind, int limit, Codec<T> codec, byte[] stream, int... cuts) {
        Feeding.Outcome<T> whole = Feeding.whole(codec, stream);
        checkOutcome(kind, limit, codec, stream, whole);
        same(whole, Feeding.cut(codec, stream, IntStream.of(cuts)));
        same(whole, Feeding.byteByByte(codec, stream));
        return whole.messages().size();
    }

    private static <T> void same(Feeding.Outcome<T> whole, Feeding.Outcome<T> cut) {
        assertEquals(whole.messages(), cut.messages());
        assertEquals(whole.taken(), cut.taken());
        assertTrue(isDocumented(cut.failure()), () -> "failed with " + cut.failure());
        assertEquals(whole.failure() == null, cut.failure() == null, () -> whole.failure() + ", " + cut.failure());
    }

    /**
     * Checks the outcome of the uncut stream. Messages of an exact kind, encoded again, must equal the bytes read. A
     * line must contain no line feed and be shorter than the limit.
     */
    private static <T> void checkOutcome(
            Kind<T> kind, int limit, Codec<T> codec, byte[] stream, Feeding.Outcome<T> outcome) {
        assertTrue(isDocumented(outcome.failure()), () -> "failed with " + outcome.failure());
        assertEquals(outcome.failure() == null, outcome.taken() == stream.length);
        if (outcome.messages().isEmpty()) {
            return;
        }
        if (kind.exact()) {
            byte[] again = Kind.encoded(codec, outcome.messages());
            assertEquals(Streams.show(Arrays.copyOf(stream, outcome.taken())), Streams.show(again));
        } else if (outcome.messages().get(0) instanceof ByteBuffer) {
            for (T message : outcome.messages()) {
                assertTrue(((ByteBuffer) message).remaining() <= limit, "a message over the limit");
            }
        } else {
            for (T line : outcome.messages()) {
                assertFalse(line.toString().contains("\n"), "a line within a line");
                assertTrue(line.toString().length() < limit, "a line over the limit");
            }
        }
    }

    private static boolean isDocumented(Exception failure) {
        return failure == null
                || failure instanceof FrameTooLongException
                || failure instanceof IncompleteReadException
                || failure instanceof ProtocolException;
    }

    private static <T> byte[] bytes(SplittableRandom random, Kind<T> kind, int limit) {
        if (random.nextInt(4) == 0) {
            byte[] bytes = new byte[random.nextInt(200)];
            fill(random, bytes, 0, bytes.length);
            return bytes;
        }
        byte[] bytes =
                Kind.encoded(kind.codec().apply(limit), Streams.messages(random, kind, limit, random.nextInt(1, 10)));
        for (int i = random.nextInt(4); i > 0; i--) {
            bytes = mutated(random, bytes);
        }
        return bytes;
    }

    /** Returns a copy with some bytes replaced, removed, inserted or duplicated. */
    private static byte[] mutated(SplittableRandom random, byte[] bytes) {
        int from = random.nextInt(bytes.length + 1);
        int to = Math.min(bytes.length, from + random.nextInt(5));
        int kind = random.nextInt(4);
        int middle = kind == 0 ? to - from : kind == 1 ? 0 : kind == 2 ? random.nextInt(5) : 2 * (to - from);
        byte[] mutated = Arrays.copyOf(bytes, from + middle + bytes.length - to);
        System.arraycopy(bytes, to, mutated, from + middle, bytes.length - to);
        if (kind == 3) {
            System.arraycopy(bytes, from, mutated, from, to - from);
            System.arraycopy(bytes, from, mutated, to, to - from);
        } else {
            fill(random, mutated, from, middle);
        }
        return mutated;
    }

    private static void fill(SplittableRandom random, byte[] bytes, int from, int length) {
        boolean any = random.nextBoolean();
        for (int i = from; i < from + length; i++) {
            bytes[i] = (byte) (any ? random.nextInt(256) : "\r\n\0ab\1\u0080\u00ff".charAt(random.nextInt(8)));
        }
    }

    /** Runs the fuzzer with a decoder that is wrong for some cuts only. */
    @ParameterizedTest
    @MethodSource("io.github.futuresockets.codec.Kind#all")
    <T> void fuzzer_decoderWrongOnSomeCuts_isNoticed(Kind<T> kind) {
        Codec<T> right = kind.codec().apply(Kind.LIMIT);
        Codec<T> wrong = Codec.of(
                new Decoder<>() {
                    @Override
                    public T decode(ByteBuffer in, int seen) throws java.io.IOException {
                        return seen > 0 && seen == in.limit() - 1 ? null : right.decode(in, seen);
                    }

                    @Override
                    public int limit() {
                        return right.limit();
                    }
                },
                right);
        byte[] stream = Kind.encoded(right, kind.messages());
        boolean noticed = false;
        try {
            check(kind, Kind.LIMIT, wrong, stream);
        } catch (AssertionError e) {
            noticed = true;
        }
        assertTrue(noticed);
    }
}
