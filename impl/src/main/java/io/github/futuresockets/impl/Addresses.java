package io.github.futuresockets.impl;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The order in which the addresses of a host are tried. */
final class Addresses {
    private Addresses() {}

    /** The same address under the name that was asked for, by which a certificate is verified, whatever its resolver calls it. */
    static InetAddress named(String host, InetAddress address) throws UnknownHostException {
        byte[] bytes = address.getAddress();
        return address instanceof Inet6Address
                ? Inet6Address.getByAddress(host, bytes, ((Inet6Address) address).getScopeId())
                : InetAddress.getByAddress(host, bytes);
    }

    /** The families in turn, beginning with that of the first address; each in the order of the resolver (RFC 8305, 4). */
    static List<SocketAddress> interleaved(List<InetAddress> resolved, int port) {
        Deque<InetAddress> first = new ArrayDeque<>();
        Deque<InetAddress> second = new ArrayDeque<>();
        for (InetAddress each : resolved) {
            boolean same = each.getClass() == resolved.get(0).getClass();
            (same ? first : second).add(each);
        }
        List<SocketAddress> all = new ArrayList<>();
        while (!first.isEmpty() || !second.isEmpty()) {
            InetAddress next = first.poll();
            if (next != null) {
                all.add(new InetSocketAddress(next, port));
            }
            next = second.poll();
            if (next != null) {
                all.add(new InetSocketAddress(next, port));
            }
        }
        return all;
    }
}
