package io.github.futuresockets.impl.engine;

import io.github.futuresockets.AsyncLoop;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.ConnectionHandler;
import io.github.futuresockets.Conversation;
import io.github.futuresockets.future.OperationFuture;
import io.github.futuresockets.impl.common.Log;
import io.github.futuresockets.impl.connection.Connection;
import java.lang.System.Logger.Level;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The future of serve: accepts connections and calls the handler for each, until the listener is closed. */
final class Serving extends OperationFuture<Void> {

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

    /** Reserves the accept queue and begins to accept. Fails the future if the queue refuses. */
    void begin() {
        Throwable refused = server.queue().reserve(describe());
        if (refused != null) {
            deliverFailure(refused);
            return;
        }
        AsyncLoop.forEach(() -> server.queue().accept(true), this::dispatch).whenComplete((none, failure) -> {
            if (withdrawn) {
                return;
            }
            if (failure == null || server.queue().isClosed()) {
                deliver(null);
            } else {
                deliverFailure(failure);
            }
        });
    }

    /**
     * Schedules the handler on the loop of the connection, or in the user's executor. The next accept does not wait.
     */
    private @Nullable CompletionStage<?> dispatch(AsyncSocket socket) {
        try {
            AcceptQueue.loopOf(socket).execute(() -> engine.complete(() -> handle(socket)));
        } catch (Throwable e) {
            failed(socket, e);
        }
        return null;
    }

    /** Calls the handler. Closes the socket when the stage of the handler succeeds, and aborts the socket otherwise. */
    private void handle(AsyncSocket socket) {
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

    private void failed(AsyncSocket socket, Throwable failure) {
        Connection connection = ((DefaultSocket) socket).connection();
        boolean own = engine.isEndOf(connection, failure);
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
