package io.github.futuresockets.impl;

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

/** Who listens where in memory, and which names have which addresses. Thread-safe. */
final class MemoryPorts {
    private static final int FIRST = 49_152;
    private static final int LAST = 65_535;

    /** Of all that share the time of the machine. */
    static final MemoryPorts SHARED = new MemoryPorts();

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

    /** An address of that host that nobody listens on; those of late are avoided. */
    synchronized InetSocketAddress free(InetAddress host) {
        InetSocketAddress address;
        do {
            last = last == LAST ? FIRST : last + 1;
            address = new InetSocketAddress(host, last);
        } while (listeners.containsKey(address) || silent.contains(address));
        return address;
    }

    synchronized @Nullable MemoryListener at(InetSocketAddress address) {
        MemoryListener exact = listeners.get(address);
        return exact != null ? exact : listeners.get(new InetSocketAddress(address.getPort()));
    }

    synchronized void silence(SocketAddress address) {
        silent.add(address);
    }

    synchronized boolean isSilent(SocketAddress address) {
        return silent.contains(address);
    }

    /** Literal addresses are what they say; a name gets one that no other has. */
    synchronized InetAddress resolve(String host) throws UnknownHostException {
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
