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

/**
 * A network over channels of NIO.2. Each connect uses the next loop in turn. The channels of the loop provider are used
 * by readiness, and the channels of the JDK by completion handlers. Thread-safe.
 */
public final class ChannelNetwork implements Network {
    private final List<? extends ChannelLoop> loops;
    private final Map<SocketOption<?>, Object> options;

    /** The number of connects so far, modulo 2^32. Selects the loop of the next connect. */
    private final AtomicInteger turn = new AtomicInteger();

    /** True if a listener of any loop distributes the accepted channels over all loops. */
    private final boolean dealt;

    /**
     * Makes a network.
     *
     * @param loops the I/O threads, all of the same provider
     * @param options the options of all sockets and listeners
     */
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

    /** Binds a channel. The message of a failure names the local address. */
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

    /**
     * Returns the transport of a newly connected or accepted channel. If the transport cannot be made, closes the
     * channel.
     */
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

    /** Returns the loop of a channel. The loop of an accepted channel may be another than the loop of the listener. */
    private ChannelLoop loopOf(EventLoopChannel channel) {
        for (ChannelLoop each : loops) {
            if (((ReadinessLoop) each).eventLoop() == channel.loop()) {
                return each;
            }
        }
        throw new IllegalStateException("a channel of another group: " + channel);
    }

    /** Sets the options of the engine, and then the options of a single connect or listener. */
    void setAllOptions(NetworkChannel channel, Map<SocketOption<?>, Object> more) throws IOException {
        Options.set(channel, options);
        Options.set(channel, more);
    }

    /** Closes a channel. A failure is logged. */
    static void closeQuietly(java.nio.channels.Channel channel) {
        try {
            channel.close();
        } catch (Throwable e) {
            Log.log(Level.DEBUG, "close of " + channel, e);
        }
    }
}
