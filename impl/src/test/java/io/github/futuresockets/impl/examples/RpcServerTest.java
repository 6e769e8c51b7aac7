package io.github.futuresockets.impl.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.Requests;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Seeds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@link RpcServer} with many calls in progress, and with a failing procedure. */
class RpcServerTest {
    private AsyncSockets sockets;
    private AsyncServerSocket server;

    @BeforeEach
    void open() throws IOException {
        sockets = AsyncSockets.builder()
                .threads(2)
                .onError((socket, failure) -> {})
                .build();
        server = sockets.listen("localhost", 0);
    }

    @AfterEach
    void close() {
        sockets.close();
    }

    /** Starts the server and connects a client with at most 64 calls in flight. */
    private Requests<String, String> call(Function<String, CompletionStage<String>> procedure) {
        RpcServer.serve(server, procedure);
        return call();
    }

    private Requests<String, String> call() {
        AsyncSocket socket = Await.value(sockets.connect(server.localAddress()));
        return socket.requests(RpcServer.TEXT, RpcServer.TEXT, 64);
    }

    @Test
    void request_completedOutOfOrder_eachGetsOwnReply() {
        Map<String, CompletableFuture<String>> working = new ConcurrentHashMap<>();
        try (Requests<String, String> client =
                call(name -> working.computeIfAbsent(name, any -> new CompletableFuture<>()))) {
            List<CompletableFuture<String>> replies = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                replies.add(client.request("call " + i));
            }
            Await.until("all are at work", () -> working.size() == 10);
            List<String> order = new ArrayList<>(working.keySet());
            Collections.shuffle(order, Seeds.random("rpc"));
            order.forEach(each -> working.get(each).complete("reply to " + each));
            for (int i = 0; i < 10; i++) {
                assertEquals("reply to call " + i, Await.value(replies.get(i)));
            }
        }
    }

    @Test
    void serve_hundredCallsOnOneConnection_runAtMostSixteenAtOnce() {
        Map<String, CompletableFuture<String>> working = new ConcurrentHashMap<>();
        try (Requests<String, String> client = call(name -> {
            CompletableFuture<String> reply = new CompletableFuture<>();
            working.put(name, reply);
            return reply;
        })) {
            List<CompletableFuture<String>> replies = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                replies.add(client.request("" + i));
            }
            for (int i = 0; i < 100; i++) {
                int next = i;
                Await.until("call " + i, () -> working.containsKey("" + next));
                assertTrue(working.size() <= 16, working.size() + " at work");
                working.remove("" + i).complete("done");
                assertEquals("done", Await.value(replies.get(i)));
            }
        }
    }

    @Test
    void serve_procedureFails_closesOnlyThatConnection() {
        try (Requests<String, String> client = call(name -> name.equals("bad")
                        ? CompletableFuture.failedFuture(new IllegalArgumentException(name))
                        : CompletableFuture.completedFuture(name));
                Requests<String, String> other = call()) {
            assertEquals("good", Await.value(client.request("good")));
            Await.failure(IOException.class, client.request("bad"));
            assertEquals("good", Await.value(other.request("good")));
        }
    }
}
