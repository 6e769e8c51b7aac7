package io.github.futuresockets.impl;

import io.github.futuresockets.ConnectionStats;
import io.github.futuresockets.SocketStats;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** What has to end before the loops may. */
interface Owned {
    /** Ends it at once; it then calls {@link Engine#disown}. From any thread, any number of times. */
    void abort();

    /** A shutdown has begun. From any thread, any number of times. */
    default void stop() {}

    /** What it has moved. From any thread. */
    default SocketStats stats() {
        return SocketStats.NONE;
    }

    /** All that an engine has. By identity, which takes half the room of a concurrent set. */
    final class All {
        private final Set<Owned> all = Collections.newSetFromMap(new IdentityHashMap<>());

        /** What those have moved that are not here any more. */
        private SocketStats gone = SocketStats.NONE;

        synchronized void add(Owned each) {
            all.add(each);
        }

        synchronized void remove(Owned each) {
            if (all.remove(each)) {
                gone = gone.plus(each.stats());
            }
        }

        synchronized ConnectionStats stats(Counters counters) {
            SocketStats sum = gone;
            long open = 0;
            for (Owned each : all) {
                sum = sum.plus(each.stats());
                open += each instanceof Connection && !((Connection) each).isClosed() ? 1 : 0;
            }
            return counters.with(open, sum);
        }

        synchronized int count() {
            return all.size();
        }

        synchronized List<Owned> list() {
            return new ArrayList<>(all);
        }
    }
}
