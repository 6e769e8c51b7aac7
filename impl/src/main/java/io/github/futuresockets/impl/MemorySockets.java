package io.github.futuresockets.impl;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocketPair;
import io.github.futuresockets.FaultPlan;
import io.github.futuresockets.MemoryNetwork;
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

/** An engine without a kernel under it. */
final class MemorySockets extends Engine implements MemoryNetwork {
    private final MemoryLoop loop;
    private final MemoryChannels channels;

    private MemorySockets(Settings settings, MemoryLoop loop, MemoryChannels channels, Supplies supplies) {
        super(settings, channels, List.of(loop), supplies);
        this.loop = loop;
        this.channels = channels;
    }

    static MemorySockets open(Settings settings, MemoryPorts ports, Supplies supplies) {
        MemoryLoop loop = new MemoryLoop(supplies.memory());
        MemoryChannels channels = new MemoryChannels(ports, loop, supplies.clock(), settings.options());
        return new MemorySockets(settings, loop, channels, supplies);
    }

    @Override
    List<InetAddress> resolve(String host) throws UnknownHostException {
        return settings().resolver() != null
                ? super.resolve(host)
                : List.of(channels.ports().resolve(host));
    }

    /** In a time that stands still nothing may take any. */
    @Override
    @Nullable BlockingThreads lookUps() {
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
        MemoryChannel[] ends = channels.pair(
                loop, channels.ports().free(host), channels.ports().free(host));
        try {
            for (MemoryChannel each : ends) {
                Options.set(each, settings().options());
            }
            return new AsyncSocketPair(
                    new FutureSocket(this, new ReadinessTransport(loop, ends[0]), null),
                    new FutureSocket(this, new ReadinessTransport(loop, ends[1]), null));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public MemoryNetwork advance(Duration time) {
        if (!(clock() instanceof VirtualClock)) {
            throw new IllegalStateException("this network has the time of the machine");
        }
        ((VirtualClock) clock()).advance(nanos(Settings.notNegative(time)));
        return this;
    }
}
