/**
 * Microbenchmarks for JMH, started by {@code bench jmh}.
 * <ul>
 *   <li>{@link FutureBenchmark}: the library's future beside the JDK's.
 *   <li>{@link CodecBenchmark}: encoders and decoders.
 *   <li>{@link ReadBenchmark}: reads over the network in memory.
 *   <li>{@link WriteBenchmark}: concurrent writes to a connection, by the {@link SharedWriter}s.
 *   <li>{@link EchoBenchmark}: round trips. The allocation gate uses this benchmark with {@link AllocatedBytes}.
 * </ul>
 *
 * <p>The package depends on the library and on {@code bench.peer}. JMH calls a benchmark on a single thread, except for
 * {@link WriteBenchmark} with 4 threads. The locks are those of the hand-written {@link SharedWriter}s. Each
 * benchmark owns its buffers.
 */
@NullMarked
package io.github.futuresockets.bench.micro;

import org.jspecify.annotations.NullMarked;
