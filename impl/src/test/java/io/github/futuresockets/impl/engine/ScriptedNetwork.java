package io.github.futuresockets.impl.engine;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.impl.common.Supplies;
import io.github.futuresockets.impl.connection.Connection;
import io.github.futuresockets.impl.connection.Resource;
import io.github.futuresockets.impl.memory.MemoryFabric;
import io.github.futuresockets.impl.memory.MemoryLoop;
import io.github.futuresockets.impl.memory.MemoryPorts;
import io.github.futuresockets.impl.memory.VirtualClock;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.transport.ConnectSettings;
import io.github.futuresockets.impl.transport.IoLoop;
import io.github.futuresockets.impl.transport.ListenSettings;
import io.github.futuresockets.impl.transport.Network;
import io.github.futuresockets.impl.transport.Transport;
import io.github.futuresockets.spi.Settings;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.NetworkChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * A network in memory with an engine, at a virtual time. A test controls the listener: the requests of the engine are
 * only counted, and the test brings the connections and the failures. All work is done on the thread of the test.
 */
final class ScriptedNetwork implements Network {
    static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    final VirtualClock clock = new VirtualClock();
    final Engine engine;

    /** The failures of handlers and handshakes. */
    final List<Throwable> errors = new ArrayList<>();

    /** Replaces the transports of later connections. */
    UnaryOperator<Transport> disguise = transport -> transport;

    /** Thrown once, after the registration of the next connection, or null. */
    Error registerFailure;

    /** Thrown once, when the next connect has ended its registration, or null. */
    Error connectFailure;

    /** The number of requests for a connection. */
    int requests;

    /** The failure of each later request, or null. */
    Error refusal;

    /** True if a closed listener still brings connections. */
    boolean heldClose;

    private final List<HeldTasks> held = new ArrayList<>();
    private final Network below;
    private final Engine callers;
    private AcceptCallback callback;
    private Listener listener;

    ScriptedNetwork() {
        MemoryPorts ports = new MemoryPorts();
        MemoryLoop own = new MemoryLoop(Supplies.Memory.JVM);
        MemoryLoop other = new MemoryLoop(Supplies.Memory.JVM);
        below = new MemoryFabric(ports, own, clock, Map.of());
        engine = new Engine(settings(), this, List.of(own), Supplies.at(clock)) {
            @Override
            public void register(Resource each) {
                super.register(each);
                Error failure = registerFailure;
                if (failure != null && each instanceof Connection) {
                    registerFailure = null;
                    throw failure;
                }
            }

            @Override
            public void unregister(Resource each) {
                super.unregister(each);
                Error failure = connectFailure;
                if (failure != null && each instanceof Connect) {
                    connectFailure = null;
                    throw failure;
                }
            }
        };
        callers = new Engine(
                settings(), new MemoryFabric(ports, other, clock, Map.of()), List.of(other), Supplies.at(clock));
    }

    private Settings settings() {
        Duration none = Duration.ZERO;
        return new Settings(
                1,
                Thread::new,
                null,
                none,
                none,
                none,
                Duration.ofHours(1),
                Duration.ofSeconds(5),
                1 << 20,
                (socket, failure) -> errors.add(failure),
                null,
                Map.of());
    }

    /** Listens with the given options. A test has a single listener. */
    DefaultServerSocket listen(ListenSettings settings) throws IOException {
        return new DefaultServerSocket(engine, ANY, settings);
    }

    DefaultServerSocket listen() throws IOException {
        return listen(new ListenSettings());
    }

    DefaultServerSocket listen(int maxConnections) throws IOException {
        ListenSettings settings = new ListenSettings();
        settings.maxConnections(maxConnections);
        return listen(settings);
    }

    /** Connects a caller, and brings the connection to the listener. Returns the socket of the caller. */
    AsyncSocket bring() {
        return Await.value(bring(callers.connect(listener.localAddress())));
    }

    /** Brings the connection of a connect to the listener. */
    <T> CompletableFuture<T> bring(CompletableFuture<T> connect) {
        listener.want();
        return connect;
    }

    Engine callers() {
        return callers;
    }

