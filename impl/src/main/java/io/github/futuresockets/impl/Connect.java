package io.github.futuresockets.impl;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.spi.OperationFuture;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A connect: resolves the name, tries its addresses one shortly after the other, and becomes a socket (RFC 8305). */
class Connect extends OperationFuture<AsyncSocket> implements Owned {
    /*
     * Guarded by this object's monitor: `over` is set once, by the attempt that succeeds, by the last failure, the time-out,
     * a canceller, or the end of the engine; who sets it completes the future, nobody else does, and closes the attempts
     * that are under way. An attempt that is started when it is set is closed by who started it, and a transport that comes
     * then is dropped. So a socket is either delivered or closed.
     *
     * The next attempt begins when the last one has failed or STAGGER after it has begun, whichever is first: `stagger` is
     * the alarm for that.
     *
     * With a local port of the user's only one attempt can have that port. Then the attempts are made one after the other:
     * `stagger` ends the running one, which has had its share of the time that is left, and SHARE at most.
     *
     * `waits` calls off the work on another thread that has to be done before the next step. It is set before that work begins.
     */
    private static final long STAGGER = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long SHARE = TimeUnit.SECONDS.toNanos(5);

    final Engine engine;
    private final SocketAddress remote;
    private final ConnectSettings settings;
    private final boolean oneByOne;
    private final long end;
    private final ConnectFailures failures = new ConnectFailures();
    private final Set<ConnectTry> running = new LinkedHashSet<>();
    private List<SocketAddress> addresses = List.of();
    private int tried;
    private boolean over;
    private boolean made;
    private @Nullable Future<?> alarm;
    private @Nullable Future<?> stagger;
    private @Nullable Runnable waits;

    Connect(Engine engine, SocketAddress remote, ConnectSettings settings) {
        super(engine);
        this.engine = engine;
        this.remote = remote;
        this.settings = settings;
        this.oneByOne =
                settings.local() instanceof InetSocketAddress && ((InetSocketAddress) settings.local()).getPort() != 0;
        long timeout = Engine.nanos(settings.timeout());
        this.end =
                engine.clock().nanoTime() + (timeout == 0 ? Long.MAX_VALUE / 2 : Math.min(timeout, Long.MAX_VALUE / 2));
    }

    /** Whatever is thrown meanwhile is the failure of the connect. */
    final void start() {
        try {
            Recorder.HERE.connecting(this);
            engine.own(this);
            begin();
        } catch (Throwable e) {
            fail(e);
        }
    }

    private void begin() {
        long timeout = Engine.nanos(settings.timeout());
        synchronized (this) {
            if (timeout != 0 && !over) {
                alarm = engine.schedule(this::timedOut, timeout);
            }
        }
        locate();
    }

