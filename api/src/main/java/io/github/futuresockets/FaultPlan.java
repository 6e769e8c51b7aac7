package io.github.futuresockets;

import io.github.futuresockets.spi.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What goes wrong, and how slowly, on the way of bytes in one direction of an in-memory connection. Immutable: each method with an
 * argument gives another plan. The same plan does the same to the same calls.
 *
 * @param splitReads the most bytes that arrive at once; 0: no such limit
 * @param splitWrites the most bytes that are taken at once; 0: no such limit
 * @param seed makes the sizes of pieces random, from 1 to {@code splitReads} and {@code splitWrites}; 0: they are those
 * @param cuts offsets in the stream over which no piece reaches
 * @param delay how long a byte is on its way
 * @param capacity how many bytes may be on their way, at least 1: more wait with their writer
 * @param resetAfter so many bytes arrive, and then the connection is reset; -1: never
 * @param stallAfter so many bytes arrive, and then nothing any more; -1: never
 * @param endAfter so many bytes arrive, and then the end of the stream; -1: never
 */
public record FaultPlan(
        int splitReads,
        int splitWrites,
        long seed,
        List<Long> cuts,
        Duration delay,
        int capacity,
        long resetAfter,
        long stallAfter,
        long endAfter) {

    /** No fault: whole pieces at once, 256 KiB on their way. */
    public static final FaultPlan NONE = new FaultPlan(0, 0, 0, List.of(), Duration.ZERO, 256 << 10, -1, -1, -1);

    /**
     * Checks the numbers.
     *
     * @param splitReads as above
     * @param splitWrites as above
     * @param seed as above
     * @param cuts copied
     * @param delay not negative
     * @param capacity at least 1
     * @param resetAfter as above
     * @param stallAfter as above
     * @param endAfter as above
     */
    public FaultPlan {
        if (splitReads < 0 || splitWrites < 0 || capacity < 1) {
            throw new IllegalArgumentException(
                    "pieces of " + splitReads + " and " + splitWrites + " bytes, " + capacity + " on their way");
        }
        Settings.notNegative(delay);
        List<Long> sorted = new ArrayList<>(cuts);
        Collections.sort(sorted);
        cuts = List.copyOf(sorted);
    }

    /**
     * Splits what arrives.
     *
     * @param most bytes at once; 0: no limit
     * @return another plan
     */
    public FaultPlan splitReads(int most) {
        return new FaultPlan(most, splitWrites, seed, cuts, delay, capacity, resetAfter, stallAfter, endAfter);
    }

    /**
     * Splits what is taken from writes.
     *
     * @param most bytes at once; 0: no limit
     * @return another plan
     */
    public FaultPlan splitWrites(int most) {
        return new FaultPlan(splitReads, most, seed, cuts, delay, capacity, resetAfter, stallAfter, endAfter);
    }

    /**
     * Makes the sizes of pieces random.
     *
     * @param number with the same one they are the same; 0: not random
     * @return another plan
     */
    public FaultPlan seed(long number) {
        return new FaultPlan(splitReads, splitWrites, number, cuts, delay, capacity, resetAfter, stallAfter, endAfter);
    }

    /**
     * Splits what arrives at one more place.
     *
     * @param offset bytes from the start of the stream
     * @return another plan
     */
    public FaultPlan cutAt(long offset) {
        List<Long> more = new ArrayList<>(cuts);
        more.add(offset);
        return new FaultPlan(splitReads, splitWrites, seed, more, delay, capacity, resetAfter, stallAfter, endAfter);
    }

    /**
     * Delays what arrives.
     *
     * @param time how long each byte is on its way
     * @return another plan
     */
    public FaultPlan delay(Duration time) {
        return new FaultPlan(splitReads, splitWrites, seed, cuts, time, capacity, resetAfter, stallAfter, endAfter);
    }

    /**
     * Bounds what is on its way.
     *
     * @param bytes at least 1
     * @return another plan
     */
    public FaultPlan capacity(int bytes) {
        return new FaultPlan(splitReads, splitWrites, seed, cuts, delay, bytes, resetAfter, stallAfter, endAfter);
    }

    /**
     * Resets the connection, in both directions.
     *
     * @param bytes that still arrive
     * @return another plan
     */
    public FaultPlan resetAfter(long bytes) {
        return new FaultPlan(splitReads, splitWrites, seed, cuts, delay, capacity, bytes, stallAfter, endAfter);
    }

    /**
     * Lets the connection fall silent.
     *
     * @param bytes that still arrive
     * @return another plan
     */
    public FaultPlan stallAfter(long bytes) {
        return new FaultPlan(splitReads, splitWrites, seed, cuts, delay, capacity, resetAfter, bytes, endAfter);
    }

    /**
     * Ends the stream too soon.
     *
     * @param bytes that still arrive
     * @return another plan
     */
    public FaultPlan endAfter(long bytes) {
        return new FaultPlan(splitReads, splitWrites, seed, cuts, delay, capacity, resetAfter, stallAfter, bytes);
    }
}
