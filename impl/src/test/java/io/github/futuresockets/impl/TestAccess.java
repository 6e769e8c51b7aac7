package io.github.futuresockets.impl;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.MemoryNetwork;
import io.github.futuresockets.impl.connection.Connection;
import io.github.futuresockets.impl.connection.Hook;
import io.github.futuresockets.impl.engine.DefaultSocket;
import io.github.futuresockets.impl.engine.Engine;
import io.github.futuresockets.impl.memory.VirtualClock;

/** Access for tests of other packages to internals: the steps of a read, the write side of a socket, and the timers. */
public final class TestAccess {
    private TestAccess() {}

    /** Callbacks of a test at the steps of a read and of an upgrade. Each default changes nothing. */
    public interface Watch {
        /**
         * Returns true if the read may take its bytes. Called under the lock of the read state. The correct answer is
         * {@code pending}.
         */
        default boolean claim(boolean pending) {
            return pending;
        }

        /** Called after the claim of a read and before the completion of its future. */
        default void claimed() {}

        /** Called before a connection is upgraded to TLS. */
        default void upgrading() {}
    }

    /** Calls {@code watch} from now on at each read and each upgrade of {@code sockets}. */
    public static void install(AsyncSockets sockets, Watch watch) {
        ((Engine) sockets).hook = new Hook() {
            @Override
            public boolean claim(boolean pending) {
                return watch.claim(pending);
            }

            @Override
            public void claimed() {
                watch.claimed();
            }

            @Override
            public void upgrading() {
                watch.upgrading();
            }
        };
    }

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
                    .append(each.reads().state().isReading() ? ", reading" : "")
                    .append(each.writes().state().isFlushing() ? ", writing" : "")
                    .append("; ");
        }
        return all.toString();
    }
}
