package io.github.futuresockets.bench;

import io.github.futuresockets.loop.LoopChannelProvider;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** All peers by protocol and name. */
final class Peers {
    private static final Map<Protocol, Map<String, Supplier<Peer>>> ALL = new EnumMap<>(Protocol.class);

    static {
        Map<String, Supplier<Peer>> echo = new LinkedHashMap<>();
        echo.put("futuresockets-loop", () -> new FacadeEcho("loop"));
        echo.put("futuresockets-loop-transfer", () -> new FacadeTransfer("loop"));
        echo.put("futuresockets-loop-lines", () -> new FacadeLines("loop"));
        echo.put("raw-loop", () -> new RawEcho("raw-loop", new LoopChannelProvider()));
        echo.put("futuresockets-nio2", () -> new FacadeEcho("nio2"));
        echo.put("futuresockets-nio2-transfer", () -> new FacadeTransfer("nio2"));
        echo.put("c-epoll", NativeEcho::new);
        echo.put("raw-nio2", () -> new RawEcho("raw-nio2", AsynchronousChannelProvider.provider()));
        ALL.put(Protocol.ECHO, echo);
        Map<String, Supplier<Peer>> frames = new LinkedHashMap<>();
        frames.put("futuresockets-loop", () -> new FacadeFrames("loop"));
        frames.put("futuresockets-nio2", () -> new FacadeFrames("nio2"));
        ALL.put(Protocol.FRAMES, frames);
        ALL.forEach((protocol, peers) -> {
            peers.put("netty-epoll", () -> new NettyPeer(protocol, true));
            peers.put("netty-nio", () -> new NettyPeer(protocol, false));
        });
    }

    private Peers() {}

    static String names(Protocol protocol) {
        return String.join(", ", peers(protocol).keySet());
    }

    static Peer create(String name, Protocol protocol) throws UsageException {
        Supplier<Peer> peer = peers(protocol).get(name);
        if (peer == null) {
            throw new UsageException(
                    "unknown peer: " + name + " (for " + protocol + " there are " + names(protocol) + ")");
        }
        return peer.get();
    }

    private static Map<String, Supplier<Peer>> peers(Protocol protocol) {
        return ALL.getOrDefault(protocol, Map.of());
    }
}
