package io.github.futuresockets.impl.adversity;

import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.impl.stress.ConnectionPair;
import io.github.futuresockets.impl.support.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A program in a JVM of its own. Its callbacks block an I/O thread twice, first parked and then in a read of a JDK
 * socket.
 */
public final class HeldThread {
    private static final int LONG_MILLIS = 2_500;

    private HeldThread() {}

    /** Runs the program. The argument is the name of the provider. */
    public static void main(String[] arguments) throws IOException {
        try (AsyncSockets sockets =
                        AsyncSockets.builder().provider(arguments[0]).threads(1).build();
                ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                ConnectionPair link = ConnectionPair.open(sockets)) {
            for (int i = 0; i < 2; i++) {
                boolean first = i == 0;
                CompletableFuture<Void> held =
                        link.near().readSome(1).thenAccept(some -> holdTheThread(first ? null : silent));
                link.far().send("x");
                Await.value(held);
            }
            System.out.println("over");
        }
    }

    private static void holdTheThread(ServerSocket silent) {
        if (silent == null) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LONG_MILLIS));
            return;
        }
        try (Socket waiting = new Socket(silent.getInetAddress(), silent.getLocalPort())) {
            waiting.setSoTimeout(LONG_MILLIS);
            waiting.getInputStream().read();
            throw new AssertionError("somebody answered");
        } catch (SocketTimeoutException expected) {
            return;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
