package io.github.futuresockets;

import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** A listener. Accepts connections as sockets, and sends and receives no bytes of its own. */
public interface AsyncServerSocket extends AutoCloseable {

    /**
     * Returns the local address of the listener.
     *
     * @return the address, with the port that the kernel chose; also available after a close
     */
    SocketAddress localAddress();

    /**
     * Returns the local port of the listener.
     *
     * @return the port; -1 if the address has no port
     */
    int port();

    /**
     * Waits for the next connection. The socket has the options of its {@link AsyncSockets}. The peer may already have
     * sent bytes or closed the connection.
     *
     * <p><b>Concurrency.</b> At most one accept is pending. A second accept fails with
     * {@link java.nio.channels.AcceptPendingException}.
     *
     * <p><b>Backlog and prefetch.</b> Connections not yet accepted wait in the kernel's backlog of 1,024, unless
     * {@link ListenOptions#backlog} sets another size. After the first accept, a listener without TLS prefetches about
     * 64 connections, within {@link ListenOptions#maxConnections}. If a prefetched connection is available, an accept
     * mostly completes on return.
     *
     * <p><b>Cancellation.</b> Lossless. If a connection arrives during the cancel, the next accept receives this
     * connection. If a connection was accepted for a future that is already complete, the connection is closed and
     * never leaked.
     *
     * <p><b>Timeouts.</b> None except {@code orTimeout}.
     *
     * @return the socket. Fails with {@link java.nio.channels.AsynchronousCloseException} if the listener is closed
     *     during the wait, and with {@link java.nio.channels.ClosedChannelException} if the listener is closed already.
     *     A lack of descriptors or memory is no failure: the listener waits 5 ms, doubling to 1 s, and tries again
     */
    CompletableFuture<AsyncSocket> accept();

    /**
     * Serves every connection with a handler. If the handler's stage succeeds, the connection is closed in good order.
     * If the stage fails or the handler throws, the connection is aborted and {@link AsyncSockets.Builder#onError}
     * receives the failure. No handler ends another connection or the listener.
     *
     * <p><b>Concurrency.</b> The number of connections at a time is unlimited, unless
     * {@link ListenOptions#maxConnections} sets a limit. Until the future is done, a second serve and every accept fail
     * with {@link java.nio.channels.AcceptPendingException}.
     *
     * <p><b>Cancellation.</b> Closes the listener. Connections continue.
     *
     * @param handler the handler, called on the I/O thread of each connection, or by the executor of the
     *     {@link AsyncSockets}
     * @return done when the listener is closed. Fails with {@link java.nio.channels.ClosedChannelException} if the
     *     listener is closed already
     */
    CompletableFuture<Void> serve(ConnectionHandler handler);

    /**
     * Serves every connection in blocking style. All other rules are the rules of {@link #serve(ConnectionHandler)}.
     *
     * @param blocking handles one connection and may block
     * @param perConversation the executor of the blocking calls: {@code Executors.newVirtualThreadPerTaskExecutor()} if
     *     the JDK has virtual threads, or a pool with a thread for each concurrent connection. If the executor rejects
     *     a connection, the connection is aborted
     * @return as for {@link #serve(ConnectionHandler)}
     */
    CompletableFuture<Void> serve(Conversation blocking, Executor perConversation);

    /**
     * Returns a future that completes when a shutdown begins. A handler should then finish its work and begin no new
     * work.
     *
     * <p>If a handler asks for such a future before the handler returns, the future is cancelled when the handler's
     * connection has closed. So the listener keeps no future of an ended connection. Any other future of this method
     * stays until done or cancelled.
     *
     * @return a separate future for each call. Done when a shutdown of this listener or of its {@link AsyncSockets}
     *     begins, or when the listener is closed and the last of its connections has ended
     */
    CompletableFuture<Void> stopping();

    /**
     * Ends the listener and its connections in good order. The steps are, in this order:
     *
     * <ul>
     *   <li>The listener is closed.
     *   <li>The futures of {@link #stopping} complete.
     *   <li>The input of each accepted connection ends at its next message boundary, when a read finds no bytes. So
     *       loops end in their normal way, and a message that has begun to arrive is still answered.
     *   <li>The shutdown waits for the connections, at most for {@code grace}.
     *   <li>The shutdown aborts the connections that are still open.
     * </ul>
     *
     * <p><b>Cancellation.</b> Ends only the wait for this report.
     *
     * @param grace the longest wait; {@link Duration#ZERO}: no wait
     * @return done when all connections that this listener accepted and that were open at the call have ended. The
     *     report counts all of these connections
     * @throws IllegalArgumentException if {@code grace} is negative
     */
    CompletableFuture<ShutdownReport> shutdown(Duration grace);

    /**
     * Stops listening. A pending accept fails, and accepted sockets continue. The port is free shortly after the call
     * returns. The file of a Unix-domain listener is deleted before the call returns. Idempotent.
     */
    @Override
    void close();
}
