package io.github.futuresockets;

/**
 * What one socket has moved, or all of an {@link AsyncSockets} together. Always counted.
 *
 * @param bytesIn bytes that came from the kernel, read by anybody or not
 * @param bytesOut bytes that the kernel has taken
 * @param reads reads that were begun, in whatever way they ended
 * @param writes writes that were begun, in whatever way they ended
 * @param pendingWriteBytes bytes that wait to be written now
 */
public record SocketStats(long bytesIn, long bytesOut, long reads, long writes, long pendingWriteBytes) {
    /** Of a socket that has not been used. */
    public static final SocketStats NONE = new SocketStats(0, 0, 0, 0, 0);

    /**
     * The sum of both.
     *
     * @param other of another socket
     * @return field by field
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
