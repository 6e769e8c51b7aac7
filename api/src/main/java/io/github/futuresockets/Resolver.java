package io.github.futuresockets;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Finds the addresses of a host. */
@FunctionalInterface
public interface Resolver {

    /**
     * Resolves a name. Called on threads of its own, several at the same time; may block. A call that hangs holds up no other
     * one. An address that is written as such, {@code 127.0.0.1} or {@code ::1}, is no name: for it the resolver is not asked.
     *
     * @param host the name
     * @return its addresses, those first that are to be tried first; families are interleaved by who asks. Whatever they call
     *     themselves, the host stays the one that was asked for: TLS verifies that name.
     * @throws UnknownHostException if there are none
     */
    List<InetAddress> resolve(String host) throws UnknownHostException;
}
