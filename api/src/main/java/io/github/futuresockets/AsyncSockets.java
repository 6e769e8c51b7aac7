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
 * A factory of sockets. Owns the I/O threads and the default settings of its sockets, as
 * {@code java.net.http.HttpClient} does for HTTP.
 *
 * <p>A program needs at most one factory, because {@link #shared()} is always available. All methods may be called from
 * any thread.
 */
public interface AsyncSockets extends AutoCloseable {

    /**
     * Returns the shared factory of the JVM, with default settings. The factory starts on first use and runs on daemon
     * threads. Its {@code close()} has no effect. If the start fails, the next call tries again.
     *
     * @return the same factory for each call
     * @throws IllegalStateException if no provider is on the class path or module path
     */
    static AsyncSockets shared() {
        return SharedSockets.get();
    }

    /**
     * Returns a builder with default settings.
     *
     * @return a new builder
     */
    static Builder builder() {
        return new SocketsBuilder();
    }

    /**
     * Connects to a host by its name or address. Tries every address of the name.
     *
     * <p><b>Concurrency.</b> Any number of connects may be pending. Names are resolved off the I/O threads.
     *
     * <p><b>Cancellation.</b> Ends the attempts. If a connection exists by then, the connection is closed and never
     * leaked.
     *
     * <p><b>Timeouts.</b> {@link Builder#connectTimeout} limits the whole connect, with the resolution and every
     * address.
     *
     * @param host a name or an address
     * @param port a port, 1 to 65,535
     * @return the socket. Fails with {@link java.net.UnknownHostException}, {@link java.net.SocketTimeoutException} or
     *     {@link java.net.ConnectException}, each with the peer in its message. Fails with
     *     {@link java.nio.channels.ClosedChannelException} if this factory is closed
     * @throws IllegalArgumentException if the port is out of range or the host is empty
     */
    CompletableFuture<AsyncSocket> connect(String host, int port);

    /**
     * Connects to an address. An unresolved address is resolved first, as by {@link #connect(String, int)}. The rules
     * of that method apply here too.
     *
     * @param remote the address
     * @return the socket
     * @throws IllegalArgumentException if the provider does not support this kind of address
     */
    CompletableFuture<AsyncSocket> connect(SocketAddress remote);

    /**
     * Listens on a local address, with a backlog of 1,024. Resolves a name on the calling thread.
     *
     * @param host a local name or address, or the empty string for every local address
     * @param port a port, or 0 for any free port
     * @return the listener
     * @throws IOException if the listen fails, with the address in the message
     * @throws IllegalArgumentException if the port is out of range
     */
    AsyncServerSocket listen(String host, int port) throws IOException;

    /**
     * Listens on a local address, with a backlog of 1,024.
     *
     * <p>A listen on a Unix-domain address creates a file. The close of the listener deletes this file, unless another
     * file has replaced the file. If the file exists before, for instance after a process was killed, the listen fails
     * and the file is not deleted.
     *
     * @param local the address
     * @return the listener
     * @throws IOException if the listen fails, with the address in the message
     * @throws IllegalArgumentException if the provider does not support this kind of address
     */
    AsyncServerSocket listen(SocketAddress local) throws IOException;

    /**
     * Connects with separate options. All other rules are the rules of {@link #connect(SocketAddress)}.
     *
     * @param remote the address
     * @param options sets the options
     * @return the socket
     * @throws IllegalArgumentException if the provider does not support this kind of address, or an option is out of
     *     range
     */
    CompletableFuture<AsyncSocket> connect(SocketAddress remote, Consumer<? super ConnectOptions> options);

    /**
     * Listens with separate options. All other rules are the rules of {@link #listen(SocketAddress)}.
     *
     * @param local the address
     * @param options sets the options
     * @return the listener
     * @throws IOException if the listen fails, with the address in the message
     * @throws IllegalArgumentException if the provider does not support this kind of address, or an option is out of
     *     range
     */
    AsyncServerSocket listen(SocketAddress local, Consumer<? super ListenOptions> options) throws IOException;

    /**
     * Connects to a host with TLS and the options of {@link TlsOptions#client()}.
     *
     * @param host a name or an address; the certificate of the server must be valid for this host
     * @param port a port, 1 to 65,535
     * @return the socket, as by {@link #connectTls(String, int, TlsOptions)}
     * @throws IllegalArgumentException if the port is out of range or the host is empty
     */
    default CompletableFuture<AsyncSocket> connectTls(String host, int port) {
        return connectTls(host, port, TlsOptions.client());
    }

    /**
     * Connects to a host with TLS. Works like {@link #connect(String, int)}, followed by a handshake. The rules of that
     * method apply here too. {@link ConnectOptions#tls} connects to other kinds of addresses. {@link TlsOptions} states
     * the further rules of encrypted sockets.
     *
     * <p><b>Cancellation.</b> Also ends the handshake. The connection is then aborted.
     *
     * <p><b>Timeouts.</b> {@link TlsOptions#handshakeTimeout} limits the handshake.
     *
     * @param host a name or an address
     * @param port a port, 1 to 65,535
     * @param options mostly {@link TlsOptions#client()}
     * @return the socket. Fails as {@link #connect(String, int)} does, with {@link javax.net.ssl.SSLHandshakeException}
     *     if the handshake fails, and with {@link java.net.SocketTimeoutException} if the handshake takes too long.
     *     Each failure names the peer and leaves no connection open
     * @throws IllegalArgumentException if the port is out of range or the host is empty
     */
    CompletableFuture<AsyncSocket> connectTls(String host, int port, TlsOptions options);

    /**
     * Returns counters of the connections of this factory.
     *
     * @return a snapshot; also available after a close
     */
    ConnectionStats stats();

    /**
     * Ends all listeners and connections in good order. A shutdown of {@link #shared()} has no effect. The steps are,
     * in this order:
     *
     * <ul>
     *   <li>New connects and listens are refused.
     *   <li>Each listener is {@linkplain AsyncServerSocket#shutdown shut down}.
     *   <li>The shutdown waits for all connections, including the connections made by {@code connect}, at most for
     *       {@code grace}.
     *   <li>The shutdown aborts the connections that are still open.
     *   <li>The I/O threads end.
     * </ul>
     *
     * @param grace the longest wait, or {@link Duration#ZERO} for no wait
     * @return done when every connection that was open has ended. A cancel ends only the wait for this report
     * @throws IllegalArgumentException if {@code grace} is negative
     */
    CompletableFuture<ShutdownReport> shutdown(Duration grace);

    /**
     * Closes every listener, aborts every socket and every connect, and ends the I/O threads. Blocks until all these
     * steps are done. Idempotent.
     *
     * <p>On an I/O thread of this factory, and in a completion on the {@linkplain Builder#executor executor}, the call
     * does not block, because the wait would never end.
     */
    @Override
    void close();

    /**
     * The settings of {@link AsyncSockets}, with defaults. Each method sets one value and returns the builder. Not
     * thread-safe.
     */
    interface Builder {

        /**
         * Selects the provider.
         *
         * @param name {@code "loop"} for the event loops of this library, {@code "nio2"} for the JDK's own channels; by
         *     default the best provider available here
         * @return this builder
         */
        Builder provider(String name);

        /**
         * Sets the number of I/O threads.
         *
         * @param count at least 1; by default the number of available processors
         * @return this builder
         */
        Builder threads(int count);

        /**
         * Sets the factory of the I/O threads. Each thread must run the given task and nothing else.
         *
         * @param factory the factory; by default a factory of non-daemon threads
         * @return this builder
         */
        Builder threadFactory(ThreadFactory factory);

        /**
         * Sets the executor that completes futures, and so runs dependents and handlers.
         *
         * <ul>
         *   <li>If the executor rejects a completion, the thread that finishes the operation completes the future. The
         *       first rejection is logged.
         *   <li>Shut the executor down after {@link AsyncSockets#close}. Completions dropped by the shutdown of an
         *       executor run on an I/O thread.
         *   <li>If an executor drops tasks without a shutdown, the futures of these tasks stay pending.
         * </ul>
         *
         * @param completions the executor; by default the thread that finishes the operation completes the future
         * @return this builder
         */
        Builder executor(Executor completions);

        /**
         * Limits a whole connect, with the resolution and every address.
         *
         * @param timeout by default 30 s; {@link Duration#ZERO}: off
         * @return this builder
         */
        Builder connectTimeout(Duration timeout);

        /**
         * Sets the default of {@link AsyncSocket#readTimeout}.
         *
         * @param timeout by default {@link Duration#ZERO}, which means off
         * @return this builder
         */
        Builder readTimeout(Duration timeout);

        /**
         * Sets the default of {@link AsyncSocket#writeTimeout}.
         *
         * @param timeout by default {@link Duration#ZERO}, which means off
         * @return this builder
         */
        Builder writeTimeout(Duration timeout);

        /**
         * Sets the default of {@link AsyncSocket#idleTimeout}.
         *
         * @param timeout by default {@link Duration#ZERO}, which means off
         * @return this builder
         */
        Builder idleTimeout(Duration timeout);

        /**
         * Limits an orderly close. The time-out expires if this side sends no byte for {@code timeout}. The time begins
         * with the close and restarts with each sent byte. Bytes of the peer do not count. The whole close takes at
         * most twelve times {@code timeout}.
         *
         * <p>If the time-out expires, the socket is released and {@link AsyncSocket#closed} reports
         * {@link CloseReason.Kind#TIMED_OUT}. If bytes still wait in the socket, the release is an abort. If the kernel
         * has taken every byte and the end of the stream, the kernel goes on sending, at the speed of the peer.
         *
         * @param timeout by default 5 s, so one minute for the whole close; {@link Duration#ZERO}: off
         * @return this builder
         */
        Builder closeTimeout(Duration timeout);

        /**
         * Limits the number of bytes in the write queue of one socket. The number of writes in the queue is limited
         * too, to 1,024 or to one write per 16 bytes of this limit, whichever is larger.
         *
         * @param bytes at least 1; by default 16 MiB
         * @return this builder
         */
        Builder writeQueueLimit(long bytes);

        /**
         * Sets the handler for failures of served connections and of their handshakes. The handler runs on the thread
         * on which the failure occurred, and must not block.
         *
         * <p>By default, failures are logged:
         *
         * <ul>
         *   <li>An {@link IOException} of an operation of the connection itself is logged at DEBUG.
         *   <li>Any other failure is logged at ERROR with its stack, including an {@link IOException} of a file or of
         *       another connection.
         * </ul>
         *
         * @param handler receives the socket, already aborted, and the failure
         * @return this builder
         */
        Builder onError(BiConsumer<? super AsyncSocket, ? super Throwable> handler);

        /**
         * Sets the resolver of host names for connects.
         *
         * @param resolver by default the resolver of the JDK
         * @return this builder
         */
        Builder resolver(Resolver resolver);

        /**
         * Sets an option on every socket that has the option, including listeners. By default, {@code TCP_NODELAY} is
         * on.
         *
         * @param <T> the type of the value
         * @param name the option
         * @param value the value
         * @return this builder
         */
        <T> Builder option(SocketOption<T> name, T value);

        /**
         * Starts the sockets. Later changes of this builder have no effect on the result.
         *
         * @return a new factory, which the caller must close
         * @throws IllegalArgumentException if the value of an {@link #option} is out of range
         * @throws IllegalStateException if no provider is found, or no provider of the selected name can run here
         */
        AsyncSockets build();
    }
}
