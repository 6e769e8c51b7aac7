package io.github.futuresockets.impl.support;

import java.util.Random;

/** Repeatable random numbers. The seed is printed, and can be set by {@code futuresockets.test.seed}. */
public final class Seeds {
    private Seeds() {}

    /** Returns the random generator for the test of the given name. */
    public static Random random(String test) {
        long seed = Long.getLong("futuresockets.test.seed", System.nanoTime());
        System.out.println(test + ": futuresockets.test.seed=" + seed);
        return new Random(seed ^ test.hashCode());
    }

    /** Returns random bytes for the test of the given name. */
    public static byte[] bytes(String test, int length) {
        byte[] bytes = new byte[length];
        random(test).nextBytes(bytes);
        return bytes;
    }
}
