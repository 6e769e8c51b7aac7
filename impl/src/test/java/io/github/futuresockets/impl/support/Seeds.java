package io.github.futuresockets.impl.support;

import java.util.Random;

/** Randomness that can be replayed: by the seed of the build, {@code futuresockets.test.seed}, which is printed. */
public final class Seeds {
    private Seeds() {}

    /** Randomness for the test of this name. */
    public static Random random(String test) {
        long seed = Long.getLong("futuresockets.test.seed", System.nanoTime());
        System.out.println(test + ": futuresockets.test.seed=" + seed);
        return new Random(seed ^ test.hashCode());
    }

    /** Random bytes for the test of this name. */
    public static byte[] bytes(String test, int length) {
        byte[] bytes = new byte[length];
        random(test).nextBytes(bytes);
        return bytes;
    }
}
