package io.github.futuresockets;

/**
 * How the connections that were open when a shutdown began have ended.
 *
 * @param drained by themselves, in time
 * @param aborted by the shutdown, when the grace was over
 */
public record ShutdownReport(int drained, int aborted) {}
