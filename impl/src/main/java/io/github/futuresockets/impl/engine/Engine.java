package io.github.futuresockets.impl.engine;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.ConnectOptions;
import io.github.futuresockets.ConnectionStats;
import io.github.futuresockets.ListenOptions;
import io.github.futuresockets.Resolver;
import io.github.futuresockets.ShutdownReport;
import io.github.futuresockets.TlsOptions;
import io.github.futuresockets.future.OperationFuture;
import io.github.futuresockets.impl.channel.ChannelLoop;
import io.github.futuresockets.impl.channel.ChannelNetwork;
import io.github.futuresockets.impl.channel.LoopWatchdog;
import io.github.futuresockets.impl.common.Addresses;
import io.github.futuresockets.impl.common.BlockingThreads;
import io.github.futuresockets.impl.common.Clock;
import io.github.futuresockets.impl.common.Errors;
import io.github.futuresockets.impl.common.FileThreads;
import io.github.futuresockets.impl.common.Log;
import io.github.futuresockets.impl.common.Supplies;
import io.github.futuresockets.impl.common.Threads;
import io.github.futuresockets.impl.connection.CompletionContext;
import io.github.futuresockets.impl.connection.Connection;
import io.github.futuresockets.impl.connection.ConnectionHost;
import io.github.futuresockets.impl.connection.LeakDetector;
import io.github.futuresockets.impl.connection.Resource;
import io.github.futuresockets.impl.tls.TlsEngines;
import io.github.futuresockets.impl.tls.TlsExecutor;
import io.github.futuresockets.impl.transport.ConnectSettings;
import io.github.futuresockets.impl.transport.IoLoop;
import io.github.futuresockets.impl.transport.ListenSettings;
import io.github.futuresockets.impl.transport.Network;
import io.github.futuresockets.impl.transport.Options;
import io.github.futuresockets.impl.transport.Transport;
import io.github.futuresockets.spi.Settings;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The implementation of {@link AsyncSockets}. An engine owns the I/O threads, the clock, the resolver threads, and a
 * register of all open resources: connections, listeners and connects.
 */
public class Engine extends CompletionContext implements AsyncSockets, ConnectionHost {
    /*
     * End. `close` and `shutdown` set `closed`. A resource that registers later is aborted. When `closed` is set and
     * the register is empty, `endIfDone` ends the threads and the clock, and opens `ended`. `endIfDone` may run more
     * than once.
     *
     * An engine has no lock. All fields are final or volatile. The register has a lock of its own, see Resources.
     */
    private static final int LOOK_UPS = 16;

    private final Settings settings;
    private final Network channels;
    private final Options options;
    private final BlockingThreads lookUps;
    private final FileThreads files;
    private final TlsExecutor tasks;
    private final Resources owned = new Resources();
    private final Counters counters = new Counters();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean closed;

    /**
     * Makes an engine over running loops.
     *
     * @param channels makes the transports and the listeners
     * @param supplies the clock, and the source of memory and of helper threads
     */
    public Engine(Settings settings, Network channels, List<? extends IoLoop> loops, Supplies supplies) {
        super(loops, settings.executor(), supplies.clock());
        this.files = new FileThreads(supplies.threads());
        this.tasks = new TlsExecutor(supplies.threads());
        this.settings = settings;
        this.channels = channels;
        this.options = new Options(channels);
        this.lookUps = BlockingThreads.waiting(
                supplies.threads().named("futuresockets-resolver"), "futuresockets-resolver", LOOK_UPS);
    }

    /** Makes an engine over channels of the operating system. Ends the loops if the engine cannot be made. */
    public static Engine over(List<? extends ChannelLoop> loops, Settings settings, Supplies supplies) {
        try {
            LoopWatchdog.watch(loops, LeakDetector.JVM::sweep);
            return new Engine(settings, new ChannelNetwork(loops, settings.options()), loops, supplies);
        } catch (Throwable e) {
            loops.forEach(IoLoop::shutdown);
            throw e;
        }
    }

    /**
     * Returns this engine after a check of the socket options in its settings. Closes the engine if the check fails.
     *
     * @throws IllegalArgumentException if the value of an option is out of range. The message names the value
     */
    public final Engine checked() {
        try {
            tryOptions(new InetSocketAddress(0), settings.options());
            return this;
        } catch (Throwable refused) {
            close();
            throw refused;
        }
    }

