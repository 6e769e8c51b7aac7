package io.github.futuresockets.codec;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Random messages, streams and cuts from a printed seed. */
final class Streams {
    private Streams() {}

    /** Returns the random generator for the test of the given name, and prints the seed. */
    static SplittableRandom random(String test) {
        long seed = Long.getLong("futuresockets.test.seed", System.nanoTime());
        System.out.println(test + ": -Dfuturesockets.test.seed=" + seed);
        return new SplittableRandom(seed ^ test.hashCode());
    }

    /** Returns at most {@code count} random messages. Omits each message refused by the encoder. */
    static <T> List<T> messages(SplittableRandom random, Kind<T> kind, int limit, int count) {
        Codec<T> codec = kind.codec().apply(limit);
        List<T> messages = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            T message = kind.random().apply(random, limit);
            try {
                codec.encode(message);
                messages.add(message);
            } catch (IOException delimiterWithin) {
                continue;
            }
        }
        return messages;
    }

    /** Returns random offsets for cuts, in rising order. The maximum length of a piece is random too. */
    static IntStream cuts(SplittableRandom random, int length) {
        int most = 1 << random.nextInt(12);
        IntStream.Builder cuts = IntStream.builder();
        for (int at = random.nextInt(1, most + 1); at < length; at += random.nextInt(1, most + 1)) {
            cuts.add(at);
        }
        return cuts.build();
    }

    static String show(byte[] stream) {
        return HexFormat.of().formatHex(stream);
    }
}
