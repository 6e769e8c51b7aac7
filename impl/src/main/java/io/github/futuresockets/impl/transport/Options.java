package io.github.futuresockets.impl.transport;

import io.github.futuresockets.impl.common.Errors;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.nio.channels.NetworkChannel;
import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Sets socket options, and checks the options of a user in advance. Thread-safe. */
public final class Options {
    private static final int MOST_KNOWN = 256;

    /** The values that a socket has accepted, with the class of its address. At most about 256, and not tried again. */
    private final Set<Map.Entry<Class<?>, Map.Entry<SocketOption<?>, Object>>> known = ConcurrentHashMap.newKeySet();

    private final Network channels;

    /** Creates an object without known values. */
    public Options(Network channels) {
        this.channels = channels;
    }

    /**
     * Tries options on a socket that is closed afterwards. Each exception names the option.
     *
     * @param address an address of the kind of the later socket
     * @param options the options and their values
     * @throws IllegalArgumentException if a value is out of range
     * @throws UnsupportedOperationException if an option cannot be set
     * @throws IOException if the system refuses an option
     */
    public void check(SocketAddress address, Map<SocketOption<?>, Object> options) throws IOException {
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

    /** Sets the options that the channel supports, and ignores the rest. */
    public static void set(NetworkChannel channel, Map<SocketOption<?>, Object> all) throws IOException {
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
