package io.github.futuresockets.impl;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.ConnectOptions;
import io.github.futuresockets.ConnectionStats;
import io.github.futuresockets.ListenOptions;
import io.github.futuresockets.Resolver;
import io.github.futuresockets.ShutdownReport;
import io.github.futuresockets.TlsOptions;
import io.github.futuresockets.spi.OperationFuture;
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
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The sockets of one user: loops, timer, resolver, and whatever is open on them. */
class Engine extends LoopContext implements AsyncSockets {
    private static final int LOOK_UPS = 16;

    private final Settings settings;
    private final Channels channels;
    private final Options options;
    private final BlockingThreads lookUps;
    private final FileThreads files;
    private final TlsTasks tasks;
    private final Owned.All owned = new Owned.All();
    private final Counters counters = new Counters();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean closed;

    /** For tests. */
    volatile Hook hook = Hook.NONE;

    Engine(Settings settings, Channels channels, List<? extends Loop> loops, Supplies supplies) {
        super(loops, settings.executor(), supplies.clock());
        this.files = new FileThreads(supplies.threads());
        this.tasks = new TlsTasks(supplies.threads());
        this.settings = settings;
        this.channels = channels;
        this.options = new Options(channels);
        this.lookUps = BlockingThreads.waiting(
                supplies.threads().named("futuresockets-resolver"), "futuresockets-resolver", LOOK_UPS);
    }

    /** An engine over channels of NIO.2, which ends the loops if it cannot be made. */
    static Engine over(List<? extends ChannelLoop> loops, Settings settings, Supplies supplies) {
        try {
            LoopWatch.watch(loops);
            return new Engine(settings, new AsyncChannels(loops, settings.options()), loops, supplies);
        } catch (Throwable e) {
            loops.forEach(Loop::shutdown);
            throw e;
        }
    }

    /** Its threads come with the first task and go when there has been none for a while. */
    static void idle(ThreadPoolExecutor pool) {
        pool.setKeepAliveTime(5, TimeUnit.SECONDS);
        pool.allowCoreThreadTimeOut(true);
    }

    /**
     * These sockets, unless they could not be used.
     *
     * @throws IllegalArgumentException if the value of an option is out of range, naming that
     */
    final Engine checked() {
        try {
            tryOptions(new InetSocketAddress(0), settings.options());
            return this;
        } catch (Throwable refused) {
            close();
            throw refused;
        }
    }

    /** Whatever a socket of its own cannot tell, the attempt will. */
    private void tryOptions(SocketAddress address, Map<SocketOption<?>, Object> chosen) {
        try {
            options.check(address, chosen);
        } catch (IOException | IllegalStateException notTried) {
            Log.log(Level.DEBUG, "options of " + address, notTried);
        }
    }

    static ThreadFactory daemons(String name) {
        return task -> Daemon.thread(task, name);
    }

    static long nanos(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException tooLong) {
            return Long.MAX_VALUE;
        }
    }

    Settings settings() {
        return settings;
    }

    Channels channels() {
        return channels;
    }

    Counters counters() {
        return counters;
    }

    List<InetAddress> resolve(String host) throws UnknownHostException {
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

    /** Where names are looked up, which may take long; null: by the caller. */
    @Nullable BlockingThreads lookUps() {
        return lookUps;
    }

    FileThreads files() {
        return files;
    }

    TlsTasks tasks() {
        return tasks;
    }

    void own(Owned each) {
        owned.add(each);
        if (closed) {
            each.abort();
        }
    }

    void disown(Owned each) {
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
        if (remote instanceof InetSocketAddress && ((InetSocketAddress) remote).getPort() == 0) {
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
        return new FutureServerSocket(this, local, chosen);
    }

    private static BindException refused(SocketAddress local, IOException why) {
        BindException refused = new BindException("listen on " + Connect.nameOf(local) + ": " + Errors.reason(why));
        refused.initCause(why);
        return refused;
    }

    private static boolean isUnresolved(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress && ((InetSocketAddress) address).isUnresolved();
    }

    private void checkAddress(SocketAddress address, String name) {
        if (!channels.supports(Objects.requireNonNull(address, name))) {
            throw new IllegalArgumentException("this provider does not know addresses like " + address);
        }
    }

    /**
     * Whether a handler has failed because its connection has ended, or these sockets: with what an operation of that has failed
     * with. Whatever else it fails with, an {@link IOException} of a file or of another connection, is a failure of its own.
     */
    boolean isEndOf(Connection connection, Throwable failure) {
        return failure instanceof IOException
                && (connection.isOwn(failure)
                        || connection.last().isOwn(failure)
                        || closed && failure instanceof ClosedChannelException);
    }

    /** The open connections of a listener; null: all. */
    List<Connection> connections(@Nullable FutureServerSocket from) {
        List<Connection> found = new ArrayList<>();
        for (Owned each : owned.list()) {
            if (each instanceof Connection && (from == null || ((Connection) each).isFrom(from))) {
                found.add((Connection) each);
            }
        }
        return found;
    }

    @Override
    public ConnectionStats stats() {
        return owned.stats(counters);
    }

    @Override
    public CompletableFuture<ShutdownReport> shutdown(Duration grace) {
        long nanos = nanos(Settings.notNegative(grace));
        closed = true;
        Drain drain = Drain.of(this, connections(null));
        owned.list().forEach(each -> ChannelLoop.guard(each::stop));
        drain.begin(nanos);
        endIfDone();
        return drain;
    }

    @Override
    public void close() {
        closed = true;
        List<Owned> open = owned.list();
        open.forEach(each -> ChannelLoop.guard(each::stop));
        open.forEach(each -> ChannelLoop.guard(each::abort));
        endIfDone();
        if (inCompletion()) {
            return;
        }
        boolean interrupted = false;
        for (boolean waiting = true; waiting; ) {
            try {
                ended.await();
                for (Loop each : loops()) {
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

    private void endIfDone() {
        if (closed && owned.count() == 0 && ended.getCount() > 0) {
            ChannelLoop.guard(this::takeOverCompletions);
            ChannelLoop.guard(clock()::shutdown);
            ChannelLoop.guard(lookUps::shutdownNow);
            ChannelLoop.guard(files::shutdown);
            ChannelLoop.guard(tasks::shutdown);
            loops().forEach(each -> ChannelLoop.guard(each::shutdown));
            ended.countDown();
        }
    }

    @Override
    public String toString() {
        return "AsyncSockets[" + loops().size() + " I/O threads, " + owned.count() + " open"
                + (closed ? ", closed]" : "]");
    }
}
