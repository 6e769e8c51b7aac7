/**
 * The comparison of peers, with servers and load in separate JVMs.
 *
 * <p>{@link Comparison} carries out a {@link Plan}. {@link ServerJvm} is a server and {@link LoadJvm} is the load, each
 * in a {@link ChildJvm}. {@link Servers} decides the lifetime of a server. {@link IdleMeasurement} measures memory.
 *
 * <p><b>Dependencies.</b> The packages {@code bench.common}, {@code bench.peer}, {@code bench.load} and
 * {@code bench.result}.
 *
 * <p><b>Threads.</b> A single thread runs the comparison. A timer thread kills a silent child, and a shutdown hook
 * kills the remaining children. There are no locks.
 */
@NullMarked
package io.github.futuresockets.bench.compare;

import org.jspecify.annotations.NullMarked;
