package io.github.futuresockets.bench.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import org.jspecify.annotations.Nullable;
import org.smartboot.socket.enhance.EnhanceAsynchronousChannelProvider;
import org.smartboot.socket.transport.AioQuickServer;
import org.smartboot.socket.transport.AioSession;
import org.smartboot.socket.transport.WriteBuffer;

/**
 * An echo server over smart-socket and its own provider of channels. Besides the requested threads for reads,
 * smart-socket has a thread for writes to full sockets and a thread for accepts.
 *
 * <p>Each message is decoded to a slice of the read buffer and copied once, to the write buffer. The write buffer has
 * the size of the read buffer, and is sent after all messages of a read are handled. With the default size,
 * smart-socket would send 128 bytes at a time. Both buffers are on the heap, because on a newer JDK smart-socket has no
 * direct buffers.
 */
final class SmartSocketPeer implements Peer {
    private static final int CHUNKS = 16;

    private final Protocol protocol;
    private @Nullable AioQuickServer server;
    private @Nullable AsynchronousChannelGroup group;

    SmartSocketPeer(Protocol protocol) {
        this.protocol = protocol;
    }

    @Override
    public int start(int port, int threads, int buffer) throws IOException {
        int bound = port == 0 ? freePort() : port;
        // The read buffer must have room for another byte after the largest message.
        int size =
                protocol == Protocol.FRAMES ? Math.max(buffer, Protocol.HEADER + Protocol.LARGEST_FRAME + 1) : buffer;
        server = new AioQuickServer("127.0.0.1", bound, this::decode, this::echo)
                .setBannerEnabled(false)
                .setBacklog(1024)
                .setReadBufferSize(size)
                .setWriteBuffer(size, CHUNKS);
        // An explicit group, because the default group has at least two threads.
        group = new EnhanceAsynchronousChannelProvider(true)
                .openAsynchronousChannelGroup(threads, task -> new Thread(task, "smart-socket"));
        server.start(group);
        return bound;
    }

    /** Returns a free port, because smart-socket does not report the port bound for 0. */
    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    private @Nullable ByteBuffer decode(ByteBuffer in, AioSession session) {
        try {
            return protocol == Protocol.FRAMES
                    ? EchoBuffers.decode(in)
                    : in.hasRemaining() ? EchoBuffers.take(in, in.remaining()) : null;
        } catch (IOException e) {
            session.close();
            return null;
        }
    }

    private void echo(AioSession session, ByteBuffer message) {
        WriteBuffer out = session.writeBuffer();
        try {
            if (protocol == Protocol.FRAMES) {
                out.writeInt(message.remaining());
            }
            out.write(message.array(), message.arrayOffset(), message.remaining());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (server != null) {
            server.shutdown();
        }
        if (group != null) {
            group.shutdown();
        }
    }
}
