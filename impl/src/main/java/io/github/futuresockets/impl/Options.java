package io.github.futuresockets.impl;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.nio.channels.NetworkChannel;
import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Options of sockets: set by name, and refused where the user has chosen them. */
final class Options {
    private static final int MOST_KNOWN = 256;

    /** Options with values that a socket has taken, with the kind of its address. These are not tried again. */
    private final Set<Map.Entry<Class<?>, Map.Entry<SocketOption<?>, Object>>> known = ConcurrentHashMap.newKeySet();

    private final Channels channels;

    Options(Channels channels) {
        this.channels = channels;
    }

    /**
     * Tries options on a socket of its own.
     *
     * @throws IllegalArgumentException if a value is out of range, naming the option
     * @throws UnsupportedOperationException if an option cannot be set, naming that
     * @throws IOException if the system refuses an option, naming that
     */
    void check(SocketAddress address, Map<SocketOption<?>, Object> options) throws IOException {
        for (Map.Entry<SocketOption<?>, Object> each : options.entrySet()) {
            Map.Entry<Class<?>, Map.Entry<SocketOption<?>, Object>> tried =
                    new SimpleImmutableEntry<>(address.getClass(), new SimpleImmutableEntry<>(each));
            if (!known.contains(tried)) {
                try (NetworkChannel probe = channels.probe(address)) {
                    set(probe, each.getKey(), each.getValue());
                }
                if (known.size() < MOST_KNOWN) {
                    known.add(tried);
                }
            }
        }
    }

    /** Sets what the channel has; what it does not have is for others. */
    static void set(NetworkChannel channel, Map<SocketOption<?>, Object> all) throws IOException {
        for (Map.Entry<SocketOption<?>, Object> each : all.entrySet()) {
            set(channel, each.getKey(), each.getValue());
        }
    }

    @SuppressWarnings("unchecked")
    private static void set(NetworkChannel channel, SocketOption<?> name, Object value) throws IOException {
        if (!channel.supportedOptions().contains(name)) {
            return;
        }
        try {
            channel.setOption((SocketOption<Object>) name, value);
        } catch (IllegalArgumentException | ClassCastException e) {
            throw new IllegalArgumentException(message(name, value, e), e);
        } catch (UnsupportedOperationException e) {
            throw new UnsupportedOperationException(message(name, value, e), e);
        } catch (IOException e) {
            SocketException named = new SocketException(message(name, value, e));
            named.initCause(e);
            throw named;
        }
    }

    private static String message(SocketOption<?> name, Object value, Exception cause) {
        return "option " + name.name() + " = " + value + ": " + Errors.reason(cause);
    }
}
