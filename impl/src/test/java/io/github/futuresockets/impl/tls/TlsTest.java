package io.github.futuresockets.impl.tls;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.TlsOptions;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Descriptors;
import io.github.futuresockets.impl.support.TestCertificates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A base class for tests with both ends in the library. After a test, no descriptor may stay open. */
abstract class TlsTest {
    static final TlsOptions CLIENT = TlsOptions.client().context(TestCertificates.client());
    static final TlsOptions SERVER = TlsOptions.server(TestCertificates.server());

    /** Opens a socket before descriptors are counted, because the JDK keeps some descriptors after the first use. */
    static {
        try {
            new ServerSocket(0).close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int descriptorsBefore = -1;
    AsyncSockets sockets;

    /** A test that runs over each provider. */
    @ParameterizedTest
    @ValueSource(strings = {"loop", "nio2", "memory"})
    @java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME)
    @interface OverEach {}

    final void open(String provider) {
        open(provider, builder -> builder);
    }

    final void open(String provider, UnaryOperator<AsyncSockets.Builder> settings) {
        descriptorsBefore = Descriptors.count();
        sockets = settings.apply(AsyncSockets.builder().provider(provider).threads(2))
                .build();
    }

    @AfterEach
    final void leaveNothing() {
        if (sockets != null) {
            sockets.close();
            Descriptors.awaitAtMost(descriptorsBefore);
        }
    }

    final AsyncServerSocket listen() throws IOException {
        return sockets.listen(new InetSocketAddress("127.0.0.1", 0));
    }

    final AsyncServerSocket listen(TlsOptions options) throws IOException {
        return sockets.listen(new InetSocketAddress("127.0.0.1", 0), chosen -> chosen.tls(options));
    }

    final CompletableFuture<AsyncSocket> connect(AsyncServerSocket server, TlsOptions options) {
        return sockets.connect(server.localAddress(), chosen -> chosen.tls(options));
    }

    /** Returns the two ends of a plaintext connection. The first end is the client. */
    final AsyncSocket[] pair() throws IOException {
        try (AsyncServerSocket server = listen()) {
            CompletableFuture<AsyncSocket> accepted = server.accept();
            AsyncSocket near = Await.value(sockets.connect(server.localAddress()));
            return new AsyncSocket[] {near, Await.value(accepted)};
        }
    }
}
