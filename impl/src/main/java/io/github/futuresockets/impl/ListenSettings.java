package io.github.futuresockets.impl;

import io.github.futuresockets.ListenOptions;
import io.github.futuresockets.TlsOptions;
import java.net.SocketOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What its user has chosen for a listener. Nobody changes it when the listener is there. */
final class ListenSettings implements ListenOptions {
    private int backlog = 1024;
    private int maxConnections = Integer.MAX_VALUE;
    private final Map<SocketOption<?>, Object> options = new LinkedHashMap<>();
    private @Nullable TlsOptions tls;

    int backlog() {
        return backlog;
    }

    int maxConnections() {
        return maxConnections;
    }

    Map<SocketOption<?>, Object> options() {
        return options;
    }

    @Nullable TlsOptions tls() {
        return tls;
    }

    /** What the context does not know is told now. */
    @Override
    public ListenOptions tls(TlsOptions chosen) {
        chosen.newEngine(null, -1);
        tls = chosen;
        return this;
    }

    @Override
    public ListenOptions backlog(int connections) {
        backlog = atLeastOne(connections, "backlog");
        return this;
    }

    @Override
    public ListenOptions maxConnections(int connections) {
        maxConnections = atLeastOne(connections, "maxConnections");
        return this;
    }

    private static int atLeastOne(int connections, String name) {
        if (connections < 1) {
            throw new IllegalArgumentException(name + " " + connections + " is less than 1");
        }
        return connections;
    }

    @Override
    public <T> ListenOptions option(SocketOption<T> name, T value) {
        options.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
        return this;
    }
}
