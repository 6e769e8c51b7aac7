package io.github.futuresockets.impl;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.MemoryNetwork;
import io.github.futuresockets.impl.connection.Connection;
import io.github.futuresockets.impl.connection.Hook;
import io.github.futuresockets.impl.engine.DefaultSocket;
import io.github.futuresockets.impl.engine.Engine;
import io.github.futuresockets.impl.memory.VirtualClock;

/** What tests of other packages have to see: the moment between a claim and its bytes, and what is behind a socket. */
public final class TestAccess {
    private TestAccess() {}

    /** What a test may do there. */
    public interface Watch {
        /**
         * Asked under the lock of the read side whether the read may take its bytes; {@code pending} is the right answer.
         */
        default boolean claim(boolean pending) {
            return pending;
        }

        /** The read may take its bytes; its future is not done yet. */
        default void claimed() {}

        /** A connection is about to be handed over to an encrypted one. */
        default void upgrading() {}
    }

    /** From now on every read and every takeover of {@code sockets} passes by {@code watch}. */
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

    /** What is behind a socket and holds everything else of it: for a weak reference. */
    public static Object inside(AsyncSocket socket) {
        return ((DefaultSocket) socket).writes();
    }

    /** How many alarms are set in a network whose time is moved by its test. */
    public static int alarms(MemoryNetwork network) {
        return ((VirtualClock) ((Engine) network).clock()).pending();
    }

    /** The connections that are not closed. */
    public static String open(AsyncSockets sockets) {
        StringBuilder all = new StringBuilder();
        for (Connection each : ((Engine) sockets).connections(null)) {
            all.append(each)
                    .append(each.reads().state().isFilling() ? ", filling" : "")
                    .append(each.writes().state().isBusy() ? ", writing" : "")
                    .append("; ");
        }
        return all.toString();
    }
}
