package io.github.futuresockets.loop;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * The logger of the provider. Never throws, because a logger without memory or descriptors must not end an I/O thread.
 */
final class Log {
    private static final Logger LOG = System.getLogger("io.github.futuresockets");

    private Log() {}

    static void log(Level level, String what, @Nullable Throwable why) {
        try {
            LOG.log(level, what, why);
        } catch (Throwable unlogged) {
            return;
        }
    }
}
