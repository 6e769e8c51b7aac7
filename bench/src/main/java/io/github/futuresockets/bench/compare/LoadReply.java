package io.github.futuresockets.bench.compare;

import io.github.futuresockets.bench.load.LoadResult;
import org.jspecify.annotations.Nullable;

/**
 * What has come of a {@link LoadOrder}: one of both.
 *
 * @param result what the load has seen
 * @param failure why there is no result
 */
record LoadReply(@Nullable LoadResult result, @Nullable String failure) {}
