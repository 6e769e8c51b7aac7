/**
 * The raw results of a comparison, and the figures that are derived from the results.
 *
 * <p>{@link Results} has a {@link Measurement} for each peer, {@link Workload} and round, and is saved as JSON. A
 * measurement has the result of a load, an {@link IdleResult}, or a failure. {@link Summary} computes medians and
 * ratios of each {@link Metric}.
 *
 * <p><b>Dependencies.</b> {@code common}, {@code load}, and the protocols and names of {@code peer}. <b>Threads.</b>
 * Any thread may read a result. There are no locks and no buffers.
 */
@NullMarked
package io.github.futuresockets.bench.result;

import org.jspecify.annotations.NullMarked;
