package io.github.futuresockets.bench.peer;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The TLS implementations of Netty. */
enum NettyTls {
    JDK(SslProvider.JDK, () -> null),
    OPENSSL(SslProvider.OPENSSL_REFCNT, OpenSsl::unavailabilityCause);

    private final SslProvider provider;
    private final Supplier<@Nullable Throwable> unavailability;

    NettyTls(SslProvider provider, Supplier<@Nullable Throwable> unavailability) {
        this.provider = provider;
        this.unavailability = unavailability;
    }

    /** Returns the reason why the implementation is unavailable here. Empty if the implementation is available. */
    String obstacle() {
        return NettyTransport.innermost(unavailability.get());
    }

    SslContext server() throws IOException {
        return SslContextBuilder.forServer(TlsIdentity.key(), TlsIdentity.certificate())
                .sslProvider(provider)
                .protocols(TlsIdentity.PROTOCOL)
                .build();
    }
}
