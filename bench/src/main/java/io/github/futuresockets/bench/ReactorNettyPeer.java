package io.github.futuresockets.bench;

import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.netty.DisposableServer;
import reactor.netty.tcp.TcpServer;

/**
 * Reactor Netty: what is received is sent, as one publisher for each connection, which is also the back-pressure. Flushes
 * are its own choice, as are allocator and size of reads; the codec of frames is Netty's, and no payload is copied. It runs
 * on Netty's epoll where there is one.
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
                .doOnChannelInit((observer, channel, remote) -> NettyPeer.addCodec(channel.pipeline(), protocol))
                .handle((in, out) -> out.send(in.receive().retain()))
                .bindNow();
        return server.port();
    }

    @Override
    public void close() {
        if (server != null) {
            server.disposeNow();
        }
        if (group != null) {
            group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }
}
