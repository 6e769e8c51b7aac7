package io.github.futuresockets.impl.common;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * The logger of the library. Never throws. Because a logger may fail for want of memory or descriptors, and no I/O
 * thread may end by such a failure, failures are ignored.
 */
public final class Log {
    private static final Logger LOG = System.getLogger("io.github.futuresockets");

    private Log() {}

    /** Logs a message with an optional failure. */
    public static void log(Level level, String what, @Nullable Throwable why) {
        try {
            LOG.log(level, what, why);
        } catch (Throwable unlogged) {
            return;
        }
    }
}
