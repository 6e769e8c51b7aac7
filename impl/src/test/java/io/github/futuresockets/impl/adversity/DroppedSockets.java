package io.github.futuresockets.impl.adversity;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Peer;
import io.github.futuresockets.impl.support.PeerServer;
import java.lang.ref.WeakReference;
import java.util.concurrent.CompletableFuture;

/**
 * A program in a JVM of its own that drops its references to a closed socket, an idle socket and a socket in a read.
 */
public final class DroppedSockets {
    private DroppedSockets() {}

    /** Runs the program. The argument is the name of the provider. */
    public static void main(String[] arguments) {
        try (AsyncSockets sockets =
                        AsyncSockets.builder().provider(arguments[0]).threads(1).build();
                PeerServer server = new PeerServer()) {
            awaitCollected(closed(sockets, server));
            say(sockets.stats().open() + " open behind a close");

            Peer idle = dropped(sockets, server);
            say("idle: the peer has got " + idle.read());
            idle.close();
            Await.until("an end", () -> sockets.stats().open() == 0);

            CompletableFuture<String> line = new CompletableFuture<>();
            Peer reading = read(sockets, server, line);
            System.gc();
            Peer other = dropped(sockets, server);
            say("other: the peer has got " + other.read());
            say("reading: " + sockets.stats().open() + " open");
            other.close();
            reading.send("late\n");
            say("reading: " + Await.value(line));
            say("reading: the peer has got " + reading.read());
            reading.close();
            Await.until("an end", () -> sockets.stats().open() == 0);
        }
        say("over");
    }

    private static void say(String what) {
        System.out.println(what);
    }

    private static WeakReference<AsyncSocket> closed(AsyncSockets sockets, PeerServer server) {
        AsyncSocket socket = Await.value(sockets.connect(server.address()));
        server.accept().close();
        socket.close();
        Await.value(socket.closed());
        return new WeakReference<>(socket);
    }

    private static Peer dropped(AsyncSockets sockets, PeerServer server) {
        WeakReference<AsyncSocket> socket = new WeakReference<>(Await.value(sockets.connect(server.address())));
        Peer peer = server.accept();
        awaitCollected(socket);
        return peer;
    }

    private static Peer read(AsyncSockets sockets, PeerServer server, CompletableFuture<String> line) {
        Await.value(sockets.connect(server.address())).readLine().thenAccept(line::complete);
        return server.accept();
    }

    private static void awaitCollected(WeakReference<AsyncSocket> socket) {
        Await.until("a collection", () -> {
            System.gc();
            return socket.get() == null;
        });
    }
}
