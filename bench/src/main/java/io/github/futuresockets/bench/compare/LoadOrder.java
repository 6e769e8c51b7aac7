package io.github.futuresockets.bench.compare;

import io.github.futuresockets.bench.load.Shape;

/**
 * An order to a {@link LoadJvm}.
 *
 * @param port the port of the server
 * @param serverPid the process with the CPU time of the server
 * @param shape the load
 * @param warmupMillis the duration of the uncounted load
 * @param countedMillis the duration of the counted load
 * @param patienceMillis the longest time without a received byte, before the load fails
 */
record LoadOrder(int port, long serverPid, Shape shape, long warmupMillis, long countedMillis, long patienceMillis) {}
