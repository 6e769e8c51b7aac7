/**
 * Helpers of all commands.
 *
 * <p>{@link Arguments} parses a command line and fails with {@link UsageException}. {@link Statistics} computes medians
 * and their intervals. {@link Json} writes and reads results. {@link ProgressLine} shows progress.
 *
 * <p><b>Dependencies.</b> No other package of the benchmarks. <b>Threads.</b> {@code Statistics} and {@code Json} serve
 * any thread. An {@code Arguments} or a {@code ProgressLine} belongs to a single thread. There are no locks and no
 * buffers.
 */
@NullMarked
package io.github.futuresockets.bench.common;

import org.jspecify.annotations.NullMarked;