    /** Lets an accept of the listener fail. */
    void fail(Throwable failure) {
        callback.accepted(null, failure);
    }

    void advance(long millis) {
        clock.advance(Duration.ofMillis(millis).toNanos());
    }

    /** Something that happens at a call of a transport. */
    interface Incident {
        void happen() throws Throwable;
    }

    /**
     * Lets an incident happen once, at the call of the later transports with the given number. Calls are counted from
     * 0. The result is negative after the incident.
     */
    AtomicInteger atCall(int number, Incident incident) {
        AtomicInteger left = new AtomicInteger(number);
        disguise = transport -> (Transport) Proxy.newProxyInstance(
                Transport.class.getClassLoader(), new Class<?>[] {Transport.class}, (proxy, method, arguments) -> {
                    if (left.getAndDecrement() == 0) {
                        incident.happen();
                    }
                    return invoke(method, transport, arguments);
                });
        return left;
    }

    /** Lets the drop of each later transport fail. */
    void failDrops() {
        disguise = transport -> (Transport) Proxy.newProxyInstance(
                Transport.class.getClassLoader(), new Class<?>[] {Transport.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("drop")) {
                        throw new IllegalStateException("injected");
                    }
                    return invoke(method, transport, arguments);
                });
    }

    /** Gives each later transport a loop that only counts and keeps its tasks. */
    HeldTasks holdTasks() {
        HeldTasks tasks = new HeldTasks(engine.loops().get(0));
        held.add(tasks);
        disguise = transport -> (Transport) Proxy.newProxyInstance(
                Transport.class.getClassLoader(),
                new Class<?>[] {Transport.class},
                (proxy, method, arguments) ->
                        method.getName().equals("loop") ? tasks.loop : invoke(method, transport, arguments));
        return tasks;
    }

    /** The tasks of a loop. */
    static final class HeldTasks {
        final Queue<Runnable> tasks = new ArrayDeque<>();

        /** The number of tasks so far. */
        int count;

        /** The failure of each later task, or null. */
        Error refusal;

        private final IoLoop loop;
        private boolean released;

        private HeldTasks(IoLoop below) {
            loop = (IoLoop) Proxy.newProxyInstance(
                    IoLoop.class.getClassLoader(), new Class<?>[] {IoLoop.class}, (proxy, method, arguments) -> {
                        boolean later = method.getName().equals("execute")
                                || method.getName().equals("defer");
                        if (!later || released) {
                            return invoke(method, below, arguments);
                        }
                        if (refusal != null) {
                            throw refusal;
                        }
                        count++;
                        tasks.add((Runnable) arguments[0]);
                        return method.getReturnType() == boolean.class ? true : null;
                    });
        }

        /** Runs the tasks, and the tasks that are added meanwhile. */
        void run() {
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                task.run();
            }
        }

        /** Runs the tasks, and gives later tasks to the loop. */
        void release() {
            released = true;
            run();
        }
    }

    private static Object invoke(Method method, Object target, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** Closes the sockets of the callers, and then the engine. Fails if the engine does not end. */
    void close() {
        held.forEach(HeldTasks::release);
        callers.close();
        Await.value(CompletableFuture.runAsync(engine::close));
    }

    @Override
    public boolean supports(SocketAddress address) {
        return below.supports(address);
    }

    @Override
    public NetworkChannel probe(SocketAddress address) throws IOException {
        return below.probe(address);
    }

    @Override
    public Attempt connect(SocketAddress remote, ConnectSettings settings, ConnectCallback to) throws IOException {
        return below.connect(remote, settings, to);
    }

    @Override
    public Listener listen(SocketAddress local, ListenSettings settings, AcceptCallback to) throws IOException {
        callback = to;
        listener = below.listen(
                local,
                settings,
                (transport, failure) -> to.accepted(transport == null ? null : disguise.apply(transport), failure));
        Listener opened = listener;
        return new Listener() {
            @Override
            public SocketAddress localAddress() {
                return opened.localAddress();
            }

            @Override
            public void want() {
                if (refusal != null) {
                    throw refusal;
                }
                requests++;
            }

            @Override
            public void close(Runnable then) {
                if (!heldClose) {
                    opened.close(then);
                }
            }
        };
    }
}
