package io.github.futuresockets;

import io.github.futuresockets.spi.Settings;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The sockets that the whole JVM shares: they have no owner, so nobody can close them. */
final class SharedSockets implements AsyncSockets {
    /** Set once, under the monitor of the class; null until a first use has succeeded. */
    private static volatile @Nullable SharedSockets instance;

    private final AsyncSockets sockets;

    private SharedSockets(AsyncSockets sockets) {
        this.sockets = sockets;
    }

    /** What the first use fails with, for want of descriptors or threads perhaps, the next one may not. */
    static AsyncSockets get() {
        SharedSockets made = instance;
        return made != null ? made : make();
    }

    private static synchronized AsyncSockets make() {
        SharedSockets made = instance;
        if (made == null) {
            made = new SharedSockets(
                    new SocketsBuilder().threadFactory(new SharedThreads()).build());
            instance = made;
        }
        return made;
    }

    @Override
    public CompletableFuture<AsyncSocket> connect(String host, int port) {
        return sockets.connect(host, port);
    }

    @Override
    public CompletableFuture<AsyncSocket> connect(SocketAddress remote) {
        return sockets.connect(remote);
    }

    @Override
    public AsyncServerSocket listen(String host, int port) throws IOException {
        return sockets.listen(host, port);
    }

    @Override
    public AsyncServerSocket listen(SocketAddress local) throws IOException {
        return sockets.listen(local);
    }

    @Override
    public CompletableFuture<AsyncSocket> connect(SocketAddress remote, Consumer<? super ConnectOptions> options) {
        return sockets.connect(remote, options);
    }

    @Override
    public AsyncServerSocket listen(SocketAddress local, Consumer<? super ListenOptions> options) throws IOException {
        return sockets.listen(local, options);
    }

    @Override
    public CompletableFuture<AsyncSocket> connectTls(String host, int port, TlsOptions options) {
        return sockets.connectTls(host, port, options);
    }

    @Override
    public ConnectionStats stats() {
        return sockets.stats();
    }

    @Override
    public CompletableFuture<ShutdownReport> shutdown(Duration grace) {
        Settings.notNegative(grace);
        return CompletableFuture.completedFuture(new ShutdownReport(0, 0));
    }

    @Override
    public void close() {}

    @Override
    public String toString() {
        return "shared " + sockets;
    }
}
