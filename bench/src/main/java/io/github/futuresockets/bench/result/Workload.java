package io.github.futuresockets.bench.result;

import io.github.futuresockets.bench.load.Shape;
import io.github.futuresockets.bench.peer.Peers;
import io.github.futuresockets.bench.peer.Protocol;
import java.util.List;

/**
 * What peers are compared by.
 *
 * @param name how it is asked for
 * @param title what it is, for a reader
 * @param shape the load; of an idle one the number of connections alone counts
 * @param buffer how many bytes one read of a server may bring, where that is ours to say
 * @param idle whether memory is measured and not work
 * @param quick whether it is among those of a quick comparison
 */
public record Workload(String name, String title, Shape shape, int buffer, boolean idle, boolean quick) {
    private static final int BUFFER = 16_384;
    private static final int BULK_BUFFER = 1 << 16;

    public static final List<Workload> ALL = List.of(
            echo("echo-1", "1 connection, 64 B", 1, 64, 1, false),
            echo("echo-64", "64 connections, 64 B", 64, 64, 1, true),
            echo("echo-1000", "1,000 connections, 64 B", 1000, 64, 1, true),
            echo("echo-8000", "8,000 connections, 64 B", 8000, 64, 1, false),
            echo("pipelined", "64 connections, 64 B, 32 in flight on each", 64, 64, 32, true),
            bulk("bulk-64k", "8 connections, 64 KiB, 4 in flight on each", 1 << 16, 4, true),
            bulk("bulk-1m", "8 connections, 1 MiB", 1 << 20, 1, false),
            load(
                    "frames",
                    "64 connections, frames of 32 B behind their length, 32 in flight on each",
                    new Shape(Protocol.FRAMES, 64, 32, 32),
                    BUFFER,
                    true),
            echo("churn", "connect, echo 64 B, close; 16 at a time", 16, 64, 0, true),
            load(
                    "latency",
                    "64 connections, 64 B, 20,000 messages a second, each timed from when it was due",
                    new Shape(Protocol.ECHO, 64, 64, 1, 20_000),
                    BUFFER,
                    false),
            new Workload(
                    "idle",
                    "10,000 connections that have spoken once",
                    new Shape(Protocol.ECHO, 10_000, 64, 1),
                    BUFFER,
                    true,
                    false),
            tls("tls-echo-64", "64 connections, 64 B, over TLS 1.3", 64, 64, 1, BUFFER),
            tls("tls-bulk-1m", "8 connections, 1 MiB, over TLS 1.3", 8, 1 << 20, 1, BULK_BUFFER),
            tls(
                    "tls-handshakes",
                    "connect, all of a TLS 1.3 handshake, echo 64 B, close; 16 at a time",
                    16,
                    64,
                    0,
                    BUFFER),
            new Workload(
                    "tls-idle",
                    "400 connections over TLS 1.3 that have spoken once",
                    new Shape(Protocol.TLS, 400, 64, 1),
                    BUFFER,
                    true,
                    true));

    private static Workload echo(String name, String title, int connections, int size, int depth, boolean quick) {
        return load(name, title, new Shape(Protocol.ECHO, connections, size, depth), BUFFER, quick);
    }

    private static Workload bulk(String name, String title, int size, int depth, boolean quick) {
        return load(name, title, new Shape(Protocol.ECHO, 8, size, depth), BULK_BUFFER, quick);
    }

    private static Workload tls(String name, String title, int connections, int size, int depth, int buffer) {
        return load(name, title, new Shape(Protocol.TLS, connections, size, depth), buffer, true);
    }

    private static Workload load(String name, String title, Shape shape, int buffer, boolean quick) {
        return new Workload(name, title, shape, buffer, false, quick);
    }

    /** Whether messages are large enough for the size of a read to decide. */
    boolean isBulk() {
        return buffer == BULK_BUFFER;
    }

    /** Whether each message has a connection of its own. */
    public boolean isChurn() {
        return shape.depth() == 0 && !idle;
    }

    /** Whether it is compared by what a connection over TLS costs to make. */
    boolean isHandshakes() {
        return isTls() && isChurn();
    }

    public boolean isTls() {
        return shape.protocol() == Protocol.TLS;
    }

    /** Whether how long a message takes says something about the server alone. */
    boolean hasLatency() {
        return shape.isOpenLoop() || shape.connections() == 1;
    }

    /** Whether the load gets as much as the server gives, so that the rate says something. */
    boolean isClosedLoop() {
        return !idle && !shape.isOpenLoop();
    }

    /** Whether a peer of this name has something to say here: most have everywhere. */
    public boolean suits(String peer) {
        if (!Peers.all(shape.protocol()).contains(peer) && !Peers.isClass(peer)) {
            return false;
        }
        return switch (peer) {
            case "c-epoll" -> !idle;
            case "c-epoll-16k", "c-epoll-1m" -> isBulk();
            case "futuresockets-loop-lines" -> idle;
            default -> true;
        };
    }
}
