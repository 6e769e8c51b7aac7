package io.github.futuresockets;

import io.github.futuresockets.spi.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The simulated faults of one direction of an in-memory connection. The direction has a writer, at the sending end, and
 * a reader, at the receiving end. A plan is immutable, and each method with a parameter returns a changed copy. The
 * same plan has the same effect on the same sequence of calls.
 *
 * @param splitReads the largest number of bytes that a single read returns. 0 means no limit.
 * @param splitWrites the largest number of bytes that are taken from the writer at once. 0 means no limit.
 * @param seed the seed of random sizes, from 1 to {@code splitReads} or {@code splitWrites}. 0 means always the
 *     largest size.
 * @param cuts the offsets in the stream that no single read crosses, in ascending order
 * @param delay the time between the write of a byte and its arrival
 * @param capacity the largest number of bytes that are written and not yet read, at least 1. Further bytes wait in the
 *     write queue of the writer.
 * @param resetAfter the number of bytes read before the connection is reset. -1 means never.
 * @param stallAfter the number of bytes read before no further byte arrives. -1 means never.
 * @param endAfter the number of bytes read before the end of the stream. -1 means never.
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

    /** The plan without a fault, and with a capacity of 256 KiB. */
    public static final FaultPlan NONE = new FaultPlan(0, 0, 0, List.of(), Duration.ZERO, 256 << 10, -1, -1, -1);

    /**
     * Creates a plan. The list of cuts is copied and sorted.
     *
     * @param splitReads the largest number of bytes of a read, or 0
     * @param splitWrites the largest number of bytes taken from the writer at once, or 0
     * @param seed the seed of random sizes, or 0
     * @param cuts the offsets that no read crosses
     * @param delay the time between write and arrival, not negative
     * @param capacity the largest number of bytes that are written and not yet read, at least 1
     * @param resetAfter the number of bytes before a reset, or -1
     * @param stallAfter the number of bytes before a stall, or -1
     * @param endAfter the number of bytes before the end of the stream, or -1
     * @throws IllegalArgumentException if a size is negative, {@code capacity} is less than 1 or {@code delay} is
     *     negative
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
     * Limits the number of bytes that a single read returns.
     *
     * @param most the largest number of bytes. 0 means no limit.
     * @return another plan
     */
    public FaultPlan splitReads(int most) {
        return new FaultPlan(most, splitWrites, seed, cuts, delay, capacity, resetAfter, stallAfter, endAfter);
    }

    /**
     * Limits the number of bytes that are taken from the writer at once.
     *
     * @param most the largest number of bytes. 0 means no limit.
     * @return another plan
     */
    public FaultPlan splitWrites(int most) {
        return new FaultPlan(splitReads, most, seed, cuts, delay, capacity, resetAfter, stallAfter, endAfter);
    }

    /**
     * Selects random sizes within the limits of {@code splitReads} and {@code splitWrites}.
     *
     * @param number the seed. The same seed gives the same sizes, and 0 turns random sizes off.
     * @return another plan
     */
    public FaultPlan seed(long number) {
        return new FaultPlan(splitReads, splitWrites, number, cuts, delay, capacity, resetAfter, stallAfter, endAfter);
    }

    /**
     * Adds an offset that no single read crosses.
     *
     * @param offset the number of bytes from the start of the stream
     * @return another plan
     */
    public FaultPlan cutAt(long offset) {
        List<Long> more = new ArrayList<>(cuts);
        more.add(offset);
        return new FaultPlan(splitReads, splitWrites, seed, more, delay, capacity, resetAfter, stallAfter, endAfter);
    }

    /**
     * Delays the arrival of every byte.
     *
     * @param time the time between the write of a byte and its arrival
     * @return another plan
     */
    public FaultPlan delay(Duration time) {
        return new FaultPlan(splitReads, splitWrites, seed, cuts, time, capacity, resetAfter, stallAfter, endAfter);
    }

    /**
     * Limits the number of bytes that are written and not yet read.
     *
     * @param bytes the limit, at least 1
     * @return another plan
     */
    public FaultPlan capacity(int bytes) {
        return new FaultPlan(splitReads, splitWrites, seed, cuts, delay, bytes, resetAfter, stallAfter, endAfter);
    }

    /**
     * Resets the connection, in both directions.
     *
     * @param bytes the number of bytes that are read before the reset
     * @return another plan
     */
    public FaultPlan resetAfter(long bytes) {
        return new FaultPlan(splitReads, splitWrites, seed, cuts, delay, capacity, bytes, stallAfter, endAfter);
    }

    /**
     * Stops the arrival of bytes without closing the connection.
     *
     * @param bytes the number of bytes that still arrive
     * @return another plan
     */
    public FaultPlan stallAfter(long bytes) {
        return new FaultPlan(splitReads, splitWrites, seed, cuts, delay, capacity, resetAfter, bytes, endAfter);
    }

    /**
     * Ends the stream early. Later bytes of the writer are dropped.
     *
     * @param bytes the number of bytes that arrive before the end of the stream
     * @return another plan
     */
    public FaultPlan endAfter(long bytes) {
        return new FaultPlan(splitReads, splitWrites, seed, cuts, delay, capacity, resetAfter, stallAfter, bytes);
    }
}
