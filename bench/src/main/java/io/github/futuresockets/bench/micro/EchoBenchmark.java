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
 * One message there and back over loopback. The client is a blocking channel with direct buffers, the same for every
 * peer, and allocates nothing that counts: what {@code -prof gc} shows is the server's.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class EchoBenchmark {
    /** The server. */
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

    /** What the messages look like; not every server speaks both. */
    @Param("echo")
    public String protocol = "";

    /** The bytes of a message, without its length. */
    @Param("64")
    public int size;

    private Peer server;
    private SocketChannel client;
    private ByteBuffer message;
    private ByteBuffer echo;

    /** For JMH. */
    public EchoBenchmark() {}

    /**
     * Starts the server and connects to it.
     *
     * @throws Exception if it cannot be started
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
     * Ends both.
     *
     * @throws IOException if one cannot be closed
     */
    @TearDown
    public void stop() throws IOException {
        client.close();
        server.close();
    }

    /**
     * Sends a message and waits until all of it is back.
     *
     * @return its last byte
     * @throws IOException if the server goes away
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
