package io.github.futuresockets.bench.micro;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;

/** Writes to one connection for any number of threads: each message in one piece, in the order of a thread's calls. */
interface SharedWriter extends AutoCloseable {

    /** Takes the message, which stays the caller's; done when the kernel has it. A failure is in the future. */
    CompletableFuture<Void> write(byte[] message);

    /** Ends the connection behind what was written. */
    @Override
    void close() throws IOException;

    /** The one of this name, connected. */
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
