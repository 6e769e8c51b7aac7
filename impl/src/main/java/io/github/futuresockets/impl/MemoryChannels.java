package io.github.futuresockets.impl;

import io.github.futuresockets.FaultPlan;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.NetworkChannel;
import java.util.Map;

/** Connects and listens in memory. */
final class MemoryChannels implements Channels {
    private final MemoryPorts ports;
    private final MemoryLoop loop;
    private final Clock clock;
    private final Map<SocketOption<?>, Object> options;

    /** For connections to come. */
    private volatile FaultPlan toClient = FaultPlan.NONE;

    private volatile FaultPlan toServer = FaultPlan.NONE;

    MemoryChannels(MemoryPorts ports, MemoryLoop loop, Clock clock, Map<SocketOption<?>, Object> options) {
        this.ports = ports;
        this.loop = loop;
        this.clock = clock;
        this.options = options;
    }

    MemoryPorts ports() {
        return ports;
    }

    void faults(FaultPlan client, FaultPlan server) {
        toClient = client;
        toServer = server;
    }

    @Override
    public boolean supports(SocketAddress address) {
        return address instanceof InetSocketAddress;
    }

    /** Both ends: who connects, on our loop, and who accepts, on that one. */
    MemoryChannel[] pair(Loop far, InetSocketAddress local, InetSocketAddress remote) {
        MemoryPipe in = new MemoryPipe(toClient, clock);
        MemoryPipe out = new MemoryPipe(toServer, clock);
        in.twin(out);
        out.twin(in);
        return new MemoryChannel[] {
            new MemoryChannel(loop, in, out, local, remote), new MemoryChannel(far, out, in, remote, local)
        };
    }

    @Override
    public NetworkChannel probe(SocketAddress address) {
        InetSocketAddress nowhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        return pair(loop, nowhere, nowhere)[0];
    }

    @Override
    public Attempt connect(SocketAddress remote, ConnectSettings settings, ConnectCallback callback)
            throws IOException {
        InetSocketAddress address = (InetSocketAddress) remote;
        InetAddress loopback = InetAddress.getLoopbackAddress();
        InetSocketAddress asked = settings.local() instanceof InetSocketAddress
                ? (InetSocketAddress) settings.local()
                : new InetSocketAddress(loopback, 0);
        if (!asked.getAddress().isLoopbackAddress()) {
            throw new BindException("Cannot assign requested address");
        }
        InetSocketAddress local = asked.getPort() == 0 ? ports.free(asked.getAddress()) : asked;
        MemoryListener listener = ports.at(address);
        boolean silent = ports.isSilent(address);
        if (listener == null && !silent) {
            throw new ConnectException("Connection refused");
        }
        MemoryChannel[] ends = pair(listener == null ? loop : listener.loop(), local, address);
        Options.set(ends[0], options);
        Options.set(ends[0], settings.options());
        MemoryListener.Caller caller = new MemoryListener.Caller(ends[0], ends[1], loop, callback);
        if (listener != null && !silent) {
            listener.call(caller);
        }
        return () -> {
            if (listener != null) {
                listener.hangUp(caller);
            }
            caller.closed();
        };
    }

    @Override
    public Listener listen(SocketAddress local, ListenSettings settings, AcceptCallback callback) throws IOException {
        InetSocketAddress address = (InetSocketAddress) local;
        return new MemoryListener(ports, loop, address, options, settings, callback);
    }
}
