package io.github.futuresockets.bench.peer;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An echo server over Netty, in the style of an expert.
 *
 * <ul>
 *   <li>Replies are flushed once for each read, after all messages of the read are handled.
 *   <li>While a client does not receive its echoes, the server does not read from the client.
 *   <li>Bytes are sent back in the buffers of the read.
 *   <li>The frames of a read are copied to a single buffer, because a gathering write of many small buffers costs more.
 *   <li>Netty chooses the allocator and the size of reads.
 * </ul>
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
     * Creates a server over TLS.
     *
     * @param transport the transport below Netty
     * @param tls the TLS implementation
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
        // Closed before its thread ends. Otherwise the pending accept of io_uring would hold the port after the end of
        // the thread.
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
        private final Echo echo = new Echo();

        Initializer(Protocol protocol, @Nullable SslContext context) {
            this.protocol = protocol;
            this.context = context;
        }

        @Override
        protected void initChannel(SocketChannel channel) {
            if (protocol == Protocol.FRAMES) {
                channel.pipeline().addLast(new NettyFrameDecoder(), new FrameEcho());
                return;
            }
            if (context != null) {
                channel.pipeline().addLast(context.newHandler(channel.alloc()));
            }
            channel.pipeline().addLast(echo);
        }
    }

    /** The echo of bytes. An instance serves all channels. */
    @Sharable
    private static class Echo extends ChannelInboundHandlerAdapter {
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

    /** The echo of frames. An instance serves a single channel, and runs on the event loop of the channel. */
    private static final class FrameEcho extends Echo {
        /** The replies to the current read, null if there are none. */
        private @Nullable ByteBuf replies;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf payload = (ByteBuf) message;
            try {
                if (replies == null) {
                    replies = context.alloc().ioBuffer();
                }
                replies.writeInt(payload.readableBytes()).writeBytes(payload);
            } finally {
                payload.release();
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            if (replies != null) {
                context.write(replies, context.voidPromise());
                replies = null;
            }
            super.channelReadComplete(context);
        }

        @Override
        public void handlerRemoved(ChannelHandlerContext context) {
            if (replies != null) {
                replies.release();
                replies = null;
            }
        }
    }
}
