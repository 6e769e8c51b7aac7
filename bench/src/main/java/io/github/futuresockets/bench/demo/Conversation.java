package io.github.futuresockets.bench.demo;

import io.github.futuresockets.AsyncLoop;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import java.io.IOException;
import java.net.SocketAddress;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The client's side of a connection to the echo server. A subclass sends the messages and verifies the echoes. */
public abstract class Conversation {
    private final String name;
    private final BooleanSupplier timeIsUp;

    // written by an I/O thread, read by the thread of the DemoRun
    private volatile long progress = System.nanoTime();
    private volatile String doing = "waits for its turn";
    private volatile String addresses = "not connected";

    Conversation(String name, BooleanSupplier timeIsUp) {
        this.name = name;
        this.timeIsUp = timeIsUp;
    }

    /**
     * Sends a message and verifies the echo, byte by byte and by digest.
     *
     * @return a future that completes after the echo, with true if the conversation must go on even if time is up
     */
    abstract CompletionStage<Boolean> exchange(AsyncSocket socket);

    /** Returns the state of {@link #exchange} for the report of a hang. Called by the thread of the DemoRun. */
    abstract String exchanging();

    /**
     * Connects, and exchanges messages until time is up. The future completes after the socket is closed on both sides
     * and released. The future fails if the connect, an exchange or the close fails.
     */
    CompletableFuture<Void> converse(AsyncSockets sockets, SocketAddress server) {
        doing("connects");
        return sockets.connect(server).thenCompose(socket -> {
            addresses = socket.localAddress() + " -> " + socket.remoteAddress();
            doing("");
            return AsyncLoop.whileTrue(() -> exchange(socket).thenApply(this::goesOn))
                    .whenComplete((none, failure) -> end(socket, failure))
                    .thenCompose(none -> socket.closed())
                    .thenAccept(reason -> {
                        if (reason.cause() != null) {
                            throw new CompletionException(reason.cause());
                        }
                    });
        });
    }

    private boolean goesOn(boolean more) {
        progress = System.nanoTime();
        return more || !timeIsUp.getAsBoolean();
    }

    private void end(AsyncSocket socket, @Nullable Throwable failure) {
        if (failure == null) {
            doing("closes");
            socket.close();
        } else {
            socket.abort();
        }
    }

    private void doing(String what) {
        doing = what;
        progress = System.nanoTime();
    }

    /** Returns the seconds since the last progress. For any thread. */
    double secondsWithoutProgress() {
        return (System.nanoTime() - progress) / 1e9;
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    static CompletionException wrong(String message) {
        return new CompletionException(new IOException(message));
    }

    @Override
    public String toString() {
        String what = doing.isEmpty() ? exchanging() : doing;
        return String.format(Locale.ROOT, "%s (%s): %s", name, addresses, what);
    }
}