    /**
     * Tries the options on a socket. If no socket can be opened, ignores the failure, because a connect will report it.
     */
    private void tryOptions(SocketAddress address, Map<SocketOption<?>, Object> chosen) {
        try {
            options.check(address, chosen);
        } catch (IOException | IllegalStateException notTried) {
            Log.log(Level.DEBUG, "options of " + address, notTried);
        }
    }

    @Override
    public Settings settings() {
        return settings;
    }

    /** Returns the engine of a connection. */
    static Engine of(Connection connection) {
        return (Engine) connection.engine();
    }

    /** Returns the maker of transports and listeners. */
    public Network channels() {
        return channels;
    }

    Counters counters() {
        return counters;
    }

    /**
     * Resolves a name with the resolver of the settings, or with the JDK. May block.
     *
     * @return the addresses, each with the name of the host
     * @throws UnknownHostException if the name does not resolve
     */
    public List<InetAddress> resolve(String host) throws UnknownHostException {
        Resolver chosen = settings.resolver();
        if (chosen == null) {
            return List.of(InetAddress.getAllByName(host));
        }
        List<InetAddress> named = new ArrayList<>();
        for (InetAddress each : chosen.resolve(host)) {
            named.add(Addresses.named(host, each));
        }
        return named;
    }

    /** Returns the threads that look names up. If null, the caller looks the name up. */
    public @Nullable BlockingThreads lookUps() {
        return lookUps;
    }

    @Override
    public FileThreads files() {
        return files;
    }

    /** Returns the threads for long computations of TLS. */
    TlsExecutor tasks() {
        return tasks;
    }

    @Override
    public void register(Resource each) {
        owned.add(each);
        if (closed) {
            each.abort();
        }
    }

    @Override
    public void unregister(Resource each) {
        owned.remove(each);
        endIfDone();
    }

    @Override
    public CompletableFuture<AsyncSocket> connect(String host, int port) {
        return connect(unresolved(host, port));
    }

    private static InetSocketAddress unresolved(String host, int port) {
        if (host.isEmpty()) {
            throw new IllegalArgumentException("the host is empty");
        }
        return InetSocketAddress.createUnresolved(host, port);
    }

    @Override
    public CompletableFuture<AsyncSocket> connect(SocketAddress remote) {
        return connect(remote, options -> {});
    }

    @Override
    public CompletableFuture<AsyncSocket> connect(SocketAddress remote, Consumer<? super ConnectOptions> options) {
        checkAddress(remote, "remote");
        ConnectSettings chosen = new ConnectSettings(settings.connectTimeout());
        try {
            options.accept(chosen);
        } catch (IllegalArgumentException | NullPointerException illegal) {
            throw illegal;
        } catch (Throwable e) {
            return OperationFuture.failed(this, e);
        }
        if (remote instanceof InetSocketAddress inet && inet.getPort() == 0) {
            throw new IllegalArgumentException("port 0 of " + remote + " cannot be connected to");
        }
        if (closed) {
            return OperationFuture.failed(
                    this, Errors.closed("connect to " + Connect.nameOf(remote) + ": these sockets are closed", null));
        }
        tryOptions(remote, chosen.options());
        SocketAddress local = chosen.local();
        if (isUnresolved(local)) {
            return OperationFuture.failed(
                    this,
                    new ConnectException("connect to " + Connect.nameOf(remote) + ": the local address "
                            + Connect.nameOf(local) + " does not resolve (UnresolvedAddress)"));
        }
        TlsOptions tls = chosen.tls();
        Connect connect = tls == null ? new Connect(this, remote, chosen) : new TlsConnect(this, remote, chosen, tls);
        connect.start();
        return connect;
    }

    @Override
    public CompletableFuture<AsyncSocket> connectTls(String host, int port, TlsOptions options) {
        Objects.requireNonNull(options, "options");
        return connect(unresolved(host, port), chosen -> chosen.tls(options));
    }

    @Override
    public AsyncServerSocket listen(String host, int port) throws IOException {
        InetSocketAddress local = host.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
        return listen(local);
    }

    @Override
    public AsyncServerSocket listen(SocketAddress local) throws IOException {
        return listen(local, options -> {});
    }

