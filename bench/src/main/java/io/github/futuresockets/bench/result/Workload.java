package io.github.futuresockets.bench.result;

import io.github.futuresockets.bench.load.Shape;
import io.github.futuresockets.bench.peer.Peers;
import io.github.futuresockets.bench.peer.Protocol;
import java.util.List;

/**
 * A task by which peers are compared.
 *
 * @param name the name on the command line
 * @param title the description for a reader
 * @param shape the load. An idle workload uses only the protocol and the number of connections.
 * @param buffer the most bytes of a read of the server, for servers with a configurable buffer
 * @param idle true if the memory of idle connections is measured instead of a load
 * @param quick true if the workload belongs to the quick comparison
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

    /** Returns true if messages are so large that the size of a read matters. */
    boolean isBulk() {
        return buffer == BULK_BUFFER;
    }

    /** Returns true if each message has a new connection. */
    public boolean isChurn() {
        return shape.depth() == 0 && !idle;
    }

    /** Returns true if each message has a new TLS connection, so that handshakes are compared. */
    boolean isHandshakes() {
        return isTls() && isChurn();
    }

    public boolean isTls() {
        return shape.protocol() == Protocol.TLS;
    }

    /** Returns true if the latency of a message depends on the server alone. */
    boolean hasLatency() {
        return shape.isOpenLoop() || shape.connections() == 1;
    }

    /** Returns true if the load sends as fast as the server answers, so the rate is a result. */
    boolean isClosedLoop() {
        return !idle && !shape.isOpenLoop();
    }

    /** Returns true if a peer takes part in the workload. Most peers take part in all workloads of their protocols. */
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
