package io.github.futuresockets;

import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;

/** A switchboard operator: it takes calls and produces sockets, and never sends or receives a byte itself. */
public interface AsyncServerSocket extends AutoCloseable {

    /**
     * The address that it listens on.
     *
     * @return the address, with the port that was chosen; still known after close
     */
    SocketAddress localAddress();

    /**
     * The port that it listens on.
     *
     * @return the port; -1 if the address has none
     */
    int port();

    /**
     * Waits for the next connection. It has the options of its {@link AsyncSockets}; its peer may have sent, and even
     * closed, already.
     *
     * <p><b>Concurrency.</b> At most one accept is pending; a second one fails with
     * {@link java.nio.channels.AcceptPendingException}. Connections that nobody accepts wait in the kernel's backlog of
     * 1,024, but for one on each I/O thread.
     *
     * <p><b>Cancellation.</b> Lossless: a connection that arrives in that moment is given to the next accept. One that
     * was accepted for a future nobody can complete any more is closed, never leaked.
     *
     * <p><b>Timeouts.</b> None but {@code orTimeout}.
     *
     * @return the socket; {@link java.nio.channels.AsynchronousCloseException} if the listener is closed meanwhile,
     *     {@link java.nio.channels.ClosedChannelException} if it was. Want of descriptors or memory fails nothing: the
     *     listener waits 5 ms, doubling to 1 s, and tries again.
     */
    CompletableFuture<AsyncSocket> accept();

    /**
     * Stops listening. A pending accept fails; sockets that were accepted go on. The port is free shortly after the call
     * returns. Idempotent.
     */
    @Override
    void close();
}
