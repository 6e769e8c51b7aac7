package io.github.futuresockets.impl.observe;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An operation that a flight recorder can follow to its end. */
public interface Recorded {
    /** Returns the name of the operation. */
    String name();

    /** Returns the remote address. */
    String peer();

    /** Returns the number of bytes arrived on the connection for a read, or left to be sent for a write. */
    default long bytes() {
        return 0;
    }

    /** Calls an observer once, with the failure of the operation, or with null after a success. */
    void observe(Consumer<? super @Nullable Throwable> observer);
}
