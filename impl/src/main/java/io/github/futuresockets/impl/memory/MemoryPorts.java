package io.github.futuresockets.impl.memory;

import io.github.futuresockets.impl.common.Addresses;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The listeners of a network in memory by address, and the addresses of its host names. Thread-safe. */
public final class MemoryPorts {
    private static final int FIRST = 49_152;
    private static final int LAST = 65_535;

    /** The ports of all networks in memory that use the time of the machine. */
    public static final MemoryPorts SHARED = new MemoryPorts();

    // Guarded by this.
    private final Map<InetSocketAddress, MemoryListener> listeners = new HashMap<>();
    private final Map<String, InetAddress> names = new HashMap<>();
    private final Set<SocketAddress> silent = new HashSet<>();
    private int last = FIRST - 1;

    synchronized InetSocketAddress bind(InetSocketAddress asked, MemoryListener listener) throws BindException {
        InetSocketAddress address = asked.getPort() == 0 ? free(asked.getAddress()) : asked;
        if (listeners.putIfAbsent(address, listener) != null) {
            throw new BindException("Address already in use");
        }
        return address;
    }

    synchronized void unbind(InetSocketAddress address) {
        listeners.remove(address);
    }

    /**
     * Returns an address of the host without a listener. Recently returned ports are avoided.
     *
     * @throws BindException if each port of the host has a listener or is silent
     */
    public synchronized InetSocketAddress free(InetAddress host) throws BindException {
        for (int tried = FIRST; tried <= LAST; tried++) {
            last = last == LAST ? FIRST : last + 1;
            InetSocketAddress address = new InetSocketAddress(host, last);
            if (!listeners.containsKey(address) && !silent.contains(address)) {
                return address;
            }
        }
        throw new BindException("no port of " + host + " is free");
    }

    /** Returns the listener of an address, if need be the listener of the wildcard address; null if there is none. */
    synchronized @Nullable MemoryListener at(InetSocketAddress address) {
        MemoryListener exact = listeners.get(address);
        return exact != null ? exact : listeners.get(new InetSocketAddress(address.getPort()));
    }

    /** Makes an address silent. From now on, a connect to the address gets no answer. */
    public synchronized void silence(SocketAddress address) {
        silent.add(address);
    }

    synchronized boolean isSilent(SocketAddress address) {
        return silent.contains(address);
    }

    /**
     * Returns the address of a host. A literal address stands for itself, and each name gets an address of its own.
     *
     * @throws UnknownHostException if {@code localhost} has no address
     */
    public synchronized InetAddress resolve(String host) throws UnknownHostException {
        InetAddress literal = Addresses.literal(host);
        if (literal != null) {
            return literal;
        }
        if (host.equals("localhost")) {
            return InetAddress.getByName(host);
        }
        InetAddress known = names.get(host);
        if (known == null) {
            int number = names.size() + 1;
            byte[] address = {127, (byte) (1 + (number >> 16)), (byte) (number >> 8), (byte) number};
            known = InetAddress.getByAddress(host, address);
            names.put(host, known);
        }
        return known;
    }
}
