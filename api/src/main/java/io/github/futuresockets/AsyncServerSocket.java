package io.github.futuresockets;

import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

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
     * 1,024; from the first accept on, and as far as {@link ListenOptions#maxConnections} allows, some 64 of them are taken
     * ahead, though not by a listener with TLS. An accept that finds one there is done on return, mostly.
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
     * Converses with everyone who connects. When the stage of the handler is done the connection is closed, in good order;
     * when it fails, or the handler throws, it is aborted, and {@link AsyncSockets.Builder#onError} is told. No
     * conversation ends another one or the listener.
     *
     * <p><b>Concurrency.</b> Any number of conversations at the same time, unless {@link ListenOptions#maxConnections} says
     * otherwise. A second serve, or an accept meanwhile, fails with {@link java.nio.channels.AcceptPendingException}.
     *
     * <p><b>Cancellation.</b> Closes the listener; conversations go on.
     *
     * @param handler is called on the I/O thread of each connection, or by the executor of the {@link AsyncSockets}
     * @return done when the listener is closed; {@link java.nio.channels.ClosedChannelException} if it was
     */
    CompletableFuture<Void> serve(ConnectionHandler handler);

    /**
     * Converses with everyone who connects, in blocking style; otherwise as {@link #serve(ConnectionHandler)}.
     *
     * @param blocking holds one conversation
     * @param perConversation runs each of them: {@code Executors.newVirtualThreadPerTaskExecutor()} where there are virtual
     *     threads, or a pool as large as there may be conversations. A conversation that it rejects is aborted.
     * @return as for {@link #serve(ConnectionHandler)}
     */
    CompletableFuture<Void> serve(Conversation blocking, Executor perConversation);

    /**
     * Tells handlers that a shutdown has begun: finish, and begin nothing new.
     *
     * <p>A future that a handler asks for before it returns is cancelled when its connection has closed, so that a listener
     * keeps nothing of conversations that are over. Any other one stays until it is done or cancelled.
     *
     * @return a future of its own for each call, done when a shutdown of this listener or of its {@link AsyncSockets} begins, or
     *     when the listener is closed and the last of its connections has ended
     */
    CompletableFuture<Void> stopping();

    /**
     * Ends the listener and its connections in good order. First the listener is closed; then {@link #stopping} is told; then
     * the input of each accepted connection ends at its next message boundary, that is when a read finds nothing, so that
     * loops end in their normal way and a message that has begun to arrive is still answered; then it waits; at last it
     * aborts what is still open.
     *
     * <p><b>Cancellation.</b> Ends the waiting for this report, nothing else.
     *
     * @param grace how long to wait; {@link Duration#ZERO}: not at all
     * @return done when every connection that was accepted here and open at the call has ended; all of these are counted
     * @throws IllegalArgumentException if {@code grace} is negative
     */
    CompletableFuture<ShutdownReport> shutdown(Duration grace);

    /**
     * Stops listening. A pending accept fails; sockets that were accepted go on. The port is free shortly after the call
     * returns; the file of a Unix-domain listener is gone by then. Idempotent.
     */
    @Override
    void close();
}
