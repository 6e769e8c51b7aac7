package io.github.futuresockets.impl;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.nio.channels.NetworkChannel;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Opens channels of the JDK's on the loops in turn. */
final class Nio2Channels implements Channels {
    private final List<Nio2Loop> loops;
    private final Map<SocketOption<?>, Object> options;
    private final AtomicInteger turn = new AtomicInteger();

    Nio2Channels(List<Nio2Loop> loops, Map<SocketOption<?>, Object> options) {
        this.loops = loops;
        this.options = options;
    }

    @Override
    public boolean supports(SocketAddress address) {
        return address instanceof InetSocketAddress;
    }

    @Override
    public Attempt connect(SocketAddress remote, ConnectCallback callback) throws IOException {
        Nio2Loop loop = loops.get(Math.floorMod(turn.getAndIncrement(), loops.size()));
        AsynchronousSocketChannel channel = loop.open(AsynchronousSocketChannel::open);
        Runnable close = () -> closeQuietly(channel);
        try {
            setOptions(channel);
            channel.connect(remote, null, new CompletionHandler<Void, Void>() {
                @Override
                public void completed(Void result, Void attachment) {
                    Nio2Loop.guard(() -> {
                        try {
                            callback.connected(transport(loop, channel), null);
                        } catch (IOException e) {
                            callback.connected(null, e);
                        }
                    });
                }

                @Override
                public void failed(Throwable failure, Void attachment) {
                    closeQuietly(channel);
                    Nio2Loop.guard(() -> callback.connected(null, failure));
                }
            });
        } catch (Throwable e) {
            loop.run(close);
            throw e;
        }
        return () -> loop.run(close);
    }

    @Override
    public Listener listen(SocketAddress local, int backlog, AcceptCallback callback) throws IOException {
        return Nio2Listener.open(this, loops, (InetSocketAddress) local, backlog, callback);
    }

    /** A transport over a channel that has just been connected or accepted; closes it if that fails. */
    Nio2Transport transport(Nio2Loop loop, AsynchronousSocketChannel channel) throws IOException {
        try {
            return new Nio2Transport(loop, channel);
        } catch (Throwable e) {
            closeQuietly(channel);
            throw e;
        }
    }

    /** Sets what the channel has; what it does not have is for others. */
    @SuppressWarnings("unchecked")
    void setOptions(NetworkChannel channel) throws IOException {
        for (Map.Entry<SocketOption<?>, Object> each : options.entrySet()) {
            if (channel.supportedOptions().contains(each.getKey())) {
                channel.setOption((SocketOption<Object>) each.getKey(), each.getValue());
            }
        }
    }

    static void closeQuietly(java.nio.channels.Channel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            System.getLogger("io.github.futuresockets").log(System.Logger.Level.DEBUG, "close of " + channel, e);
        }
    }
}
