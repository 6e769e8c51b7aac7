package io.github.futuresockets.impl.memory;

import io.github.futuresockets.FaultPlan;
import io.github.futuresockets.impl.common.Clock;
import io.github.futuresockets.impl.transport.ConnectSettings;
import io.github.futuresockets.impl.transport.IoLoop;
import io.github.futuresockets.impl.transport.ListenSettings;
import io.github.futuresockets.impl.transport.Network;
import io.github.futuresockets.impl.transport.Options;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.NetworkChannel;
import java.util.Map;

/** A network in memory: connects and listens without a kernel. Thread-safe. */
public final class MemoryFabric implements Network {
    private final MemoryPorts ports;
    private final MemoryLoop loop;
    private final Clock clock;
    private final Map<SocketOption<?>, Object> options;

    /** The faults of later connections, towards the connecting end. */
    private volatile FaultPlan toClient = FaultPlan.NONE;

    /** The faults of later connections, towards the accepting end. */
    private volatile FaultPlan toServer = FaultPlan.NONE;

    public MemoryFabric(MemoryPorts ports, MemoryLoop loop, Clock clock, Map<SocketOption<?>, Object> options) {
        this.ports = ports;
        this.loop = loop;
        this.clock = clock;
        this.options = options;
    }

    /** Returns the listeners and names of this network. */
    public MemoryPorts ports() {
        return ports;
    }

    /**
     * Sets the faults of later connections.
     *
     * @param client the faults towards the connecting end
     * @param server the faults towards the accepting end
     */
    public void faults(FaultPlan client, FaultPlan server) {
        toClient = client;
        toServer = server;
    }

    @Override
    public boolean supports(SocketAddress address) {
        return address instanceof InetSocketAddress;
    }

    /**
     * Makes a connection.
     *
     * @param far the loop of the accepting end
     * @param local the address of the connecting end
     * @param remote the address of the accepting end
     * @return the connecting end on the loop of this network, and the accepting end
     */
    public MemoryChannel[] pair(IoLoop far, InetSocketAddress local, InetSocketAddress remote) {
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
        InetSocketAddress asked =
                settings.local() instanceof InetSocketAddress chosen ? chosen : new InetSocketAddress(loopback, 0);
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
