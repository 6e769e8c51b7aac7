package io.github.futuresockets.bench.micro;

import io.github.futuresockets.bench.peer.Peer;
import io.github.futuresockets.bench.peer.Peers;
import io.github.futuresockets.bench.peer.Protocol;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures the round trip of a message over loopback. The client is a blocking channel with direct buffers, the same
 * for every server. Because the client allocates next to nothing, {@code -prof gc} shows the allocation of the server.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class EchoBenchmark {
    /** The name of the server, as {@link Peers} has it. */
    @Param({
        "selector",
        "raw-loop",
        "futuresockets-loop",
        "futuresockets-loop-transfer",
        "raw-nio2",
        "futuresockets-nio2",
        "futuresockets-nio2-transfer"
    })
    public String peer = "";

    /** The name of the {@link Protocol} of the messages. Not every server speaks every protocol. */
    @Param("echo")
    public String protocol = "";

    /** The bytes of a message, without the bytes of a length prefix. */
    @Param("64")
    public int size;

    private Peer server;
    private SocketChannel client;
    private ByteBuffer message;
    private ByteBuffer echo;

    /** Called by JMH and by the allocation gate. */
    public EchoBenchmark() {}

    /**
     * Starts the server and connects to it.
     *
     * @throws Exception if the server cannot be started, or refuses the connection
     */
    @Setup
    public void start() throws Exception {
        Protocol spoken = Protocol.named(protocol);
        server = Peers.runnable(peer, spoken);
        int port = server.start(0, 1, 16_384);
        client = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        client.setOption(StandardSocketOptions.TCP_NODELAY, true);
        message = ByteBuffer.allocateDirect(spoken.bytes(size));
        spoken.fill(message, size);
        echo = ByteBuffer.allocateDirect(spoken.bytes(size));
    }

    /**
     * Closes the connection and ends the server.
     *
     * @throws IOException if the connection or the server cannot be closed
     */
    @TearDown
    public void stop() throws IOException {
        client.close();
        server.close();
    }

    /**
     * Sends a message and waits until the whole echo has arrived.
     *
     * @return the last byte of the echo
     * @throws IOException if the server ends the connection
     */
    @Benchmark
    public byte pingPong() throws IOException {
        message.clear();
        while (message.hasRemaining()) {
            client.write(message);
        }
        echo.clear();
        while (echo.hasRemaining()) {
            if (client.read(echo) < 0) {
                throw new EOFException("the server ended the connection");
            }
        }
        return echo.get(echo.limit() - 1);
    }
}
