package io.github.futuresockets.bench.load;

import io.github.futuresockets.bench.peer.SocketStream;
import io.github.futuresockets.bench.peer.SocketStreams;
import io.github.futuresockets.bench.peer.TlsStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.HdrHistogram.Histogram;

/**
 * A client with a new connection for each message. The client connects, sends a message, checks the echo, closes the
 * connection, and begins again.
 *
 * <p>The latency of a message runs from the connect to the close. Over TLS the latency includes a whole handshake,
 * because no session is resumed.
 */
final class Churn implements LoadClient {
    private final InetSocketAddress server;
    private final Selector selector;
    private final SocketStreams streams;
    private final Histogram latencies;
    private final ByteBuffer message;
    private final ByteBuffer echo;
    private SocketChannel channel;
    private SocketStream stream;
    private long begun;

    Churn(int port, int size, Selector selector, SocketStreams streams, Histogram latencies) throws IOException {
        this.server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        this.selector = selector;
        this.streams = streams;
        this.latencies = latencies;
        this.message = ByteBuffer.allocateDirect(size);
        // A read needs room for a whole TLS record.
        this.echo = ByteBuffer.allocateDirect(size + TlsStream.LARGEST_RECORD);
        for (int i = 0; i < size; i++) {
            message.put(i, (byte) i);
        }
        this.channel = SocketChannel.open();
        this.stream = streams.client(channel);
    }

    @Override
    public void begin() throws IOException {
        begun = System.nanoTime();
        message.clear();
        echo.clear();
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        boolean connected = channel.connect(server);
        channel.register(selector, connected ? SelectionKey.OP_WRITE : SelectionKey.OP_CONNECT, this);
    }

    @Override
    public int ready() throws IOException {
        SelectionKey key = channel.keyFor(selector);
        if (key.isConnectable()) {
            channel.finishConnect();
        }
        if (message.hasRemaining()) {
            int waits = stream.handshake();
            if (waits != 0) {
                key.interestOps(waits);
                return 0;
            }
            stream.write(message);
            key.interestOps(message.hasRemaining() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
            return 0;
        }
        if (stream.read(echo) < 0) {
            throw new IOException("the server ended " + channel + " after " + echo.position() + " bytes");
        }
        if (echo.position() < message.limit()) {
            return 0;
        }
        if (!echo.flip().equals(message.flip())) {
            throw new IOException("the echo on " + channel + " is not what was sent");
        }
        stream.close();
        latencies.recordValue(System.nanoTime() - begun);
        channel = SocketChannel.open();
        stream = streams.client(channel);
        begin();
        return 1;
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
