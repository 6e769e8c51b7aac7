package io.github.futuresockets.impl.engine;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.ConnectionHandler;
import io.github.futuresockets.Conversation;
import io.github.futuresockets.future.OperationFuture;
import io.github.futuresockets.impl.common.Log;
import java.lang.System.Logger.Level;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;

/** The future of serve: receives the connections of a listener, and calls the handler for each connection. */
final class Serving extends OperationFuture<Void> {
    /*
     * A connection reaches its handler with a single change of threads. The thread that has accepted the connection
     * adds a task to the loop of the connection. The task makes the socket and calls the handler.
     */
    private final DefaultServerSocket server;
    private final Engine engine;
    private final ConnectionHandler handler;

    /** True if a canceller completes this future. */
    private volatile boolean withdrawn;

    Serving(DefaultServerSocket server, ConnectionHandler handler) {
        super(server.engine());
        this.server = server;
        this.engine = server.engine();
        this.handler = handler;
    }

    /** Fails the future, because the listener refuses to be served. */
    void fail(Throwable refused) {
        deliverFailure(refused);
    }

    /** Receives a connection on any thread. Rejects the connection if its loop takes no task. */
    void accept(Arrival arrival) {
        try {
            arrival.loop().execute(() -> begin(arrival));
        } catch (Throwable e) {
            Log.log(Level.ERROR, "no task for a connection of " + server, e);
            arrival.reject();
        }
    }

    /** Makes the socket and schedules the handler, unless the listener was closed meanwhile. On the loop. */
    private void begin(Arrival arrival) {
        if (server.source().isClosed()) {
            arrival.reject();
            return;
        }
        DefaultSocket socket;
        try {
            socket = arrival.socket();
        } catch (Throwable e) {
            Log.log(Level.DEBUG, "a connection without a socket", e);
            return;
        }
        try {
            engine.complete(() -> handle(socket));
        } catch (Throwable e) {
            failed(socket, e);
        }
    }

    /** Completes the future after the close of the listener. */
    void closed() {
        if (!withdrawn) {
            engine.complete(() -> deliver(null));
        }
    }

    /** Calls the handler. Closes the socket when the stage of the handler succeeds, and aborts the socket otherwise. */
    private void handle(DefaultSocket socket) {
        try {
            CompletionStage<?> stage = Objects.requireNonNull(
                    server.handle(socket, () -> handler.handle(socket)), "the handler gave no stage");
            stage.whenComplete((value, failure) -> {
                if (failure == null) {
                    socket.close();
                } else {
                    failed(socket, bare(failure));
                }
            });
        } catch (Throwable e) {
            failed(socket, e);
        }
    }

    private void failed(DefaultSocket socket, Throwable failure) {
        boolean own = engine.isEndOf(socket.connection(), failure);
        socket.abort();
        tell(engine, "the handler of ", socket, failure, own);
    }

    /**
     * Reports a failure to the {@code onError} of the settings, or without one to the log.
     *
     * @param own true if the connection has ended and the handler failed for no other reason. Then the log level is
     *     DEBUG
     */
    static void tell(Engine engine, String what, AsyncSocket socket, Throwable failure, boolean own) {
        BiConsumer<? super AsyncSocket, ? super Throwable> onError =
                engine.settings().onError();
        try {
            if (onError != null) {
                onError.accept(socket, failure);
            } else {
                Log.log(own ? Level.DEBUG : Level.ERROR, what + name(socket) + " has failed", failure);
            }
        } catch (Throwable e) {
            Log.log(Level.ERROR, "onError of " + name(socket), e);
        }
    }

    private static String name(AsyncSocket socket) {
        return socket.localAddress() + " -> " + socket.remoteAddress();
    }

    /**
     * Runs a blocking conversation in an executor. Returns a stage that is done when the conversation returns or
     * throws.
     */
    static CompletionStage<?> run(
            DefaultServerSocket server, Conversation blocking, AsyncSocket socket, Executor executor) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        try {
            executor.execute(() -> {
                try {
                    server.handle(socket, () -> {
                        blocking.run(socket);
                        return null;
                    });
                    done.complete(null);
                } catch (Throwable e) {
                    done.completeExceptionally(e);
                }
            });
        } catch (Throwable rejected) {
            server.engine().counters().rejected.increment();
            throw rejected;
        }
        return done;
    }

    @Override
    protected boolean withdraw() {
        withdrawn = true;
        server.close();
        return true;
    }

    @Override
    protected String describe() {
        return "serve on " + server.localAddress();
    }
}
