package io.github.futuresockets.bench;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.LengthFieldPrepender;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Netty, as those write it who know it: nothing is flushed per message, but once when all that a read has brought is
 * handled; no copy is made of a payload; nothing is read from a client that does not take its echoes. Allocator and size of
 * its reads are Netty's own choice.
 */
final class NettyPeer implements Peer {
    private final NettyTransport transport;
    private final Protocol protocol;
    private final NettyTls tls;
    private @Nullable EventLoopGroup group;
    private @Nullable Channel listener;

    NettyPeer(NettyTransport transport, Protocol protocol) {
        this(transport, protocol, NettyTls.JDK);
    }

    /**
     * Over TLS.
     *
     * @param tls by what
     */
    NettyPeer(NettyTransport transport, NettyTls tls) {
        this(transport, Protocol.TLS, tls);
    }

    private NettyPeer(NettyTransport transport, Protocol protocol, NettyTls tls) {
        this.tls = tls;
        this.transport = transport;
        this.protocol = protocol;
    }

    @Override
    public String obstacle() {
        return transport.obstacle().isEmpty() ? tls.obstacle() : transport.obstacle();
    }

    @Override
    public List<String> jvmFlags(int threads) {
        return NettyTransport.jvmFlags();
    }

    @Override
    public int start(int port, int threads, int buffer) throws IOException {
        SslContext context = protocol == Protocol.TLS ? tls.server() : null;
        group = transport.group(threads);
        listener = new ServerBootstrap()
                .group(group)
                .channel(transport.listener())
                .option(ChannelOption.SO_BACKLOG, 1024)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new Initializer(protocol, context))
                .bind(InetAddress.getLoopbackAddress(), port)
                .syncUninterruptibly()
                .channel();
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    @Override
    public void close() {
        // Not left to the end of its thread: the accept that io_uring has pending would hold the port beyond that.
        if (listener != null) {
            listener.close().syncUninterruptibly();
        }
        if (group != null) {
            NettyTransport.end(group);
        }
    }

    private static final class Initializer extends ChannelInitializer<SocketChannel> {
        private final Protocol protocol;
        private final @Nullable SslContext context;
        private final LengthFieldPrepender prepender = new LengthFieldPrepender(Protocol.HEADER);
        private final Echo echo = new Echo();

        Initializer(Protocol protocol, @Nullable SslContext context) {
            this.protocol = protocol;
            this.context = context;
        }

        @Override
        protected void initChannel(SocketChannel channel) {
            if (protocol == Protocol.FRAMES) {
                channel.pipeline().addLast(new NettyFrameDecoder(), prepender);
            }
            if (context != null) {
                channel.pipeline().addLast(context.newHandler(channel.alloc()));
            }
            channel.pipeline().addLast(echo);
        }
    }

    @Sharable
    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            context.write(message, context.voidPromise());
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
            if (!context.channel().isWritable()) {
                context.channel().config().setAutoRead(false);
            }
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            if (context.channel().isWritable()) {
                context.channel().config().setAutoRead(true);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
            context.close();
        }
    }
}
