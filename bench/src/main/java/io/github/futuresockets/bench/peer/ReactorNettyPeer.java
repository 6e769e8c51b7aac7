package io.github.futuresockets.bench.peer;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.netty.Connection;
import reactor.netty.DisposableServer;
import reactor.netty.tcp.TcpServer;

/**
 * An echo server over Reactor Netty. For each connection, a single publisher sends the received buffers. The demand of
 * the publisher is the back-pressure.
 *
 * <ul>
 *   <li>Reactor Netty chooses flushes, allocator and the size of reads.
 *   <li>The transport is Netty's epoll where available, and NIO otherwise.
 *   <li>The frame decoder is Netty's. A frame is sent in a single buffer with its length, and without an encoder,
 *       because Reactor Netty drops an empty payload before its encoder.
 * </ul>
 */
final class ReactorNettyPeer implements Peer {
    private final Protocol protocol;
    private @Nullable EventLoopGroup group;
    private @Nullable DisposableServer server;

    ReactorNettyPeer(Protocol protocol) {
        this.protocol = protocol;
    }

    @Override
    public List<String> jvmFlags(int threads) {
        return NettyTransport.jvmFlags();
    }

    @Override
    public int start(int port, int threads, int buffer) {
        group = NettyTransport.best().group(threads);
        server = TcpServer.create()
                .host("127.0.0.1")
                .port(port)
                .runOn(group)
                .option(ChannelOption.SO_BACKLOG, 1024)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .doOnConnection(this::addDecoder)
                .handle((in, out) -> out.send(in.receive().map(this::encode)))
                .bindNow();
        return server.port();
    }

    private void addDecoder(Connection connection) {
        if (protocol == Protocol.FRAMES) {
            connection.addHandlerLast(new NettyFrameDecoder());
        }
    }

    private ByteBuf encode(ByteBuf payload) {
        if (protocol == Protocol.ECHO) {
            return payload.retain();
        }
        int length = payload.readableBytes();
        return payload.alloc()
                .ioBuffer(Protocol.HEADER + length)
                .writeInt(length)
                .writeBytes(payload);
    }

    @Override
    public void close() {
        if (server != null) {
            server.disposeNow();
        }
        if (group != null) {
            NettyTransport.end(group);
        }
    }
}
