package io.github.futuresockets.bench.result;

/**
 * The memory of a server's JVM for each idle connection, in bytes. An idle connection has echoed a line before. The
 * stacks of platform threads are not included.
 *
 * @param heap the bytes of live objects after a collection
 * @param direct the bytes of direct buffers
 */
public record IdleResult(double heap, double direct) {}
