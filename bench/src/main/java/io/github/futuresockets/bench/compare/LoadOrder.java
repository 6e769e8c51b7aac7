package io.github.futuresockets.bench.compare;

import io.github.futuresockets.bench.load.Shape;

/**
 * What a {@link LoadJvm} is to do.
 *
 * @param port where the server listens
 * @param serverPid whose CPU time is the server's
 * @param shape the load
 * @param warmupMillis how long it goes uncounted
 * @param countedMillis how long it counts
 * @param patienceMillis how long nothing may come back
 */
record LoadOrder(int port, long serverPid, Shape shape, long warmupMillis, long countedMillis, long patienceMillis) {}
