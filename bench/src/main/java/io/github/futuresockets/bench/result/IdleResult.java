package io.github.futuresockets.bench.result;

/**
 * What a connection costs the JVM of a server that has spoken once and is silent now, in bytes. The stacks of platform
 * threads are no part of it.
 *
 * @param heap of live objects behind a collection
 * @param direct of direct buffers
 */
public record IdleResult(double heap, double direct) {}
