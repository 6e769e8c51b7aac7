package io.github.futuresockets.bench.compare;

import io.github.futuresockets.bench.load.LoadResult;
import org.jspecify.annotations.Nullable;

/**
 * The reply to a {@link LoadOrder}. Either the result or the failure is null.
 *
 * @param result the result of the load
 * @param failure the reason for a missing result
 */
record LoadReply(@Nullable LoadResult result, @Nullable String failure) {}
