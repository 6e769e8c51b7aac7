package io.github.futuresockets.impl;

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

    /** All that an engine has. By identity, which takes half the room of a concurrent set. */
    final class All {
        private final Set<Owned> all = Collections.newSetFromMap(new IdentityHashMap<>());

        synchronized void add(Owned each) {
            all.add(each);
        }

        synchronized void remove(Owned each) {
            all.remove(each);
        }

        synchronized int count() {
            return all.size();
        }

        synchronized List<Owned> list() {
            return new ArrayList<>(all);
        }
    }
}
