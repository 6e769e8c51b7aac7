package io.github.futuresockets.impl.transport;

import io.github.futuresockets.ListenOptions;
import io.github.futuresockets.TlsOptions;
import java.net.SocketOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The options of a listener, as chosen by the user. Not changed after the listener is open. */
public final class ListenSettings implements ListenOptions {
    private int backlog = 1024;
    private int maxConnections = Integer.MAX_VALUE;
    private final Map<SocketOption<?>, Object> options = new LinkedHashMap<>();
    private @Nullable TlsOptions tls;

    /** Returns the maximum length of the kernel's accept queue. The default is 1024. */
    public int backlog() {
        return backlog;
    }

    /** Returns the maximum number of open connections. Unlimited by default. */
    public int maxConnections() {
        return maxConnections;
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
    public ListenOptions tls(TlsOptions chosen) {
        tls = Objects.requireNonNull(chosen, "tls");
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
