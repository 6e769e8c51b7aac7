package io.github.futuresockets.impl;

import io.github.futuresockets.AsyncSockets;

/** Lets tests of other packages stand between the moment a read may take its bytes and the moment it has them. */
public final class HookAccess {
    private HookAccess() {}

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
    }

    /** From now on every read of {@code sockets} passes by {@code watch}. */
    public static void install(AsyncSockets sockets, Watch watch) {
        ((Engine) sockets).hook = new Hook() {
            @Override
            boolean claim(boolean pending) {
                return watch.claim(pending);
            }

            @Override
            void claimed() {
                watch.claimed();
            }
        };
    }
}
