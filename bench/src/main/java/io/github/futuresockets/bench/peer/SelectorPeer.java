package io.github.futuresockets.bench.peer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * An echo server with a hand-written selector loop for each thread. The baseline without the convenience of a library.
 *
 * <p>Each loop has a listener of its own, so no connection changes threads. All listeners share a port by SO_REUSEPORT.
 */
final class SelectorPeer implements Peer {
    private final Protocol protocol;
    private final List<SelectorLoop> loops = new ArrayList<>();

    SelectorPeer(Protocol protocol) {
        this.protocol = protocol;
    }

    @Override
    public int start(int port, int threads, int buffer) throws IOException {
        int bound = port;
        for (int i = 0; i < threads; i++) {
            ServerSocketChannel listener = ServerSocketChannel.open();
            if (threads > 1) {
                listener.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            }
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), bound), 1024);
            bound = listener.socket().getLocalPort();
            SelectorLoop loop =
                    new SelectorLoop(listener, new EchoBuffers(protocol, buffer), SocketStreams.of(protocol));
            loops.add(loop);
            loop.start();
        }
        return bound;
    }

    @Override
    public void close() {
        loops.forEach(SelectorLoop::end);
    }
}
