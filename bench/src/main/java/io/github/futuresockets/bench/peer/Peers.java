package io.github.futuresockets.bench.peer;

import io.github.futuresockets.bench.common.UsageException;
import io.github.futuresockets.loop.LoopChannelProvider;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** The catalogue of all peers, by protocol and name. */
public final class Peers {
    private static final String CLASS = "class:";

    private static final Map<Protocol, Map<String, Supplier<Peer>>> ALL = new EnumMap<>(Protocol.class);

    static {
        every("futuresockets-loop", protocol -> facade("loop", protocol));
        echo("futuresockets-loop-transfer", () -> new FacadeTransfer("loop"));
        echo("futuresockets-loop-lines", () -> new FacadeLines("loop", Protocol.ECHO));
        tls("futuresockets-loop-lines", () -> new FacadeLines("loop", Protocol.TLS));
        frames("futuresockets-loop-handle", () -> new FacadeFrames("loop", FacadeFrames.Way.HANDLE));
        frames("futuresockets-loop-batches", () -> new FacadeFrames("loop", FacadeFrames.Way.BATCHES));
        both("raw-loop", protocol -> new RawEcho("raw-loop", new LoopChannelProvider(), protocol));
        every("futuresockets-nio2", protocol -> facade("nio2", protocol));
        frames("futuresockets-nio2-handle", () -> new FacadeFrames("nio2", FacadeFrames.Way.HANDLE));
        frames("futuresockets-nio2-batches", () -> new FacadeFrames("nio2", FacadeFrames.Way.BATCHES));
        echo("futuresockets-nio2-transfer", () -> new FacadeTransfer("nio2"));
        both("c-epoll", NativeEcho::new);
        echo("c-epoll-16k", () -> new NativeEcho(Protocol.ECHO, 1 << 14));
        echo("c-epoll-1m", () -> new NativeEcho(Protocol.ECHO, 1 << 20));
        both("raw-nio2", protocol -> new RawEcho("raw-nio2", AsynchronousChannelProvider.provider(), protocol));
        both("naive-future", NaiveFuturePeer::new);
        every("selector", SelectorPeer::new);
        both("blocking", protocol -> new BlockingPeer(protocol, false));
        both("virtual-threads", protocol -> new BlockingPeer(protocol, true));
        every("netty-nio", protocol -> new NettyPeer(NettyTransport.NIO, protocol));
        every("netty-epoll", protocol -> new NettyPeer(NettyTransport.EPOLL, protocol));
        tls("netty-nio-openssl", () -> new NettyPeer(NettyTransport.NIO, NettyTls.OPENSSL));
        tls("netty-epoll-openssl", () -> new NettyPeer(NettyTransport.EPOLL, NettyTls.OPENSSL));
        both("netty-io_uring", protocol -> new NettyPeer(NettyTransport.IO_URING, protocol));
        both("reactor-netty", ReactorNettyPeer::new);
        every("vertx", VertxPeer::new);
        both("smart-socket", SmartSocketPeer::new);
    }

    private Peers() {}

    private static void both(String name, Function<Protocol, Peer> adapter) {
        for (Protocol protocol : List.of(Protocol.ECHO, Protocol.FRAMES)) {
            peers(protocol).put(name, () -> adapter.apply(protocol));
        }
    }

    private static void every(String name, Function<Protocol, Peer> adapter) {
        both(name, adapter);
        tls(name, () -> adapter.apply(Protocol.TLS));
    }

    private static void tls(String name, Supplier<Peer> adapter) {
        peers(Protocol.TLS).put(name, adapter);
    }

    private static void echo(String name, Supplier<Peer> adapter) {
        peers(Protocol.ECHO).put(name, adapter);
    }

    private static void frames(String name, Supplier<Peer> adapter) {
        peers(Protocol.FRAMES).put(name, adapter);
    }

    private static Peer facade(String provider, Protocol protocol) {
        return protocol == Protocol.FRAMES
                ? new FacadeFrames(provider, FacadeFrames.Way.FOR_EACH)
                : new FacadeEcho(provider, protocol);
    }

    public static List<String> all(Protocol protocol) {
        return List.copyOf(peers(protocol).keySet());
    }

    public static String names(Protocol protocol) {
        return String.join(", ", peers(protocol).keySet());
    }

    /**
     * Creates a peer.
     *
     * @throws UsageException if the protocol has no peer with the name
     */
    public static Peer create(String name, Protocol protocol) throws UsageException {
        if (isClass(name)) {
            return instance(name);
        }
        Supplier<Peer> peer = peers(protocol).get(name);
        if (peer == null) {
            throw new UsageException(
                    "unknown peer: " + name + " (for " + protocol + " there are " + names(protocol) + ")");
        }
        return peer.get();
    }

    /** Fails if no protocol has a peer with the name, and the name is not a valid class. */
    public static void requireKnown(String name) throws UsageException {
        if (ALL.values().stream().noneMatch(peers -> peers.containsKey(name))) {
            create(name, Protocol.ECHO);
        }
    }

    /** Returns true if the name has the form {@code class:NAME}, for a class with {@link Peer} and for any protocol. */
    public static boolean isClass(String name) {
        return name.startsWith(CLASS);
    }

    private static Peer instance(String name) throws UsageException {
        try {
            Constructor<?> constructor =
                    Class.forName(name.substring(CLASS.length())).getDeclaredConstructor();
            return (Peer) constructor.newInstance();
        } catch (ReflectiveOperationException | ClassCastException e) {
            throw new UsageException("unknown peer: " + name + ": " + e);
        }
    }

    /** Returns the peers unable to run here, each with the reason. */
    static Map<String, String> obstacles(Protocol protocol) {
        Map<String, String> obstacles = new LinkedHashMap<>();
        peers(protocol).forEach((name, peer) -> {
            String obstacle = peer.get().obstacle();
            if (!obstacle.isEmpty()) {
                obstacles.put(name, obstacle);
            }
        });
        return obstacles;
    }

    /** Creates a peer, and fails if the peer cannot run here. */
    public static Peer runnable(String name, Protocol protocol) throws UsageException, IOException {
        Peer peer = create(name, protocol);
        if (!peer.obstacle().isEmpty()) {
            throw new IOException(name + " cannot run here: " + peer.obstacle());
        }
        return peer;
    }

    private static Map<String, Supplier<Peer>> peers(Protocol protocol) {
        return ALL.computeIfAbsent(protocol, none -> new LinkedHashMap<>());
    }
}
