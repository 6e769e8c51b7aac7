package io.github.futuresockets.impl.engine;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.compose.CancelSlot;
import io.github.futuresockets.future.OperationFuture;
import io.github.futuresockets.impl.common.Addresses;
import io.github.futuresockets.impl.common.BlockingThreads;
import io.github.futuresockets.impl.common.Clock;
import io.github.futuresockets.impl.common.Errors;
import io.github.futuresockets.impl.common.Threads;
import io.github.futuresockets.impl.connection.Resource;
import io.github.futuresockets.impl.observe.Recorded;
import io.github.futuresockets.impl.observe.Recorder;
import io.github.futuresockets.impl.transport.ConnectSettings;
import io.github.futuresockets.impl.transport.IoLoop;
import io.github.futuresockets.impl.transport.Network;
import io.github.futuresockets.impl.transport.Transport;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A connect: looks up the name, and tries its addresses at short intervals until an attempt succeeds (RFC 8305). */
class Connect extends OperationFuture<AsyncSocket> implements Resource, Recorded {
    /*
     * End. `over` is set once: by the first successful attempt, the last failure, the time-out, a canceller, or the end
     * of the engine. The thread that sets `over` completes the future and cancels the running attempts. No other thread
     * does. A transport that arrives after `over` is dropped. Invariant: a connected socket is either delivered or
     * closed.
     *
     * Stagger. The next attempt begins when the last attempt fails, or STAGGER after the last attempt began. `stagger`
     * is the timer.
     *
     * Given local port. If the user has set a local port, only one attempt at a time can have the port (`oneByOne`).
     * Then `stagger` ends the running attempt, and the next attempt begins. The attempt gets an equal share of the time
     * that is left, and at most SHARE.
     *
     * Work on other threads. `waits` holds the cancellation of the work that must finish before the next step. `waits`
     * is set before the work begins.
     *
     * Lock order: this, then the locks of the clock. Futures, transports and attempts are called without the lock.
     */
    private static final long STAGGER = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long SHARE = TimeUnit.SECONDS.toNanos(5);

    final Engine engine;
    private final SocketAddress remote;
    private final ConnectSettings settings;
    private final boolean oneByOne;

    /** The deadline, as a {@code nanoTime} of the engine's clock. */
    private final long end;

    private final CancelSlot<Runnable> waits = new CancelSlot<>(Runnable::run);

    // guarded by this, down to `stagger`
    private final ConnectFailures failures = new ConnectFailures();
    private final Set<ConnectTry> running = new LinkedHashSet<>();
    private List<SocketAddress> addresses = List.of();

    /** The number of addresses whose attempt has begun. */
    private int tried;

    private boolean over;

    /** True if an attempt has set {@link #over}. */
    private boolean made;

    /** The timer of the connect time-out. */
    private @Nullable Future<?> alarm;

    private @Nullable Future<?> stagger;

    Connect(Engine engine, SocketAddress remote, ConnectSettings settings) {
        super(engine);
        this.engine = engine;
        this.remote = remote;
        this.settings = settings;
        this.oneByOne = settings.local() instanceof InetSocketAddress local && local.getPort() != 0;
        long timeout = Clock.nanos(settings.timeout());
        this.end =
                engine.clock().nanoTime() + (timeout == 0 ? Long.MAX_VALUE / 2 : Math.min(timeout, Long.MAX_VALUE / 2));
    }

    /** Begins the connect. An exception that is thrown meanwhile fails the future. */
    final void start() {
        try {
            Recorder.HERE.connecting(this);
            engine.register(this);
            begin();
        } catch (Throwable e) {
            fail(e);
        }
    }

    private void begin() {
        long timeout = Clock.nanos(settings.timeout());
        synchronized (this) {
            if (timeout != 0 && !over) {
                alarm = engine.schedule(this::timedOut, timeout);
            }
        }
        locate();
    }

