package io.github.futuresockets.impl.transport;

import io.github.futuresockets.ConnectOptions;
import io.github.futuresockets.TlsOptions;
import io.github.futuresockets.spi.Settings;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The options of a connect, as chosen by the user. Not changed after the start of the connect. */
public final class ConnectSettings implements ConnectOptions {
    private final Map<SocketOption<?>, Object> options = new LinkedHashMap<>();
    private @Nullable SocketAddress local;
    private Duration timeout;
    private @Nullable TlsOptions tls;

    /** Creates the default options with the given time-out. */
    public ConnectSettings(Duration timeout) {
        this.timeout = timeout;
    }

    /** Returns the local address, or null if the system chooses. */
    public @Nullable SocketAddress local() {
        return local;
    }

    /** Returns the time-out of the whole connect. */
    public Duration timeout() {
        return timeout;
    }

    /** Returns the socket options. */
    public Map<SocketOption<?>, Object> options() {
        return options;
    }

    /** Returns the TLS options, or null without TLS. */
    public @Nullable TlsOptions tls() {
        return tls;
    }

    @Override
    public ConnectOptions tls(TlsOptions options) {
        tls = Objects.requireNonNull(options, "tls");
        return this;
    }

    @Override
    public ConnectOptions local(SocketAddress address) {
        local = Objects.requireNonNull(address, "local");
        return this;
    }

    @Override
    public ConnectOptions timeout(Duration whole) {
        timeout = Settings.notNegative(whole);
        return this;
    }

    @Override
    public <T> ConnectOptions option(SocketOption<T> name, T value) {
        options.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
        return this;
    }
}
