package io.github.futuresockets.loop;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/**
 * The base class of the tests of a provider, with a group of a single thread, a listener and a blocking peer. A
 * subclass chooses the provider.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
abstract class ProviderFixture {
    /** The limit of each wait, in seconds. */
    static final long PATIENCE = 20;

    /** The name of the thread of {@link #group}. */
    static final String THREAD = "specified";

    final AsynchronousChannelProvider provider = provider();
    AsynchronousChannelGroup group;
    AsynchronousServerSocketChannel listener;
    SocketChannel peer;

    /** Returns the provider under test. */
    abstract AsynchronousChannelProvider provider();

    @BeforeEach
    void listen() throws Exception {
        group = provider.openAsynchronousChannelGroup(1, task -> new Thread(task, THREAD));
        listener = listener(group);
        peer = SocketChannel.open();
    }

    final AsynchronousServerSocketChannel listener(AsynchronousChannelGroup of) throws Exception {
        return provider.openAsynchronousServerSocketChannel(of)
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    @AfterEach
    void end() throws Exception {
        peer.close();
        end(group);
    }

    /** Shuts a group down and waits for the termination. */
    static void end(AsynchronousChannelGroup group) throws Exception {
        group.shutdownNow();
        assertTrue(group.awaitTermination(PATIENCE, TimeUnit.SECONDS));
        assertTrue(group.isTerminated());
    }

    /** Connects {@link #peer} and returns the accepted channel. */
    final AsynchronousSocketChannel connect() throws Exception {
        Future<AsynchronousSocketChannel> accept = listener.accept();
        peer.connect(listener.getLocalAddress());
        return get(accept);
    }

    static <V> V get(Future<V> future) throws Exception {
        return future.get(PATIENCE, TimeUnit.SECONDS);
    }

    static Throwable failureOf(Future<?> future) {
        return assertThrows(ExecutionException.class, () -> get(future)).getCause();
    }

    static ByteBuffer bytes(int... values) {
        ByteBuffer buffer = ByteBuffer.allocate(values.length);
        for (int each : values) {
            buffer.put((byte) each);
        }
        return buffer.flip();
    }

    /** Writes until the kernel takes no more bytes, and returns the pending write. */
    static Future<Integer> fill(AsynchronousSocketChannel channel) throws Exception {
        while (true) {
            Future<Integer> write = channel.write(ByteBuffer.allocate(1 << 20));
            try {
                write.get(200, TimeUnit.MILLISECONDS);
            } catch (java.util.concurrent.TimeoutException full) {
                return write;
            }
        }
    }
}
