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

/** The ground of tests of encrypted sockets: both ends are ours, of whichever provider, and nothing is left of them. */
abstract class TlsTest {
    static final TlsOptions CLIENT = TlsOptions.client().context(TestCertificates.client());
    static final TlsOptions SERVER = TlsOptions.server(TestCertificates.server());

    /** Lets the JDK open what it opens once and keeps for ever. */
    static {
        try {
            new ServerSocket(0).close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int descriptorsBefore = -1;
    AsyncSockets sockets;

    /** A test that is run over each provider. */
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

    /** Two ends of a plain connection. */
    final AsyncSocket[] pair() throws IOException {
        try (AsyncServerSocket server = listen()) {
            CompletableFuture<AsyncSocket> accepted = server.accept();
            AsyncSocket near = Await.value(sockets.connect(server.localAddress()));
            return new AsyncSocket[] {near, Await.value(accepted)};
        }
    }
}
