package io.github.futuresockets.bench.peer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * An echo server with a thread for each connection. The thread blocks in its reads and writes.
 *
 * <ul>
 *   <li>Platform threads come from a cached pool. The number of I/O threads has no effect on the number of threads.
 *   <li>Virtual threads need JDK 21. The number of I/O threads is the number of their carrier threads.
 * </ul>
 *
 * <p>The server uses channels and not streams, because a channel copies nothing between a direct buffer and the kernel.
 */
final class BlockingPeer implements Peer {
    private static final int VIRTUAL_SINCE = 21;

    private final Protocol protocol;
    private final boolean virtual;
    private @Nullable ExecutorService threads;
    private @Nullable ServerSocketChannel listener;

    BlockingPeer(Protocol protocol, boolean virtual) {
        this.protocol = protocol;
        this.virtual = virtual;
    }

    @Override
    public String obstacle() {
        return virtual && Runtime.version().feature() < VIRTUAL_SINCE ? "needs JDK " + VIRTUAL_SINCE : "";
    }

    @Override
    public List<String> jvmFlags(int threads) {
        return virtual ? List.of("-Djdk.virtualThreadScheduler.parallelism=" + threads) : List.of();
    }

    @Override
    public int start(int port, int threads, int buffer) throws IOException {
        ExecutorService executor = virtual ? virtualThreads() : Executors.newCachedThreadPool();
        ServerSocketChannel channel = ServerSocketChannel.open();
        this.threads = executor;
        listener = channel;
        channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1024);
        executor.execute(() -> accept(channel, executor, buffer));
        return channel.socket().getLocalPort();
    }

    // By reflection, because the benchmarks are compiled for JDK 17.
    private static ExecutorService virtualThreads() throws IOException {
        try {
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new IOException("no virtual threads", e);
        }
    }

    private void accept(ServerSocketChannel channel, ExecutorService executor, int buffer) {
        try {
            while (true) {
                SocketChannel connection = channel.accept();
                try {
                    executor.execute(() -> converse(connection, buffer));
                } catch (RejectedExecutionException e) {
                    connection.close();
                    return;
                }
            }
        } catch (AsynchronousCloseException e) {
            return;
        } catch (IOException e) {
            System.err.println("an echo accepts no more: " + e);
        }
    }

    private void converse(SocketChannel connection, int buffer) {
        try (connection) {
            connection.setOption(StandardSocketOptions.TCP_NODELAY, true);
            EchoBuffers buffers = new EchoBuffers(protocol, buffer);
            while (connection.read(buffers.in()) >= 0) {
                ByteBuffer reply = buffers.reply();
                while (reply.hasRemaining()) {
                    connection.write(reply);
                }
            }
        } catch (IOException e) {
            return;
        }
    }

    /** Closes the listener and interrupts all threads. An interrupt closes the channel of a blocked thread. */
    @Override
    public void close() throws IOException {
        if (listener != null) {
            listener.close();
        }
        if (threads != null) {
            threads.shutdownNow();
        }
    }
}
