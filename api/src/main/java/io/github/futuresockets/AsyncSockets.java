package io.github.futuresockets;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Opens sockets, and owns their I/O threads and their defaults, as {@code java.net.http.HttpClient} does for HTTP.
 *
 * <p>A program needs one of these, or none of its own: {@link #shared()} is always there. All methods may be called from
 * any thread.
 */
public interface AsyncSockets extends AutoCloseable {

    /**
     * The one for the whole JVM, with all defaults: started on first use, on daemon threads. Its {@code close()} does
     * nothing. If the start fails, the next call tries again.
     *
     * @return always the same
     * @throws IllegalStateException if no provider is on the class path or module path
     */
    static AsyncSockets shared() {
        return SharedSockets.get();
    }

    /**
     * A builder with all defaults.
     *
     * @return a new builder
     */
    static Builder builder() {
        return new SocketsBuilder();
    }

    /**
     * Connects to a host by its name or address, trying every address that the name has.
     *
     * <p><b>Concurrency.</b> Any number of connects may be pending. Names are resolved off the I/O threads.
     *
     * <p><b>Cancellation.</b> Ends the attempt; a connection that was made by then is closed, never leaked.
     *
     * <p><b>Timeouts.</b> {@link Builder#connectTimeout} bounds the whole: resolution and every address.
     *
     * @param host a name or an address
     * @param port a port, 1 to 65,535
     * @return the socket; {@link java.net.UnknownHostException}, {@link java.net.SocketTimeoutException} or
     *     {@link java.net.ConnectException}, each naming the peer;
     *     {@link java.nio.channels.ClosedChannelException} if this is closed
     * @throws IllegalArgumentException if the port is out of range or the host is empty
     */
    CompletableFuture<AsyncSocket> connect(String host, int port);

    /**
     * Connects to an address; one that is unresolved is resolved as by {@link #connect(String, int)}, whose paragraphs
     * hold here too.
     *
     * @param remote the address
     * @return the socket
     * @throws IllegalArgumentException if the provider does not know this kind of address
     */
    CompletableFuture<AsyncSocket> connect(SocketAddress remote);

    /**
     * Listens on a local address. The backlog is 1,024. A name is resolved on the calling thread.
     *
     * @param host a local name or address; the empty string: every local address
     * @param port a port; 0: any free one
     * @return the listener
     * @throws IOException if it cannot listen there; the message names the address
     * @throws IllegalArgumentException if the port is out of range
     */
    AsyncServerSocket listen(String host, int port) throws IOException;

    /**
     * Listens on a local address. The backlog is 1,024. On a Unix-domain address that makes a file, which the close of the listener
     * deletes, unless another file has taken its place. A file that is there already, left behind by a process that was killed for
     * instance, is never deleted: listening fails.
     *
     * @param local the address
     * @return the listener
     * @throws IOException if it cannot listen there; the message names the address
     * @throws IllegalArgumentException if the provider does not know this kind of address
     */
    AsyncServerSocket listen(SocketAddress local) throws IOException;

    /**
     * Connects, with options of its own; otherwise as {@link #connect(SocketAddress)}.
     *
     * @param remote the address
     * @param options sets them
     * @return the socket
     * @throws IllegalArgumentException if the provider does not know this kind of address, or an option is out of range
     */
    CompletableFuture<AsyncSocket> connect(SocketAddress remote, Consumer<? super ConnectOptions> options);

    /**
     * Listens, with options of its own; otherwise as {@link #listen(SocketAddress)}.
     *
     * @param local the address
     * @param options sets them
     * @return the listener
     * @throws IOException if it cannot listen there; the message names the address
     * @throws IllegalArgumentException if the provider does not know this kind of address, or an option is out of range
     */
    AsyncServerSocket listen(SocketAddress local, Consumer<? super ListenOptions> options) throws IOException;

    /**
     * Connects to a host, encrypted, as {@link TlsOptions#client()} says.
     *
     * @param host a name or an address; the certificate of the server must be for it
     * @param port a port, 1 to 65,535
     * @return the socket, as by {@link #connectTls(String, int, TlsOptions)}
     * @throws IllegalArgumentException if the port is out of range or the host is empty
     */
    default CompletableFuture<AsyncSocket> connectTls(String host, int port) {
        return connectTls(host, port, TlsOptions.client());
    }

    /**
     * Connects to a host, encrypted: {@link #connect(String, int)}, whose paragraphs hold here too, with a handshake behind it. To
     * connect to other addresses see {@link ConnectOptions#tls}. What is special to encrypted sockets is told at {@link TlsOptions}.
     *
     * <p><b>Cancellation.</b> Of the handshake, too: the connection is then aborted.
     *
     * <p><b>Timeouts.</b> {@link TlsOptions#handshakeTimeout} bounds the handshake.
     *
     * @param host a name or an address
     * @param port a port, 1 to 65,535
     * @param options mostly {@link TlsOptions#client()}
     * @return the socket; what {@code connect} fails with; {@link javax.net.ssl.SSLHandshakeException} if the two ends do not come
     *     to terms, {@link java.net.SocketTimeoutException} if not in time; each names the peer, and nothing is left open
     * @throws IllegalArgumentException if the port is out of range or the host is empty
     */
    CompletableFuture<AsyncSocket> connectTls(String host, int port, TlsOptions options);

    /**
     * What has become of the connections so far.
     *
     * @return a snapshot; still known after close
     */
    ConnectionStats stats();

    /**
     * Ends everything in good order: nothing new is connected or listened on, each listener is
     * {@linkplain AsyncServerSocket#shutdown shut down}, connections that were opened by {@code connect} are waited for too,
     * and then what is still open is aborted. Then the I/O threads end. Of {@link #shared()} it ends nothing.
     *
     * @param grace how long to wait; {@link Duration#ZERO}: not at all
     * @return done when every connection that was open has ended; cancelling it ends the waiting for the report only
     * @throws IllegalArgumentException if {@code grace} is negative
     */
    CompletableFuture<ShutdownReport> shutdown(Duration grace);

    /**
     * Closes every listener, aborts every socket and every connect, and ends the I/O threads. Waits until all that is
     * done, unless it is called on one of those threads, or in a completion that the {@linkplain Builder#executor executor}
     * runs, which would wait for itself. Idempotent.
     */
    @Override
    void close();

    /** Settings with defaults. Each method sets one and returns the builder. Not for use by several threads at once. */
    interface Builder {

        /**
         * Which provider to use.
         *
         * @param name {@code "loop"} for event loops of this library, {@code "nio2"} for the JDK's own channels; by
         *     default the best that runs here
         * @return this builder
         */
        Builder provider(String name);

        /**
         * How many I/O threads.
         *
         * @param count at least 1; by default the number of available processors
         * @return this builder
         */
        Builder threads(int count);

        /**
         * What makes the I/O threads. They must run what they are given, and nothing else.
         *
         * @param factory the factory; by default it makes threads that are not daemons
         * @return this builder
         */
        Builder threadFactory(ThreadFactory factory);

        /**
         * Where futures are completed, and so where dependents and handlers run.
         *
         * @param completions the executor; by default the thread that finishes the operation does it itself. When the
         *     executor rejects a completion, that thread does it after all, which is logged once. Shut the executor down
         *     behind {@link AsyncSockets#close}: completions that it has dropped run on an I/O thread. An executor that drops
         *     tasks while it is not shut down leaves their futures pending.
         * @return this builder
         */
        Builder executor(Executor completions);

        /**
         * Bounds a whole connect: resolution and every address.
         *
         * @param timeout by default 30 s; {@link Duration#ZERO}: off
         * @return this builder
         */
        Builder connectTimeout(Duration timeout);

        /**
         * The default of {@link AsyncSocket#readTimeout}.
         *
         * @param timeout {@link Duration#ZERO}, the default: off
         * @return this builder
         */
        Builder readTimeout(Duration timeout);

        /**
         * The default of {@link AsyncSocket#writeTimeout}.
         *
         * @param timeout {@link Duration#ZERO}, the default: off
         * @return this builder
         */
        Builder writeTimeout(Duration timeout);

        /**
         * The default of {@link AsyncSocket#idleTimeout}.
         *
         * @param timeout {@link Duration#ZERO}, the default: off
         * @return this builder
         */
        Builder idleTimeout(Duration timeout);

        /**
         * How long an orderly close may stand still: without a byte of ours that leaves, counted from the close or from the last
         * byte, whatever the peer still sends. In all it may take twelve times as long. Then the socket is released:
         * {@link AsyncSocket#closed} tells {@link CloseReason.Kind#TIMED_OUT}. If bytes still wait in the socket, that is an abort. If
         * the kernel has taken every byte, and the end of the stream behind them, the kernel goes on to send what it has, however
         * slowly the peer reads.
         *
         * @param timeout by default 5 s, and so one minute in all; {@link Duration#ZERO}: off
         * @return this builder
         */
        Builder closeTimeout(Duration timeout);

        /**
         * How many bytes may wait to be written on one socket. They may wait in so many writes that each has 16 bytes on
         * average, or in 1,024.
         *
         * @param bytes at least 1; by default 16 MiB
         * @return this builder
         */
        Builder writeQueueLimit(long bytes);

        /**
         * Who is told what a served conversation has failed with, or its handshake. It runs where the handler's stage has failed,
         * and must not block.
         *
         * @param handler gets the socket, which has been aborted, and the failure. By default the end of the connection itself, an
         *     {@link IOException} of one of its operations, is logged at DEBUG. All else is logged at ERROR with its stack, an
         *     {@link IOException} of a file or of another connection, too
         * @return this builder
         */
        Builder onError(BiConsumer<? super AsyncSocket, ? super Throwable> handler);

        /**
         * Who resolves the names that are connected to.
         *
         * @param resolver by default that of the JDK
         * @return this builder
         */
        Builder resolver(Resolver resolver);

        /**
         * Sets an option on every socket that has it, listeners included. {@code TCP_NODELAY} is on unless set.
         *
         * @param <T> the type of the value
         * @param name the option
         * @param value its value
         * @return this builder
         */
        <T> Builder option(SocketOption<T> name, T value);

        /**
         * Starts it. Further changes of this builder do not reach it.
         *
         * @return a new one, to be closed by the caller
         * @throws IllegalArgumentException if the value of an {@link #option} is out of range
         * @throws IllegalStateException if no provider is found, or none of that name that can run here
         */
        AsyncSockets build();
    }
}
