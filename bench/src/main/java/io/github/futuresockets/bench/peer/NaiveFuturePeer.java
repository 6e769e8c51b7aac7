package io.github.futuresockets.bench.peer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An echo server over the usual hand-written wrapper of the JDK's asynchronous channels. Each call of a channel has a
 * CompletableFuture, and {@code thenCompose} composes the calls. All channels are in a group with a fixed thread pool.
 *
 * <p>The wrapper is short and correct. After a short write, the rest is written, and a connection ends with its stream.
 * A turn starts the next turn without returning the future of the next turn. Because a chain of all turns would hold
 * every turn until the end of the connection, there is no chain.
 */
final class NaiveFuturePeer implements Peer {
    private static final CompletionHandler<Integer, CompletableFuture<Integer>> COUNT = completer();
    private static final CompletionHandler<AsynchronousSocketChannel, CompletableFuture<AsynchronousSocketChannel>>
            CHANNEL = completer();

    private final Protocol protocol;
    private @Nullable AsynchronousChannelGroup group;

    NaiveFuturePeer(Protocol protocol) {
        this.protocol = protocol;
    }

    @Override
    public int start(int port, int threads, int buffer) throws IOException {
        group = AsynchronousChannelGroup.withFixedThreadPool(threads, task -> new Thread(task, "naive-future"));
        AsynchronousServerSocketChannel listener = AsynchronousServerSocketChannel.open(group);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1024);
        accept(listener, channel -> new Connection(channel, new EchoBuffers(protocol, buffer)).serve());
        return ((InetSocketAddress) listener.getLocalAddress()).getPort();
    }

    private static void accept(AsynchronousServerSocketChannel listener, Consumer<AsynchronousSocketChannel> server) {
        CompletableFuture<AsynchronousSocketChannel> accepted = new CompletableFuture<>();
        listener.accept(accepted, CHANNEL);
        accepted.whenComplete((channel, failure) -> {
            if (failure == null) {
                server.accept(channel);
                accept(listener, server);
            } else if (!(failure instanceof ClosedChannelException)) {
                System.err.println("an echo accepts no more: " + failure);
            }
        });
    }

    @Override
    public void close() throws IOException {
        if (group != null) {
            group.shutdownNow();
        }
    }

    private static <T> CompletionHandler<T, CompletableFuture<T>> completer() {
        return new CompletionHandler<>() {
            @Override
            public void completed(T result, CompletableFuture<T> future) {
                future.complete(result);
            }

            @Override
            public void failed(Throwable failure, CompletableFuture<T> future) {
                future.completeExceptionally(failure);
            }
        };
    }

    private static final class Connection {
        private final AsynchronousSocketChannel channel;
        private final EchoBuffers buffers;

        Connection(AsynchronousSocketChannel channel, EchoBuffers buffers) {
            this.channel = channel;
            this.buffers = buffers;
        }

        void serve() {
            try {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                turn();
            } catch (IOException e) {
                close();
            }
        }

        // The stack stays small. After 16 completions in a row, the JDK passes the next completion to its event loop.
        private void turn() {
            read(buffers.in())
                    .thenCompose(count -> count < 0 ? CompletableFuture.completedFuture(false) : echo())
                    .whenComplete((more, failure) -> {
                        if (failure == null && more) {
                            turn();
                        } else {
                            close();
                        }
                    });
        }

        private CompletableFuture<Boolean> echo() {
            try {
                return writeAll(buffers.reply()).thenApply(none -> true);
            } catch (IOException e) {
                throw new CompletionException(e);
            }
        }

        private CompletableFuture<Integer> read(ByteBuffer buffer) {
            CompletableFuture<Integer> future = new CompletableFuture<>();
            channel.read(buffer, future, COUNT);
            return future;
        }

        private CompletableFuture<Integer> write(ByteBuffer buffer) {
            CompletableFuture<Integer> future = new CompletableFuture<>();
            channel.write(buffer, future, COUNT);
            return future;
        }

        private CompletableFuture<Void> writeAll(ByteBuffer buffer) {
            return buffer.hasRemaining()
                    ? write(buffer).thenCompose(count -> writeAll(buffer))
                    : CompletableFuture.completedFuture(null);
        }

        private void close() {
            try {
                channel.close();
            } catch (IOException e) {
                System.err.println("an echo failed to close: " + e);
            }
        }
    }
}
