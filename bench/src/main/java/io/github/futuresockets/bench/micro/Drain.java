package io.github.futuresockets.bench.micro;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The receiving end of a single connection. A daemon thread accepts the connection, and drops and counts all bytes. */
final class Drain {
    private final ServerSocketChannel listener;
    private final CompletableFuture<Long> received = new CompletableFuture<>();

    Drain() throws IOException {
        listener = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Thread thread = new Thread(this::run, "drain");
        thread.setDaemon(true);
        thread.start();
    }

    SocketAddress address() throws IOException {
        return listener.getLocalAddress();
    }

    /**
     * Waits for the end of the stream and returns the number of all bytes.
     *
     * @throws IOException if the connection fails, or does not end within 30 seconds
     */
    long received() throws IOException, InterruptedException {
        try {
            return received.get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IOException("a connection could not be read", e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("a connection does not end", e);
        }
    }

    private void run() {
        try (listener;
                SocketChannel channel = listener.accept()) {
            ByteBuffer in = ByteBuffer.allocateDirect(1 << 16);
            long sum = 0;
            for (int count = channel.read(in); count >= 0; count = channel.read(in.clear())) {
                sum += count;
            }
            received.complete(sum);
        } catch (IOException e) {
            received.completeExceptionally(e);
        }
    }
}
