package io.github.futuresockets.bench;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts durations in buckets whose width is at most a 32nd of their value, so a percentile is off by 3 % at most. Any
 * thread may record.
 */
final class LatencyHistogram {
    /*
     * A value below 64 is its own bucket. Of a larger one the leading bit and the 5 bits behind it are kept: `shift` bits
     * are dropped, and each shift has 32 buckets behind those of the one before it.
     */
    private static final int KEPT = 5;
    private static final int WIDTH = 1 << KEPT;

    private final AtomicLongArray counts = new AtomicLongArray(WIDTH * (64 - KEPT));

    void record(long nanos) {
        counts.getAndIncrement(bucket(Math.max(0, nanos)));
    }

    void reset() {
        for (int i = 0; i < counts.length(); i++) {
            counts.set(i, 0);
        }
    }

    long count() {
        long sum = 0;
        for (int i = 0; i < counts.length(); i++) {
            sum += counts.get(i);
        }
        return sum;
    }

    /** The duration that {@code fraction} of all recorded ones do not exceed, in microseconds; 0 if there is none. */
    double percentileMicros(double fraction) {
        long rank = (long) Math.ceil(fraction * count());
        long seen = 0;
        for (int i = 0; i < counts.length(); i++) {
            seen += counts.get(i);
            if (seen >= rank && seen > 0) {
                return upperEnd(i) / 1e3;
            }
        }
        return 0;
    }

    static int bucket(long nanos) {
        int shift = Math.max(0, 63 - KEPT - Long.numberOfLeadingZeros(nanos));
        return shift * WIDTH + (int) (nanos >>> shift);
    }

    static long upperEnd(int bucket) {
        int shift = Math.max(0, bucket / WIDTH - 1);
        return ((bucket - (long) shift * WIDTH + 1) << shift) - 1;
    }
}
