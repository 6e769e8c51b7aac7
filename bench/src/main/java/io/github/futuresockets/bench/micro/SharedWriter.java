package io.github.futuresockets.bench.micro;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;

/**
 * A writer to a single connection, for any number of threads. The bytes of a message stay together. The messages of a
 * thread are sent in the order of the calls.
 */
interface SharedWriter extends AutoCloseable {

    /**
     * Sends a message. The caller owns the array and must not change the array until the future is done.
     *
     * @return a future that completes when the kernel has the message, or fails if the channel cannot be written
     */
    CompletableFuture<Void> write(byte[] message);

    /** Ends the connection after the written messages. */
    @Override
    void close() throws IOException;

    /** Creates the writer of a name and connects the writer to the address. */
    static SharedWriter to(SocketAddress address, String name) throws IOException {
        switch (name) {
            case "futuresockets-loop":
                return facade(address, "loop");
            case "futuresockets-nio2":
                return facade(address, "nio2");
            case "lock":
                return new LockedWriter(SocketChannel.open(address));
            case "lock-and-queue":
                return new QueueingWriter(SocketChannel.open(address));
            default:
                throw new IllegalArgumentException("unknown writer: " + name);
        }
    }

    private static SharedWriter facade(SocketAddress address, String provider) {
        AsyncSockets sockets =
                AsyncSockets.builder().provider(provider).threads(1).build();
        AsyncSocket socket = sockets.connect(address).join();
        return new SharedWriter() {
            @Override
            public CompletableFuture<Void> write(byte[] message) {
                return socket.write(message);
            }

            @Override
            public void close() {
                socket.shutdownOutput().join();
                sockets.close();
            }
        };
    }
}
