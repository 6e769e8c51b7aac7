package io.github.futuresockets.impl;

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

/** What its user has chosen for a connect. Nobody changes it when the connect has begun. */
final class ConnectSettings implements ConnectOptions {
    private final Map<SocketOption<?>, Object> options = new LinkedHashMap<>();
    private @Nullable SocketAddress local;
    private Duration timeout;
    private @Nullable TlsOptions tls;

    ConnectSettings(Duration timeout) {
        this.timeout = timeout;
    }

    @Nullable SocketAddress local() {
        return local;
    }

    Duration timeout() {
        return timeout;
    }

    Map<SocketOption<?>, Object> options() {
        return options;
    }

    @Nullable TlsOptions tls() {
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
