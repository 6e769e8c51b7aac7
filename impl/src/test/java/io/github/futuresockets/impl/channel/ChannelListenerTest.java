package io.github.futuresockets.impl.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.impl.common.Supplies;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.transport.IoLoop;
import io.github.futuresockets.impl.transport.ListenSettings;
import io.github.futuresockets.impl.transport.Network;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Tests a {@link ChannelListener} with a listening channel on each of two loops. */
@EnabledOnOs(OS.LINUX)
class ChannelListenerTest {
    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final List<Loop> loops = new ArrayList<>();
    private final List<Listening> opened = new ArrayList<>();
    private ChannelNetwork network;

    @BeforeEach
    void open() throws IOException {
        for (int i = 0; i < 2; i++) {
            loops.add(new Loop());
        }
        network = new ChannelNetwork(loops, Map.of());
    }

    @AfterEach
    void close() {
        loops.forEach(IoLoop::shutdown);
    }

    private ChannelListener listen(InetSocketAddress local, Network.AcceptCallback callback) throws IOException {
        return ChannelListener.open(network, loops, local, new ListenSettings(), callback);
    }

    /** A loop whose listening channels note their binds. */
    private final class Loop extends ChannelLoop {
        private final Nio2Loop below = new Nio2Loop(Thread::new, Supplies.Memory.JVM);

        Loop() throws IOException {
            super(Supplies.Memory.JVM);
        }

        @Override
        AsynchronousSocketChannel openSocket(SocketAddress remote) throws IOException {
            return below.openSocket(remote);
        }

        @Override
        AsynchronousServerSocketChannel openListener(SocketAddress local) throws IOException {
            Listening channel = new Listening(below.openListener(local));
            opened.add(channel);
            return channel;
        }

        @Override
        void end() {
            below.end();
        }

        @Override
        void submit(Runnable task) {
            below.submit(task);
        }

        @Override
        public boolean inLoop() {
            return below.inLoop();
        }

        @Override
        public void awaitTermination() throws InterruptedException {
            below.awaitTermination();
        }
    }

    /** A listening channel that notes if the port was held by another open channel at the bind. */
    private final class Listening extends AsynchronousServerSocketChannel {
        private final AsynchronousServerSocketChannel below;
        private boolean sharedAtBind;
        private boolean heldByAnotherAtBind;
        private boolean bound;

        Listening(AsynchronousServerSocketChannel below) {
            super(below.provider());
            this.below = below;
        }

        @Override
        public AsynchronousServerSocketChannel bind(SocketAddress local, int backlog) throws IOException {
            sharedAtBind = getOption(StandardSocketOptions.SO_REUSEPORT);
            heldByAnotherAtBind = opened.stream().anyMatch(each -> each.bound && each.isOpen());
            below.bind(local, backlog);
            bound = true;
            return this;
        }

        @Override
        public <T> AsynchronousServerSocketChannel setOption(SocketOption<T> name, T value) throws IOException {
            below.setOption(name, value);
            return this;
        }

        @Override
        public <T> T getOption(SocketOption<T> name) throws IOException {
            return below.getOption(name);
        }

        @Override
        public Set<SocketOption<?>> supportedOptions() {
            return below.supportedOptions();
        }

        @Override
        public <A> void accept(A attachment, CompletionHandler<AsynchronousSocketChannel, ? super A> handler) {
            below.accept(attachment, handler);
        }

        @Override
        public Future<AsynchronousSocketChannel> accept() {
            return below.accept();
        }

        @Override
        public SocketAddress getLocalAddress() throws IOException {
            return below.getLocalAddress();
        }

        @Override
        public boolean isOpen() {
            return below.isOpen();
        }

        @Override
        public void close() throws IOException {
            below.close();
        }
    }

    private static InetSocketAddress freePort() throws IOException {
        try (ServerSocketChannel free = ServerSocketChannel.open()) {
            return (InetSocketAddress) free.bind(ANY).getLocalAddress();
        }
    }

    /** Between a check of the port and its use, no other listener can take the port. */
    @Test
    void open_onTwoLoops_holdsPortFromTheCheckOn() throws Exception {
        for (InetSocketAddress local : List.of(ANY, freePort())) {
            opened.clear();
            ChannelListener listener = listen(local, (transport, failure) -> {});
            for (Listening each : opened) {
                assertEquals(each.sharedAtBind, each.heldByAnotherAtBind, "a shared bind to a port that is not held");
            }
            assertFalse(opened.get(0).sharedAtBind);
            assertTrue(opened.get(1).sharedAtBind);
            CompletableFuture<Void> closed = new CompletableFuture<>();
            listener.close(() -> closed.complete(null));
            Await.value(closed);
        }
    }

    @Test
    void open_portOfASharedListener_isRefused() throws Exception {
        try (ServerSocketChannel other = ServerSocketChannel.open()) {
            other.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            other.bind(ANY);
            InetSocketAddress taken = (InetSocketAddress) other.getLocalAddress();
            assertThrows(BindException.class, () -> listen(taken, (transport, failure) -> {}));
            Await.until("the channels to close", () -> opened.stream().noneMatch(Listening::isOpen));
        }
    }

    @Test
    void want_manyCallers_bothLoopsAccept() throws Exception {
        Set<IoLoop> accepting = ConcurrentHashMap.newKeySet();
        ChannelListener[] listener = new ChannelListener[1];
        listener[0] = listen(ANY, (transport, failure) -> {
            accepting.add(transport.loop());
            transport.drop();
            listener[0].want();
        });
        listener[0].want();
        Await.until("a connection on each loop", () -> {
            try {
                new Socket(ANY.getAddress(), ((InetSocketAddress) listener[0].localAddress()).getPort()).close();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            return accepting.size() == 2;
        });
        listener[0].close(() -> {});
    }
}
