package io.github.futuresockets.impl.adversity;

import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.impl.stress.Link;
import io.github.futuresockets.impl.support.Await;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A program of its own, whose callback holds an I/O thread for a while. */
public final class HeldThread {
    private HeldThread() {}

    /** The program: the name of the provider. */
    public static void main(String[] arguments) {
        try (AsyncSockets sockets =
                        AsyncSockets.builder().provider(arguments[0]).threads(1).build();
                Link link = Link.open(sockets)) {
            for (int i = 0; i < 2; i++) {
                CompletableFuture<Void> held = link.near().readSome(1).thenAccept(some -> holdTheThread());
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1_100));
                link.far().send("x");
                Await.value(held);
            }
            System.out.println("over");
        }
    }

    private static void holdTheThread() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(3_200));
    }
}
