package io.github.futuresockets.bench;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.codec.LengthFieldPrepender;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Netty, as those write it who know it: nothing is flushed per message, but once when all that a read has brought is
 * handled; no copy is made of a payload. Allocator and size of its reads are Netty's own choice.
 */
final class NettyPeer implements Peer {
    private static final int HEADER = 4;

    private final Protocol protocol;
    private final boolean epoll;
    private @Nullable EventLoopGroup group;

    NettyPeer(Protocol protocol, boolean epoll) {
        this.protocol = protocol;
        this.epoll = epoll;
    }

    @Override
    public int start(int port, int threads, int buffer) throws IOException {
        if (epoll && !Epoll.isAvailable()) {
            throw new IOException("netty-epoll cannot run here", Epoll.unavailabilityCause());
        }
        group = new MultiThreadIoEventLoopGroup(
                threads, epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        Class<? extends ServerChannel> type = epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        Channel listener = new ServerBootstrap()
                .group(group)
                .channel(type)
                .option(ChannelOption.SO_BACKLOG, 1024)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new Pipeline(protocol))
                .bind(InetAddress.getLoopbackAddress(), port)
                .syncUninterruptibly()
                .channel();
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    @Override
    public void close() {
        if (group != null) {
            group.shutdownGracefully();
        }
    }

    private static final class Pipeline extends ChannelInitializer<SocketChannel> {
        private final Protocol protocol;
        private final LengthFieldPrepender prepender = new LengthFieldPrepender(HEADER);
        private final Echo echo = new Echo();

        Pipeline(Protocol protocol) {
            this.protocol = protocol;
        }

        @Override
        protected void initChannel(SocketChannel channel) {
            if (protocol == Protocol.FRAMES) {
                int limit = HEADER + Protocol.LARGEST_FRAME;
                channel.pipeline().addLast(new LengthFieldBasedFrameDecoder(limit, 0, HEADER, 0, HEADER), prepender);
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
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
            context.close();
        }
    }
}