    @Override
    public AsyncServerSocket listen(SocketAddress local, Consumer<? super ListenOptions> options) throws IOException {
        checkAddress(local, "local");
        ListenSettings chosen = new ListenSettings();
        options.accept(chosen);
        if (chosen.tls() != null) {
            // Fails before a port is bound if the context does not support the options.
            TlsEngines.of(chosen.tls().settings(), null, -1);
        }
        if (closed) {
            throw Errors.closed("listen on " + Connect.nameOf(local) + ": these sockets are closed", null);
        }
        if (isUnresolved(local)) {
            throw refused(local, new UnknownHostException("the name does not resolve"));
        }
        try {
            this.options.check(local, chosen.options());
        } catch (IOException e) {
            throw refused(local, e);
        }
        return new DefaultServerSocket(this, local, chosen);
    }

    private static BindException refused(SocketAddress local, IOException why) {
        BindException refused = new BindException("listen on " + Connect.nameOf(local) + ": " + Errors.reason(why));
        refused.initCause(why);
        return refused;
    }

    private static boolean isUnresolved(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress inet && inet.isUnresolved();
    }

    private void checkAddress(SocketAddress address, String name) {
        if (!channels.supports(Objects.requireNonNull(address, name))) {
            throw new IllegalArgumentException("this provider does not know addresses like " + address);
        }
    }

    /**
     * Returns true if a handler has failed because its connection or this engine has ended. Then the failure is an
     * {@link IOException} of an operation of the connection, or the engine is closed and the failure is a {@link
     * ClosedChannelException}. Returns false for all other failures, such as an {@link IOException} of a file or of
     * another connection.
     */
    boolean isEndOf(Connection connection, Throwable failure) {
        return failure instanceof IOException
                && (connection.isOwn(failure)
                        || connection.last().isOwn(failure)
                        || closed && failure instanceof ClosedChannelException);
    }

    /** Returns the connections of a listener that are not closed, or all such connections if {@code from} is null. */
    public List<Connection> connections(@Nullable DefaultServerSocket from) {
        List<Connection> found = new ArrayList<>();
        for (Connection each : owned.connections()) {
            if (!each.isClosed() && (from == null || each.isFrom(from))) {
                found.add(each);
            }
        }
        return found;
    }

    /** Returns the registered connection over a transport, or null. */
    @Nullable Connection over(Transport transport) {
        return owned.over(transport);
    }

    /** Aborts the connection over a transport. Returns false if no such connection is registered. */
    boolean abort(Transport transport) {
        Connection found = over(transport);
        if (found == null) {
            return false;
        }
        found.abort();
        return true;
    }

    @Override
    public ConnectionStats stats() {
        return owned.stats(counters);
    }

    @Override
    public CompletableFuture<ShutdownReport> shutdown(Duration grace) {
        long nanos = Clock.nanos(Settings.notNegative(grace));
        closed = true;
        ShutdownTracker drain = ShutdownTracker.of(this, connections(null));
        owned.list().forEach(each -> Threads.guard(each::stop));
        drain.begin(nanos);
        endIfDone();
        return drain;
    }

    @Override
    public void close() {
        closed = true;
        List<Resource> open = owned.list();
        open.forEach(each -> Threads.guard(each::stop));
        open.forEach(each -> Threads.guard(each::abort));
        endIfDone();
        if (inCompletion()) {
            return;
        }
        boolean interrupted = false;
        for (boolean waiting = true; waiting; ) {
            try {
                ended.await();
                for (IoLoop each : loops()) {
                    each.awaitTermination();
                }
                waiting = false;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the threads and the clock if the engine is closed and no resource is open. */
    private void endIfDone() {
        if (closed && owned.count() == 0 && ended.getCount() > 0) {
            Threads.guard(this::takeOverCompletions);
            Threads.guard(clock()::shutdown);
            Threads.guard(lookUps::shutdownNow);
            Threads.guard(files::shutdown);
            Threads.guard(tasks::shutdown);
            loops().forEach(each -> Threads.guard(each::shutdown));
            ended.countDown();
        }
    }

    @Override
    public String toString() {
        return "AsyncSockets[" + loops().size() + " I/O threads, " + owned.count() + " open"
                + (closed ? ", closed]" : "]");
    }
}
