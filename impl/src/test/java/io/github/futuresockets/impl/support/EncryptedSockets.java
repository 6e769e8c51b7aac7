package io.github.futuresockets.impl.support;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.ConnectOptions;
import io.github.futuresockets.ConnectionStats;
import io.github.futuresockets.ListenOptions;
import io.github.futuresockets.ShutdownReport;
import io.github.futuresockets.TlsOptions;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Sockets with TLS for every connection. Because the interface is the same, tests of plain sockets run unchanged. */
public final class EncryptedSockets implements AsyncSockets {
    private final AsyncSockets sockets;
    private final TlsOptions client;
    private final TlsOptions server;

    private EncryptedSockets(AsyncSockets sockets, String protocol) {
        this.sockets = sockets;
        this.client = TlsOptions.client()
                .context(TestCertificates.client())
                .protocols(protocol)
                .verifyHostName(false);
        this.server = TlsOptions.server(TestCertificates.server()).protocols(protocol);
    }

    /** Returns a builder of encrypted sockets over the sockets of {@code plain}. */
    public static Builder builder(Builder plain, String protocol) {
        return (Builder) Proxy.newProxyInstance(
                Builder.class.getClassLoader(), new Class<?>[] {Builder.class}, (proxy, method, arguments) -> {
                    try {
                        Object result = method.invoke(plain, arguments);
                        return result == plain ? proxy : new EncryptedSockets((AsyncSockets) result, protocol);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Override
    public CompletableFuture<AsyncSocket> connect(String host, int port) {
        return sockets.connectTls(host, port, client);
    }

    @Override
    public CompletableFuture<AsyncSocket> connect(SocketAddress remote) {
        return sockets.connect(remote, chosen -> chosen.tls(client));
    }

    @Override
    public CompletableFuture<AsyncSocket> connect(SocketAddress remote, Consumer<? super ConnectOptions> options) {
        return sockets.connect(remote, chosen -> options.accept(chosen.tls(client)));
    }

    @Override
    public CompletableFuture<AsyncSocket> connectTls(String host, int port, TlsOptions options) {
        return sockets.connectTls(host, port, options);
    }

    @Override
    public AsyncServerSocket listen(String host, int port) throws IOException {
        return host.isEmpty()
                ? sockets.listen(new java.net.InetSocketAddress(port), chosen -> chosen.tls(server))
                : sockets.listen(new java.net.InetSocketAddress(host, port), chosen -> chosen.tls(server));
    }

    @Override
    public AsyncServerSocket listen(SocketAddress local) throws IOException {
        return sockets.listen(local, chosen -> chosen.tls(server));
    }

    @Override
    public AsyncServerSocket listen(SocketAddress local, Consumer<? super ListenOptions> options) throws IOException {
        return sockets.listen(local, chosen -> options.accept(chosen.tls(server)));
    }

    @Override
    public ConnectionStats stats() {
        return sockets.stats();
    }

    @Override
    public CompletableFuture<ShutdownReport> shutdown(Duration grace) {
        return sockets.shutdown(grace);
    }

    @Override
    public void close() {
        sockets.close();
    }

    @Override
    public String toString() {
        return sockets.toString();
    }
}
