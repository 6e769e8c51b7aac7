package io.github.futuresockets.impl;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.MemoryNetwork;
import io.github.futuresockets.impl.connection.Connection;
import io.github.futuresockets.impl.engine.DefaultSocket;
import io.github.futuresockets.impl.engine.Engine;
import io.github.futuresockets.impl.memory.VirtualClock;

/** Access for tests of other packages to internals: the write side of a socket, the open connections, the timers. */
public final class TestAccess {
    private TestAccess() {}

    /** Returns the write side of a socket. The write side stays reachable as long as the connection. */
    public static Object inside(AsyncSocket socket) {
        return ((DefaultSocket) socket).writes();
    }

    /** Returns the number of pending timers in a network with a virtual clock. */
    public static int alarms(MemoryNetwork network) {
        return ((VirtualClock) ((Engine) network).clock()).pending();
    }

    /** Returns a description of the open connections. */
    public static String open(AsyncSockets sockets) {
        StringBuilder all = new StringBuilder();
        for (Connection each : ((Engine) sockets).connections(null)) {
            all.append(each)
                    .append(each.reads().state().isBusy() ? ", reading" : "")
                    .append(each.writes().state().isFlushing() ? ", writing" : "")
                    .append("; ");
        }
        return all.toString();
    }
}
