package io.github.futuresockets.impl;

import io.github.futuresockets.AsyncLoop;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.ConnectionHandler;
import io.github.futuresockets.Conversation;
import io.github.futuresockets.spi.OperationFuture;
import java.lang.System.Logger.Level;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A listener that gives each connection to a handler, until it is closed. */
final class Serving extends OperationFuture<Void> {

    private final FutureServerSocket server;
    private final Engine engine;
    private final ConnectionHandler handler;

    /** Its canceller completes it. */
    private volatile boolean withdrawn;

    Serving(FutureServerSocket server, ConnectionHandler handler) {
        super(server.engine());
        this.server = server;
        this.engine = server.engine();
        this.handler = handler;
    }

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

    /** As a task of the connection's own loop; the next one is accepted meanwhile. */
    private @Nullable CompletionStage<?> dispatch(AsyncSocket socket) {
        try {
            AcceptQueue.loopOf(socket).execute(() -> engine.complete(() -> handle(socket)));
        } catch (Throwable e) {
            failed(socket, e);
        }
        return null;
    }

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
        Connection connection = ((FutureSocket) socket).connection();
        boolean own = engine.isEndOf(connection, failure);
        socket.abort();
        tell(engine, "the handler of ", socket, failure, own);
    }

    /** Tells whom the user wants to be told of what ends connections; {@code own}: that is the end of the connection itself. */
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

    /** A conversation in blocking style, as a stage. */
    static CompletionStage<?> run(
            FutureServerSocket server, Conversation blocking, AsyncSocket socket, Executor executor) {
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
