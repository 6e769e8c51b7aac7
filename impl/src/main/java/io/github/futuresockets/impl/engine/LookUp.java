package io.github.futuresockets.impl.engine;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The look-up of a name, as a task for a thread that may block. */
final class LookUp implements Runnable {
    private final Engine engine;
    private final String host;

    /**
     * The receiver of the outcome. Null after {@link #forget}, so that a look-up that hangs keeps no connect in memory.
     */
    private volatile @Nullable BiConsumer<List<InetAddress>, @Nullable Throwable> then;

    /**
     * Makes a look-up.
     *
     * @param then receives at least one address and null, or an empty list and the failure
     */
    LookUp(Engine engine, String host, BiConsumer<List<InetAddress>, @Nullable Throwable> then) {
        this.engine = engine;
        this.host = host;
        this.then = then;
    }

    /** Drops the receiver of the outcome. A look-up that has not begun then does nothing. */
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
