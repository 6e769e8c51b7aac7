package io.github.futuresockets.impl.common;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The addresses of a host: literals, their names, and the order of connection attempts. */
public final class Addresses {
    private static final int MOST_DIGITS = 3;
    private static final int MOST_OCTET = 255;

    private Addresses() {}

    /**
     * Returns the address of a host that is written as a literal. A literal is an IPv4 address of four decimal numbers
     * (RFC 6943, 3.1.1, strict), or an IPv6 address, also in brackets and with a zone. The JDK converts a literal
     * without a look-up.
     *
     * @return the address, or null if the host is a name and needs a look-up
     * @throws UnknownHostException if the host is neither an IPv6 address nor a possible name
     */
    public static @Nullable InetAddress literal(String host) throws UnknownHostException {
        boolean six = host.indexOf(':') >= 0 && (host.charAt(0) == '[' || isOfSix(host.charAt(0)));
        return six || isOfFour(host) ? InetAddress.getByName(host) : null;
    }

    private static boolean isOfSix(char first) {
        return first == ':' || Character.digit(first, 16) >= 0;
    }

    private static boolean isOfFour(String host) {
        String[] parts = host.split("\\.", -1);
        boolean four = parts.length == 4;
        for (String part : parts) {
            four &= !part.isEmpty()
                    && part.length() <= MOST_DIGITS
                    && part.chars().allMatch(each -> each >= '0' && each <= '9')
                    && Integer.parseInt(part) <= MOST_OCTET;
        }
        return four;
    }

    /**
     * Returns the same address with the given host name. A certificate is verified by this name, even if the resolver
     * gave another name.
     */
    public static InetAddress named(String host, InetAddress address) throws UnknownHostException {
        byte[] bytes = address.getAddress();
        int zone = address instanceof Inet6Address six ? six.getScopeId() : 0;
        if (zone == 0) {
            return InetAddress.getByAddress(host, bytes);
        }
        NetworkInterface named = ((Inet6Address) address).getScopedInterface();
        return named == null
                ? Inet6Address.getByAddress(host, bytes, zone)
                : Inet6Address.getByAddress(host, bytes, named);
    }

    /**
     * Returns the addresses with alternating families, beginning with the family of the first address. Within a family,
     * the order of the resolver stays (RFC 8305, 4).
     */
    public static List<SocketAddress> interleaved(List<InetAddress> resolved, int port) {
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
