package io.github.futuresockets.impl.channel;

import io.github.futuresockets.impl.common.Errors;
import io.github.futuresockets.impl.common.Log;
import io.github.futuresockets.impl.transport.ConnectSettings;
import io.github.futuresockets.impl.transport.ListenSettings;
import io.github.futuresockets.impl.transport.Network;
import io.github.futuresockets.impl.transport.Options;
import io.github.futuresockets.impl.transport.Transport;
import io.github.futuresockets.loop.EventLoopChannel;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.nio.channels.NetworkChannel;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Opens channels of NIO.2 on the loops in turn; uses those of our own provider by readiness. */
public final class ChannelNetwork implements Network {
    private final List<? extends ChannelLoop> loops;
    private final Map<SocketOption<?>, Object> options;
    private final AtomicInteger turn = new AtomicInteger();

    /** Whether a listener deals what it accepts over all loops. */
    private final boolean dealt;

    public ChannelNetwork(List<? extends ChannelLoop> loops, Map<SocketOption<?>, Object> options) {
        this.loops = loops;
        this.dealt = loops.get(0) instanceof ReadinessLoop;
        this.options = options;
    }

    @Override
    public boolean supports(SocketAddress address) {
        return address instanceof InetSocketAddress || dealt && address instanceof UnixDomainSocketAddress;
    }

    @Override
    public NetworkChannel probe(SocketAddress address) throws IOException {
        return loops.get(0).openSocket(address);
    }

    @Override
    public Attempt connect(SocketAddress remote, ConnectSettings settings, ConnectCallback callback)
            throws IOException {
        ChannelLoop loop = loops.get(Math.floorMod(turn.getAndIncrement(), loops.size()));
        AsynchronousSocketChannel channel = loop.openSocket(remote);
        Runnable close = () -> closeQuietly(channel);
        try {
            setAllOptions(channel, settings.options());
            if (settings.local() != null) {
                bind(channel, settings.local());
            }
            channel.connect(remote, null, new CompletionHandler<Void, Void>() {
                @Override
                public void completed(Void result, Void attachment) {
                    loop.enter(() -> {
                        Transport transport;
                        try {
                            transport = transport(loop, channel);
                        } catch (Throwable e) {
                            callback.connected(null, e);
                            return;
                        }
                        callback.connected(transport, null);
                    });
                }

                @Override
                public void failed(Throwable failure, Void attachment) {
                    closeQuietly(channel);
                    loop.enter(() -> callback.connected(null, failure));
                }
            });
        } catch (Throwable e) {
            loop.run(close);
            throw e;
        }
        return () -> loop.run(close);
    }

    private static void bind(AsynchronousSocketChannel channel, SocketAddress local) throws IOException {
        try {
            channel.bind(local);
        } catch (IOException e) {
            BindException named = new BindException("local address " + local + ": " + Errors.reason(e));
            named.initCause(e);
            throw named;
        }
    }

    @Override
    public Listener listen(SocketAddress local, ListenSettings settings, AcceptCallback callback) throws IOException {
        return ChannelListener.open(this, dealt ? loops.subList(0, 1) : loops, local, settings, callback);
    }

    /** A transport over a channel that has just been connected or accepted; closes it if that fails. */
    Transport transport(ChannelLoop loop, AsynchronousSocketChannel channel) throws IOException {
        try {
            return loop instanceof ReadinessLoop
                    ? new ReadinessTransport(loopOf((EventLoopChannel) channel), (EventLoopChannel) channel)
                    : new Nio2Transport(loop, channel);
        } catch (Throwable e) {
            closeQuietly(channel);
            throw e;
        }
    }

    private ChannelLoop loopOf(EventLoopChannel channel) {
        for (ChannelLoop each : loops) {
            if (((ReadinessLoop) each).eventLoop() == channel.loop()) {
                return each;
            }
        }
        throw new IllegalStateException("a channel of another group: " + channel);
    }

    /** Sets the options of all sockets, and then those of this one. */
    void setAllOptions(NetworkChannel channel, Map<SocketOption<?>, Object> more) throws IOException {
        Options.set(channel, options);
        Options.set(channel, more);
    }

    static void closeQuietly(java.nio.channels.Channel channel) {
        try {
            channel.close();
        } catch (Throwable e) {
            Log.log(Level.DEBUG, "close of " + channel, e);
        }
    }
}
