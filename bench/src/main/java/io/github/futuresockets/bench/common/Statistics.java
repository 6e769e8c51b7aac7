package io.github.futuresockets.bench.common;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Quantiles of samples, and a confidence interval of the median. */
public final class Statistics {
    public static final int RESAMPLES = 10_000;
    public static final long SEED = 20_260_101;

    private Statistics() {}

    public static double median(double[] values) {
        return quantile(values, 0.5);
    }

    /** Returns a quantile of a non-empty sample, interpolated between neighbours. The fraction 0.5 is the median. */
    public static double quantile(double[] values, double fraction) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double place = fraction * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }

    /**
     * Returns the lower and the upper end of the 95 % bootstrap interval of the median. The result is the same for the
     * same values, because the random seed is fixed.
     */
    public static double[] medianInterval(double[] values) {
        SplittableRandom random = new SplittableRandom(SEED);
        double[] medians = new double[RESAMPLES];
        double[] sample = new double[values.length];
        for (int i = 0; i < RESAMPLES; i++) {
            for (int k = 0; k < sample.length; k++) {
                sample[k] = values[random.nextInt(values.length)];
            }
            medians[i] = median(sample);
        }
        return new double[] {quantile(medians, 0.025), quantile(medians, 0.975)};
    }
}
