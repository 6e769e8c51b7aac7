package io.github.futuresockets;

import io.github.futuresockets.spi.Settings;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The sockets that are shared by the whole JVM. Closing or shutting down the shared sockets has no effect. */
final class SharedSockets implements AsyncSockets {
    /** Null until a first use has succeeded. Written once, guarded by SharedSockets.class, and read by any thread. */
    private static volatile @Nullable SharedSockets instance;

    private final AsyncSockets sockets;

    private SharedSockets(AsyncSockets sockets) {
        this.sockets = sockets;
    }

    /**
     * Returns the shared sockets, and creates them at the first use. If the creation fails, for example for want of
     * descriptors or threads, the next use tries again.
     */
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
