package io.github.futuresockets.impl;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.spi.OperationFuture;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** A connect: resolves the name, tries one address after the other, and becomes a socket. */
final class Connect extends OperationFuture<AsyncSocket> implements Engine.Owned {
    /*
     * Guarded by this object's monitor: `over` is set once, by the attempt that succeeds, by the last failure, the time-out,
     * a canceller, or the end of the engine; who sets it completes the future, nobody else does. A transport that comes
     * when it is set is closed. So a socket is either delivered or closed.
     */
    private final Engine engine;
    private final SocketAddress remote;
    private final List<Throwable> failures = new ArrayList<>();
    private List<SocketAddress> addresses = List.of();
    private int tried;
    private boolean over;
    private boolean connected;
    private Channels.@Nullable Attempt attempt;
    private @Nullable Future<?> alarm;

    Connect(Engine engine, SocketAddress remote) {
        super(engine);
        this.engine = engine;
        this.remote = remote;
    }

    void start() {
        engine.own(this);
        long timeout = Engine.nanos(engine.settings().connectTimeout());
        synchronized (this) {
            if (timeout != 0 && !over) {
                alarm = engine.schedule(this::timedOut, timeout);
            }
        }
        if (!(remote instanceof InetSocketAddress) || !((InetSocketAddress) remote).isUnresolved()) {
            addresses = List.of(remote);
            next();
            return;
        }
        try {
            engine.resolver().execute(this::resolve);
        } catch (Throwable rejected) {
            abort();
        }
    }

    private void resolve() {
        InetSocketAddress name = (InetSocketAddress) remote;
        try {
            List<SocketAddress> found = new ArrayList<>();
            for (InetAddress each : InetAddress.getAllByName(name.getHostString())) {
                found.add(new InetSocketAddress(each, name.getPort()));
            }
            addresses = found;
        } catch (Throwable e) {
            UnknownHostException unknown = new UnknownHostException(describe() + ": the name does not resolve");
            unknown.initCause(e);
            fail(unknown);
            return;
        }
        next();
    }

    /** Tries the next address. One attempt is under way at a time, so these fields have one writer after the other. */
    private void next() {
        while (true) {
            SocketAddress address;
            synchronized (this) {
                if (over) {
                    return;
                }
                if (tried == addresses.size()) {
                    break;
                }
                address = addresses.get(tried++);
            }
            try {
                Channels.Attempt started = engine.channels().connect(address, (transport, failure) -> {
                    connected(address, transport, failure);
                });
                synchronized (this) {
                    attempt = over ? null : started;
                    if (!over || connected) {
                        return;
                    }
                }
                started.close();
                return;
            } catch (Throwable e) {
                failed(address, e);
            }
        }
        fail(refused());
    }

    private void connected(SocketAddress address, @Nullable Transport transport, @Nullable Throwable failure) {
        Throwable why = failure;
        if (transport != null && transport.localAddress().equals(transport.remoteAddress())) {
            // Two ends that open at once may be one (RFC 9293, 3.5): nobody listens on a port of the ephemeral range.
            transport.drop();
            why = new ConnectException("connected to itself");
        }
        if (why != null || transport == null) {
            failed(address, why == null ? new IOException("no transport") : why);
            next();
            return;
        }
        if (!finish(true)) {
            transport.drop();
            return;
        }
        AsyncSocket socket = new FutureSocket(new Connection(engine, transport));
        engine.disown(this);
        engine.complete(() -> {
            if (!deliver(socket)) {
                socket.abort();
            }
        });
    }

    private synchronized void failed(SocketAddress address, Throwable why) {
        ConnectException each = new ConnectException(address + ": " + why.getMessage());
        each.initCause(why);
        failures.add(each);
    }

    private IOException refused() {
        IOException e = new ConnectException(describe() + ": "
                + (failures.size() == 1
                        ? failures.get(0).getCause().getMessage()
                        : "all " + failures.size() + " addresses failed"));
        failures.forEach(e::addSuppressed);
        return e;
    }

    private void timedOut() {
        String after =
                " after " + Duration.ofNanos(Engine.nanos(engine.settings().connectTimeout()));
        IOException late;
        synchronized (this) {
            late = new SocketTimeoutException(describe() + ": not connected" + after + ", " + tried + " of "
                    + addresses.size() + " addresses tried");
            failures.forEach(late::addSuppressed);
        }
        fail(late);
    }

    private void fail(IOException failure) {
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
    protected boolean withdraw() {
        boolean mine = finish(false);
        if (mine) {
            engine.disown(this);
        }
        return mine;
    }

    /** Ends the attempt; true for the one caller who then completes the future. */
    private boolean finish(boolean success) {
        Channels.Attempt last;
        synchronized (this) {
            if (over) {
                return false;
            }
            over = true;
            connected = success;
            last = attempt;
            attempt = null;
            if (alarm != null) {
                alarm.cancel(false);
                alarm = null;
            }
        }
        if (last != null && !success) {
            last.close();
        }
        return true;
    }

    private static String name(SocketAddress address) {
        if (address instanceof InetSocketAddress && ((InetSocketAddress) address).isUnresolved()) {
            return ((InetSocketAddress) address).getHostString() + ":" + ((InetSocketAddress) address).getPort();
        }
        return address.toString();
    }

    @Override
    protected String describe() {
        return "connect to " + name(remote);
    }
}
