package io.github.futuresockets.bench.result;

import io.github.futuresockets.bench.load.LoadResult;
import org.jspecify.annotations.Nullable;

/**
 * The measurement of a peer under a workload in a round. Exactly one of {@code load}, {@code idle} and {@code failure}
 * is present.
 *
 * @param workload the name of the workload
 * @param peer the name of the peer
 * @param round the number of the round, from 1
 * @param load the result of the load
 * @param idle the memory for idle connections
 * @param failure the reason of a failed measurement, with the output of the server
 */
public record Measurement(
        String workload,
        String peer,
        int round,
        @Nullable LoadResult load,
        @Nullable IdleResult idle,
        @Nullable String failure) {

    public static Measurement failed(String workload, String peer, int round, String failure) {
        return new Measurement(workload, peer, round, null, null, failure);
    }
}
