package io.github.futuresockets.impl;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The look-up of a name, on a thread that may block. */
final class LookUp implements Runnable {
    private final Engine engine;
    private final String host;

    /** A look-up that hangs must not keep in memory what nobody waits for any more. */
    private volatile @Nullable BiConsumer<List<InetAddress>, @Nullable Throwable> then;

    /** {@code then} gets the addresses, at least one, or none and the failure. */
    LookUp(Engine engine, String host, BiConsumer<List<InetAddress>, @Nullable Throwable> then) {
        this.engine = engine;
        this.host = host;
        this.then = then;
    }

    /** Nobody waits for it any more. */
    void forget() {
        then = null;
    }

    @Override
    public void run() {
        if (then == null) {
            return;
        }
        List<InetAddress> found = List.of();
        Throwable failure = null;
        try {
            found = engine.resolve(host);
            if (found.isEmpty()) {
                failure = new UnknownHostException("the resolver gave no address");
            }
        } catch (Throwable e) {
            failure = e;
        }
        BiConsumer<List<InetAddress>, @Nullable Throwable> told = then;
        if (told != null) {
            told.accept(found, failure);
        }
    }
}
