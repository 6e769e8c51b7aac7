package io.github.futuresockets;

/**
 * The traffic of a socket, or of all sockets of an {@link AsyncSockets}. Counting is always on.
 *
 * @param bytesIn the number of bytes received from the kernel, including bytes not yet read by the user
 * @param bytesOut the number of bytes that the kernel has taken
 * @param reads the number of reads that began, with any outcome
 * @param writes the number of writes that began, with any outcome
 * @param pendingWriteBytes the number of bytes that are waiting to be written now
 */
public record SocketStats(long bytesIn, long bytesOut, long reads, long writes, long pendingWriteBytes) {
    /** The traffic of an unused socket. */
    public static final SocketStats NONE = new SocketStats(0, 0, 0, 0, 0);

    /**
     * Returns the sum of two statistics.
     *
     * @param other the statistics to add
     * @return the sum of each field
     */
    public SocketStats plus(SocketStats other) {
        return new SocketStats(
                bytesIn + other.bytesIn,
                bytesOut + other.bytesOut,
                reads + other.reads,
                writes + other.writes,
                pendingWriteBytes + other.pendingWriteBytes);
    }
}
