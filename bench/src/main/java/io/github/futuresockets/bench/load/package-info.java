/**
 * The load on a server, and the CPU time of both sides. The load is the same for every server, without any code of the
 * library under test.
 *
 * <p>{@link LoadGenerator} drives the connections over a selector and returns a {@link LoadResult}. A {@link Shape}
 * describes the load. {@code LoadConnection} keeps a connection open, and {@code Churn} opens a new connection for each
 * message. {@code CpuClock} and {@code MachineClock} read CPU times.
 *
 * <p><b>Dependencies.</b> {@code common}, and the protocols and streams of {@code peer}. <b>Threads.</b> The thread
 * that calls a generator does all its work. There are no locks. <b>Buffers.</b> The connections of a generator share
 * the buffers of a {@code Scratch}. Each {@code Churn} has its own.
 */
@NullMarked
package io.github.futuresockets.bench.load;

import org.jspecify.annotations.NullMarked;