    /** Finds the addresses of the peer and begins the attempts. Looks a name up on a resolver thread. */
    void locate() {
        if (!(remote instanceof InetSocketAddress named) || !named.isUnresolved()) {
            begin(List.of(remote));
            return;
        }
        String host = named.getHostString();
        try {
            InetAddress literal = Addresses.literal(host);
            if (literal == null) {
                lookUp(new LookUp(engine, host, this::found));
            } else {
                found(List.of(literal), null);
            }
        } catch (Throwable e) {
            found(List.of(), e);
        }
    }

    private void lookUp(LookUp work) {
        BlockingThreads threads = engine.lookUps();
        if (threads == null) {
            work.run();
            return;
        }
        BlockingThreads.Task task = threads.task(work);
        awaits(() -> {
            work.forget();
            task.cancel();
        });
        task.start();
    }

    private void found(List<InetAddress> found, @Nullable Throwable failure) {
        if (failure == null) {
            begin(Addresses.interleaved(found, ((InetSocketAddress) remote).getPort()));
            return;
        }
        UnknownHostException unknown = new UnknownHostException(describe()
                + (failure instanceof UnknownHostException ? ": the name does not resolve" : ": " + failure));
        unknown.initCause(failure);
        fail(unknown);
    }

    /**
     * Registers the cancellation of work on another thread, for the end of this connect. Call before the work begins.
     */
    final void awaits(Runnable callOff) {
        waits.set(callOff);
    }

    private void begin(List<SocketAddress> all) {
        synchronized (this) {
            addresses = all;
        }
        waits.clear();
        next();
    }

    private void next() {
        try {
            tryNext();
        } catch (Throwable e) {
            fail(e);
        }
    }

    /**
     * Begins the attempt at the next address. Skips each address whose attempt throws. Fails the connect if none is
     * left.
     */
    private void tryNext() {
        ConnectTry mine = begun();
        while (mine != null) {
            ConnectTry each = mine;
            try {
                Network.Attempt attempt = engine.channels()
                        .connect(each.address, settings, (transport, failure) -> ended(each, transport, failure));
                each.attempt.set(attempt);
                return;
            } catch (Throwable e) {
                failed(each, e);
            }
            mine = begun();
        }
        IOException refused;
        synchronized (this) {
            if (over || !running.isEmpty() || tried < addresses.size()) {
                return;
            }
            refused = failures.refused(describe());
        }
        fail(refused);
    }

    /** Returns the next attempt and sets its timer. Returns null if no attempt may begin now. */
    private synchronized @Nullable ConnectTry begun() {
        if (stagger != null) {
            stagger.cancel(false);
            stagger = null;
        }
        if (over || tried == addresses.size() || oneByOne && !running.isEmpty()) {
            return null;
        }
        int left = addresses.size() - tried;
        ConnectTry next = new ConnectTry(addresses.get(tried++));
        running.add(next);
        if (left > 1) {
            stagger = oneByOne
                    ? engine.later(
                            () -> makeWay(next),
                            Math.min(SHARE, (end - engine.clock().nanoTime()) / left))
                    : engine.later(this::next, STAGGER);
        }
        return next;
    }

    /** Closes an attempt that has used up its share of the time. */
    private void makeWay(ConnectTry slow) {
        synchronized (this) {
            slow.late = true;
        }
        slow.attempt.cancel();
    }

    /** Receives the outcome of an attempt, on an I/O thread. */
    private void ended(ConnectTry mine, @Nullable Transport transport, @Nullable Throwable failure) {
        Throwable why = failure;
        if (transport != null && transport.localAddress().equals(transport.remoteAddress())) {
            // Simultaneous open (RFC 9293, 3.5): without a listener, a socket can connect to its own ephemeral port.
            transport.drop();
            why = new ConnectException("connected to itself");
        }
        if (why != null || transport == null) {
            failed(mine, why == null ? new IOException("no transport") : why);
            goOn();
            return;
        }
        mine.attempt.close();
        synchronized (this) {
            running.remove(mine);
        }
        if (!finish(true)) {
            transport.drop();
            return;
        }
        try {
            connected(transport);
        } catch (Throwable e) {
            // Only the end of a registered connection takes the connection out of the register.
            if (!engine.abort(transport)) {
                Threads.guard(transport::drop);
            }
            engine.unregister(this);
            unmade(e);
        }
    }

