package io.github.futuresockets.bench;

import io.github.futuresockets.loop.LoopChannelProvider;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** All peers by name. */
final class Peers {
    private static final Map<String, Supplier<Peer>> BY_NAME = new LinkedHashMap<>();

    static {
        BY_NAME.put("futuresockets-loop", () -> new FacadeEcho("loop"));
        BY_NAME.put("futuresockets-loop-transfer", () -> new FacadeTransfer("loop"));
        BY_NAME.put("futuresockets-loop-lines", () -> new FacadeLines("loop"));
        BY_NAME.put("raw-loop", () -> new RawEcho("raw-loop", new LoopChannelProvider()));
        BY_NAME.put("futuresockets-nio2", () -> new FacadeEcho("nio2"));
        BY_NAME.put("futuresockets-nio2-transfer", () -> new FacadeTransfer("nio2"));
        BY_NAME.put("c-epoll", NativeEcho::new);
        BY_NAME.put("raw-nio2", () -> new RawEcho("raw-nio2", AsynchronousChannelProvider.provider()));
    }

    private Peers() {}

    static String names() {
        return String.join(", ", BY_NAME.keySet());
    }

    static Peer create(String name) throws UsageException {
        Supplier<Peer> peer = BY_NAME.get(name);
        if (peer == null) {
            throw new UsageException("unknown peer: " + name + " (there are " + names() + ")");
        }
        return peer.get();
    }
}
