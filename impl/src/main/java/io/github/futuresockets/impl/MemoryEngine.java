package io.github.futuresockets.impl;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocketPair;
import io.github.futuresockets.FaultPlan;
import io.github.futuresockets.MemoryNetwork;
import io.github.futuresockets.impl.channel.ReadinessTransport;
import io.github.futuresockets.impl.common.BlockingThreads;
import io.github.futuresockets.impl.common.Clock;
import io.github.futuresockets.impl.common.Supplies;
import io.github.futuresockets.impl.engine.DefaultSocket;
import io.github.futuresockets.impl.engine.Engine;
import io.github.futuresockets.impl.memory.MemoryChannel;
import io.github.futuresockets.impl.memory.MemoryFabric;
import io.github.futuresockets.impl.memory.MemoryLoop;
import io.github.futuresockets.impl.memory.MemoryPorts;
import io.github.futuresockets.impl.memory.VirtualClock;
import io.github.futuresockets.impl.transport.Options;
import io.github.futuresockets.spi.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An engine whose connections are in memory. A test controls the network by the methods of {@link MemoryNetwork}. */
final class MemoryEngine extends Engine implements MemoryNetwork {
    private final MemoryLoop loop;
    private final MemoryFabric channels;

    private MemoryEngine(Settings settings, MemoryLoop loop, MemoryFabric channels, Supplies supplies) {
        super(settings, channels, List.of(loop), supplies);
        this.loop = loop;
        this.channels = channels;
    }

    /** Opens an engine that connects to the listeners on these ports. */
    static MemoryEngine open(Settings settings, MemoryPorts ports, Supplies supplies) {
        MemoryLoop loop = new MemoryLoop(supplies.memory());
        MemoryFabric channels = new MemoryFabric(ports, loop, supplies.clock(), settings.options());
        return new MemoryEngine(settings, loop, channels, supplies);
    }

    @Override
    public List<InetAddress> resolve(String host) throws UnknownHostException {
        return settings().resolver() != null
                ? super.resolve(host)
                : List.of(channels.ports().resolve(host));
    }

    /** Returns null if the time is virtual. Because virtual time stands still, the caller then looks names up. */
    @Override
    public @Nullable BlockingThreads lookUps() {
        return clock() instanceof VirtualClock ? null : super.lookUps();
    }

    @Override
    public AsyncServerSocket listen(String host, int port) throws IOException {
        return host.isEmpty()
                ? super.listen(host, port)
                : listen(new InetSocketAddress(channels.ports().resolve(host), port));
    }

    @Override
    public MemoryNetwork faults(FaultPlan toClient, FaultPlan toServer) {
        channels.faults(Objects.requireNonNull(toClient, "toClient"), Objects.requireNonNull(toServer, "toServer"));
        return this;
    }

    @Override
    public MemoryNetwork silent(SocketAddress address) {
        channels.ports().silence(Objects.requireNonNull(address, "address"));
        return this;
    }

    @Override
    public AsyncSocketPair pair() {
        InetAddress host = InetAddress.getLoopbackAddress();
        try {
            MemoryChannel[] ends = channels.pair(
                    loop, channels.ports().free(host), channels.ports().free(host));
            for (MemoryChannel each : ends) {
                Options.set(each, settings().options());
            }
            return new AsyncSocketPair(
                    new DefaultSocket(this, new ReadinessTransport(loop, ends[0]), null),
                    new DefaultSocket(this, new ReadinessTransport(loop, ends[1]), null));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public MemoryNetwork advance(Duration time) {
        if (!(clock() instanceof VirtualClock virtual)) {
            throw new IllegalStateException("this network has the time of the machine");
        }
        virtual.advance(Clock.nanos(Settings.notNegative(time)));
        return this;
    }
}
