package io.github.futuresockets;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** A resolver of host names to addresses. */
@FunctionalInterface
public interface Resolver {

    /**
     * Returns the addresses of a host name.
     *
     * <p><b>Threads.</b> Called on threads for name resolution, concurrently for several names. May block. A call that
     * hangs delays no other call.
     *
     * <p>The resolver is not called for a literal address, such as {@code 127.0.0.1} or {@code ::1}.
     *
     * @param host the name
     * @return the addresses, in the order of preference. The connect interleaves the address families. The host names
     *     within the returned addresses are ignored, so TLS verifies {@code host} in any case.
     * @throws UnknownHostException if the name has no address
     */
    List<InetAddress> resolve(String host) throws UnknownHostException;
}
