package io.github.futuresockets.loop;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/** The one logger. It never throws: a logger may, for want of memory or descriptors, and no I/O thread may end by that. */
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
