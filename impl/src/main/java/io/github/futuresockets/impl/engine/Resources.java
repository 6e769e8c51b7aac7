package io.github.futuresockets.impl.engine;

import io.github.futuresockets.ConnectionStats;
import io.github.futuresockets.SocketStats;
import io.github.futuresockets.impl.connection.Connection;
import io.github.futuresockets.impl.connection.Resource;
import io.github.futuresockets.impl.transport.Transport;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The register of the resources of an engine. An identity set, because a concurrent set takes twice the memory. */
final class Resources {
    // guarded by this
    private final Set<Resource> all = Collections.newSetFromMap(new IdentityHashMap<>());

    /** The traffic of the resources that were removed. */
    private SocketStats gone = SocketStats.NONE;

    synchronized void add(Resource each) {
        all.add(each);
    }

    /** Removes a resource and adds its traffic to the sum. Has no effect if the resource is not registered. */
    synchronized void remove(Resource each) {
        if (all.remove(each)) {
            gone = gone.plus(each.stats());
        }
    }

    /** Returns the statistics: the counters, the number of open connections, and the traffic of all resources. */
    synchronized ConnectionStats stats(Counters counters) {
        SocketStats sum = gone;
        long open = 0;
        for (Resource each : all) {
            sum = sum.plus(each.stats());
            open += each instanceof Connection connection && !connection.isClosed() ? 1 : 0;
        }
        return counters.with(open, sum);
    }

    /** Returns the connection over a transport, or null. */
    synchronized @Nullable Connection over(Transport transport) {
        for (Resource each : all) {
            if (each instanceof Connection connection && connection.transport() == transport) {
                return connection;
            }
        }
        return null;
    }

    synchronized int count() {
        return all.size();
    }

    /** Returns a copy, so that the caller can end the resources without the lock. */
    synchronized List<Resource> list() {
        return new ArrayList<>(all);
    }
}
