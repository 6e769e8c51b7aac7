package io.github.futuresockets;

/**
 * The outcome of a shutdown for the connections open at the begin of the shutdown.
 *
 * @param drained the number of connections with an end of their own within the grace period
 * @param aborted the number of connections aborted by the shutdown after the grace period
 */
public record ShutdownReport(int drained, int aborted) {}