    /** Begins with the addresses of the peer. A name is looked up; an address needs no thread that may block. */
    void locate() {
        if (!(remote instanceof InetSocketAddress) || !((InetSocketAddress) remote).isUnresolved()) {
            begin(List.of(remote));
            return;
        }
        String host = ((InetSocketAddress) remote).getHostString();
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

    /** Has the work on another thread called off when this ends. To be called before that begins. */
    final void awaits(Runnable callOff) {
        synchronized (this) {
            if (!over) {
                waits = callOff;
                return;
            }
        }
        callOff.run();
    }

    private void begin(List<SocketAddress> all) {
        synchronized (this) {
            addresses = all;
            waits = null;
        }
        next();
    }

    private void next() {
        try {
            tryNext();
        } catch (Throwable e) {
            fail(e);
        }
    }

    /** Tries the next address, or those behind it that can be tried at all. */
    private void tryNext() {
        ConnectTry mine = begun();
        while (mine != null) {
            ConnectTry each = mine;
            try {
                Channels.Attempt attempt = engine.channels()
                        .connect(each.address, settings, (transport, failure) -> ended(each, transport, failure));
                started(each, attempt);
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

    private void makeWay(ConnectTry slow) {
        Channels.Attempt attempt;
        synchronized (this) {
            slow.late = true;
            attempt = slow.ended ? null : slow.attempt;
        }
        if (attempt != null) {
            attempt.close();
        }
    }

    private void started(ConnectTry mine, Channels.Attempt attempt) {
        synchronized (this) {
            if (mine.ended) {
                return;
            }
            mine.attempt = attempt;
            if (!over && !mine.late) {
                return;
            }
        }
        attempt.close();
    }

    private void ended(ConnectTry mine, @Nullable Transport transport, @Nullable Throwable failure) {
        Throwable why = failure;
        if (transport != null && transport.localAddress().equals(transport.remoteAddress())) {
            // Two ends that open at once may be one (RFC 9293, 3.5): nobody listens on a port of the ephemeral range.
            transport.drop();
            why = new ConnectException("connected to itself");
        }
        if (why != null || transport == null) {
            failed(mine, why == null ? new IOException("no transport") : why);
            goOn();
            return;
        }
        synchronized (this) {
            mine.ended = true;
            running.remove(mine);
        }
        if (!finish(true)) {
            transport.drop();
            return;
        }
        try {
            connected(transport);
        } catch (Throwable e) {
            transport.drop();
            engine.disown(this);
            unmade(e);
        }
    }

    /** On a loop, the local port of an attempt that has failed is free behind the next poll. */
    private void goOn() {
        Loop here = oneByOne ? engine.currentLoop() : null;
        if (here == null) {
            next();
        } else {
            here.execute(() -> here.execute(this::next));
        }
    }

    /** By the attempt that has succeeded. If this throws there is no connection, and the transport is dropped. */
    void connected(Transport transport) {
        AsyncSocket socket = new FutureSocket(engine, transport, null);
        engine.disown(this);
        succeed(socket);
    }

    /** There is no connection although an attempt has succeeded. */
    void unmade(Throwable cause) {
        engine.complete(() -> deliverFailure(cause));
    }

    final void succeed(AsyncSocket socket) {
        engine.counters().connected.increment();
        engine.complete(() -> {
            if (!deliver(socket)) {
                socket.abort();
            }
        });
    }

    private synchronized void failed(ConnectTry mine, Throwable why) {
        mine.ended = true;
        running.remove(mine);
        failures.add(mine, why);
    }

    private void timedOut() {
        IOException late;
        synchronized (this) {
            Duration timeout = Duration.ofNanos(Engine.nanos(settings.timeout()));
            late = failures.late(describe(), timeout, tried, addresses.size(), running);
        }
        fail(late);
    }

    final void fail(Throwable failure) {
        if (finish(false)) {
            engine.disown(this);
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
            engine.disown(this);
        }
        return mine;
    }

    /** Ends all attempts; true for the one caller who then completes the future. */
    private boolean finish(boolean byAnAttempt) {
        List<Channels.Attempt> losers = new ArrayList<>();
        Runnable callOff;
        synchronized (this) {
            if (over) {
                return false;
            }
            callOff = waits;
            waits = null;
            over = true;
            made = byAnAttempt;
            for (ConnectTry each : running) {
                if (each.attempt != null) {
                    losers.add(each.attempt);
                }
            }
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
        losers.forEach(Channels.Attempt::close);
        if (callOff != null) {
            callOff.run();
        }
        return true;
    }

    /** Whether an attempt has succeeded. */
    final synchronized boolean isMade() {
        return made;
    }

    /** The peer, as its user has named it. */
    String peer() {
        return nameOf(remote);
    }

    static String nameOf(SocketAddress address) {
        if (address instanceof InetSocketAddress && ((InetSocketAddress) address).isUnresolved()) {
            return ((InetSocketAddress) address).getHostString() + ":" + ((InetSocketAddress) address).getPort();
        }
        return address.toString();
    }

    void observe(Consumer<? super @Nullable Throwable> observer) {
        whenSettled(observer);
    }

    @Override
    protected String describe() {
        return "connect to " + peer();
    }
}
