package io.github.futuresockets.impl.engine;

import io.github.futuresockets.ConnectionStats;
import io.github.futuresockets.SocketStats;
import io.github.futuresockets.impl.connection.Connection;
import io.github.futuresockets.impl.connection.ConnectionList;
import io.github.futuresockets.impl.connection.Resource;
import io.github.futuresockets.impl.transport.Transport;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The register of the resources of an engine: a list of the connections, and a set of all other resources. */
final class Resources {
    // guarded by this
    private final ConnectionList connections = new ConnectionList();
    private final Set<Resource> others = Collections.newSetFromMap(new IdentityHashMap<>());

    /** The traffic of the resources that were removed. */
    private SocketStats gone = SocketStats.NONE;

    synchronized void add(Resource each) {
        if (each instanceof Connection connection) {
            connections.add(connection);
        } else {
            others.add(each);
        }
    }

    /** Removes a resource and adds its traffic to the sum. Has no effect if the resource is not registered. */
    synchronized void remove(Resource each) {
        if (each instanceof Connection connection ? connections.remove(connection) : others.remove(each)) {
            gone = gone.plus(each.stats());
        }
    }

    /** Returns the statistics: the counters, the number of open connections, and the traffic of all resources. */
    synchronized ConnectionStats stats(Counters counters) {
        SocketStats sum = gone;
        long open = 0;
        for (Connection each : connections) {
            sum = sum.plus(each.stats());
            open += each.isClosed() ? 0 : 1;
        }
        for (Resource each : others) {
            sum = sum.plus(each.stats());
        }
        return counters.with(open, sum);
    }

    /** Returns the connection over a transport, or null. */
    synchronized @Nullable Connection over(Transport transport) {
        for (Connection each : connections) {
            if (each.transport() == transport) {
                return each;
            }
        }
        return null;
    }

    synchronized int count() {
        return connections.size() + others.size();
    }

    /** Returns a copy of the connections. */
    synchronized List<Connection> connections() {
        List<Connection> copy = new ArrayList<>(connections.size());
        connections.forEach(copy::add);
        return copy;
    }

    /** Returns a copy, so that the caller can end the resources without the lock. */
    synchronized List<Resource> list() {
        List<Resource> copy = new ArrayList<>(others);
        connections.forEach(copy::add);
        return copy;
    }
}
