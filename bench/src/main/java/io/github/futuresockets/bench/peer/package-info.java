/**
 * The echo servers of the comparison, and their protocols.
 *
 * <p>{@link Peer} is a server, and {@link Peers} creates a server by name. {@link Protocol} defines the messages.
 * {@link FacadePeer} and its subclasses use Future Sockets, and the other peers use the JDK or another library.
 * {@link SocketStreams} has plain and TLS streams for {@link SelectorLoop} and for the load generator.
 *
 * <p><b>Dependencies.</b> The package {@code bench.common}, the API with its codecs, and the loop provider.
 *
 * <p><b>Threads.</b> The caller's thread starts and closes a peer. Conversations run on the I/O threads of the peer.
 * There are no locks.
 */
@NullMarked
package io.github.futuresockets.bench.peer;

import org.jspecify.annotations.NullMarked;
