package io.github.futuresockets.bench.result;

import io.github.futuresockets.bench.load.LoadResult;
import org.jspecify.annotations.Nullable;

/**
 * One peer under one workload in one round: one of the last three.
 *
 * @param workload its name
 * @param peer its name
 * @param round counted from 1
 * @param load what the load has seen
 * @param idle what silent connections cost
 * @param failure why there is nothing to show, with what the server has said
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
