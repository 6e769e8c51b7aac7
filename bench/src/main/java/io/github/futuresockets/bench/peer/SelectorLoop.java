package io.github.futuresockets.bench.peer;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * The thread of a listener and all its connections, plain or over TLS.
 *
 * <p>A connection stays registered for reading, and an echo is written at once. A message therefore costs a read and a
 * write. If a socket is full, the interest of the connection changes to writing, and back to reading after the last
 * byte.
 *
 * <p>The buffers belong to the thread. A connection has memory of its own only for unsent bytes and for the start of an
 * incomplete frame.
 */
final class SelectorLoop extends Thread {
    // woken up by any thread
    private final Selector selector = Selector.open();

    // this thread's alone, after its start
    private final ServerSocketChannel listener;
    private final EchoBuffers buffers;
    private final SocketStreams streams;

    // set by the thread of end(), read by this thread
    private volatile boolean ended;

    SelectorLoop(ServerSocketChannel listener, EchoBuffers buffers, SocketStreams streams) throws IOException {
        super("selector");
        this.listener = listener;
        this.buffers = buffers;
        this.streams = streams;
        listener.configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT);
    }

    @Override
    public void run() {
        try (selector) {
            while (!ended) {
                selector.select(this::ready);
            }
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
        } catch (IOException e) {
            System.err.println("a selector loop ends: " + e);
        }
    }

    /** Ends the loop and all its connections. Waits for the end of the thread, unless interrupted. */
    void end() {
        ended = true;
        selector.wakeup();
        try {
            join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void ready(SelectionKey key) {
        try {
            if (key.attachment() instanceof Connection connection) {
                connection.ready();
            } else {
                accept();
            }
        } catch (IOException e) {
            System.err.println("an echo accepts no more: " + e);
            key.cancel();
        }
    }

    private void accept() throws IOException {
        SocketChannel channel = listener.accept();
        if (channel != null) {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            new Connection(channel);
        }
    }

    /** A connection. The loop's thread alone runs its methods. */
    private final class Connection {
        private final SocketStream stream;
        private final SelectionKey key;
        /** The bytes not yet taken by the socket, null if there are none. */
        private @Nullable ByteBuffer unsent;
        /** The start of an incomplete frame, null if there is none. */
        private @Nullable ByteBuffer incomplete;

        /** True after the handshake. */
        private boolean open;

        Connection(SocketChannel channel) throws IOException {
            this.stream = streams.server(channel);
            this.key = channel.register(selector, SelectionKey.OP_READ, this);
        }

        void ready() throws IOException {
            try {
                if (!open && !opened()) {
                    return;
                }
                if (unsent == null) {
                    read();
                } else {
                    write(unsent);
                }
            } catch (IOException e) {
                stream.close();
            }
        }

        private boolean opened() throws IOException {
            int waits = stream.handshake();
            key.interestOps(waits == 0 ? SelectionKey.OP_READ : waits);
            open = waits == 0;
            return open;
        }

        private void read() throws IOException {
            ByteBuffer in = buffers.in().clear();
            if (incomplete != null) {
                in.put(incomplete);
            }
            if (stream.read(in) < 0) {
                stream.close();
                return;
            }
            ByteBuffer reply = buffers.reply();
            incomplete = in.position() == 0 ? null : copy(in.flip());
            write(reply);
        }

        private void write(ByteBuffer reply) throws IOException {
            if (reply.hasRemaining()) {
                stream.write(reply);
            }
            if (!reply.hasRemaining()) {
                if (unsent != null) {
                    unsent = null;
                    key.interestOps(SelectionKey.OP_READ);
                }
            } else if (unsent == null) {
                unsent = copy(reply);
                key.interestOps(SelectionKey.OP_WRITE);
            }
        }

        private ByteBuffer copy(ByteBuffer source) {
            return ByteBuffer.allocate(source.remaining()).put(source).flip();
        }
    }
}