    /**
     * Begins the next attempt. With a given local port, waits for the next poll of the loop, because the poll frees the
     * port.
     */
    private void goOn() {
        IoLoop here = oneByOne ? engine.currentLoop() : null;
        if (here == null) {
            next();
        } else {
            here.execute(() -> here.execute(this::next));
        }
    }

    /**
     * Makes the socket of the successful attempt. If this method throws, the caller aborts the connection over the
     * transport, or drops the transport.
     */
    void connected(Transport transport) {
        AsyncSocket socket = new DefaultSocket(engine, transport, null);
        engine.unregister(this);
        succeed(socket);
    }

    /** Fails the future if the socket of a successful attempt could not be made. */
    void unmade(Throwable cause) {
        engine.complete(() -> deliverFailure(cause));
    }

    /** Completes the future. Aborts the socket if the future is done already. */
    final void succeed(AsyncSocket socket) {
        engine.counters().connected.increment();
        engine.complete(() -> {
            if (!deliver(socket)) {
                socket.abort();
            }
        });
    }

    private void failed(ConnectTry mine, Throwable why) {
        mine.attempt.close();
        synchronized (this) {
            running.remove(mine);
            failures.add(mine, why);
        }
    }

    private void timedOut() {
        IOException late;
        synchronized (this) {
            Duration timeout = Duration.ofNanos(Clock.nanos(settings.timeout()));
            late = failures.late(describe(), timeout, tried, addresses.size(), running);
        }
        fail(late);
    }

    /** Ends the connect with a failure, unless the connect is over. */
    final void fail(Throwable failure) {
        if (finish(false)) {
            engine.unregister(this);
            engine.complete(() -> deliverFailure(failure));
        }
    }

    @Override
    public void abort() {
        fail(Errors.closedMeanwhile(describe() + ": these sockets were closed"));
    }

    @Override
    public void stop() {
        abort();
    }

    @Override
    protected boolean withdraw() {
        boolean mine = finish(false);
        if (mine) {
            engine.unregister(this);
        }
        return mine;
    }

    /**
     * Sets {@code over} and cancels the running attempts. Returns true once, to the caller that completes the future.
     */
    private boolean finish(boolean byAnAttempt) {
        List<ConnectTry> losers;
        synchronized (this) {
            if (over) {
                return false;
            }
            over = true;
            made = byAnAttempt;
            losers = List.copyOf(running);
            running.clear();
            if (alarm != null) {
                alarm.cancel(false);
                alarm = null;
            }
            if (stagger != null) {
                stagger.cancel(false);
                stagger = null;
            }
        }
        losers.forEach(each -> each.attempt.cancel());
        waits.cancel();
        waits.clear();
        return true;
    }

    /** Returns true if an attempt has succeeded and ended the connect. */
    final synchronized boolean isMade() {
        return made;
    }

    @Override
    public final String name() {
        return "connect";
    }

    /** Returns the peer as the user has named it. */
    @Override
    public final String peer() {
        return nameOf(remote);
    }

    /** Returns the name of an address for messages: host and port if unresolved. */
    static String nameOf(SocketAddress address) {
        if (address instanceof InetSocketAddress inet && inet.isUnresolved()) {
            return inet.getHostString() + ":" + inet.getPort();
        }
        return address.toString();
    }

    @Override
    public final void observe(Consumer<? super @Nullable Throwable> observer) {
        whenSettled(observer);
    }

    @Override
    protected String describe() {
        return "connect to " + peer();
    }
}
