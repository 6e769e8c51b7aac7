package io.github.futuresockets.impl.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Seeds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@link Rpc} with replies in any order, failed calls, given-up calls, events and a bounded server. */
class RpcTest {
    private final Map<String, CompletableFuture<String>> working = new ConcurrentHashMap<>();
    private final List<String> events = Collections.synchronizedList(new ArrayList<>());
    private AsyncSockets sockets;
    private AsyncServerSocket server;

    @BeforeEach
    void open() throws IOException {
        sockets = AsyncSockets.builder().threads(2).build();
        server = sockets.listen("localhost", 0);
    }

    @AfterEach
    void close() {
        sockets.close();
    }

    /** Starts a server whose calls end when the test ends them, and connects a client. */
    private Rpc.Client client() {
        Rpc.serve(server, text -> working.computeIfAbsent(text, any -> new CompletableFuture<>()));
        AsyncSocket socket = Await.value(sockets.connect(server.localAddress()));
        return Rpc.Client.over(socket, events::add);
    }

    private CompletableFuture<String> atWork(String text) {
        Await.until(text + " is at work", () -> working.containsKey(text));
        return working.remove(text);
    }

    @Test
    void call_repliesInAnyOrder_eachGetsOwnReply() {
        try (Rpc.Client client = client()) {
            List<CompletableFuture<String>> calls = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                calls.add(client.call("call " + i));
            }
            Await.until("all are at work", () -> working.size() == 10);
            List<String> order = new ArrayList<>(working.keySet());
            Collections.shuffle(order, Seeds.random("rpc by id"));
            String last = order.remove(9);
            order.forEach(each -> working.get(each).complete("reply to " + each));
            for (String each : order) {
                int number = Integer.parseInt(each.substring(5));
                assertEquals("reply to " + each, Await.value(calls.get(number)), "before the slowest call");
            }
            CompletableFuture<String> slowest = calls.get(Integer.parseInt(last.substring(5)));
            assertFalse(slowest.isDone());
            working.get(last).complete("at last");
            assertEquals("at last", Await.value(slowest));
        }
    }

    @Test
    void call_procedureFails_failsThatCallAlone() {
        try (Rpc.Client client = client()) {
            CompletableFuture<String> bad = client.call("bad");
            CompletableFuture<String> good = client.call("good");
            atWork("bad").completeExceptionally(new IllegalArgumentException("a bad call"));
            assertEquals("a bad call", Await.failure(IOException.class, bad).getMessage());
            atWork("good").complete("done");
            assertEquals("done", Await.value(good));
        }
    }

    @Test
    void call_cancelled_doesNotDisturbOthers() {
        try (Rpc.Client client = client()) {
            CompletableFuture<String> given = client.call("given up");
            CompletableFuture<String> other = client.call("other");
            CompletableFuture<String> work = atWork("given up");
            assertTrue(given.cancel(false));
            work.complete("too late");
            atWork("other").complete("done");
            assertEquals("done", Await.value(other));
            assertEquals(List.of(), events);
        }
    }

    @Test
    void serve_manyCalls_runAtMostSixteenAtOnce() {
        try (Rpc.Client client = client()) {
            List<CompletableFuture<String>> calls = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                calls.add(client.call("" + i));
            }
            for (int i = 0; i < 60; i++) {
                Await.until("call " + i, () -> !working.isEmpty());
                assertTrue(working.size() <= 16, working.size() + " at work");
                atWork("" + i).complete("done");
                assertEquals("done", Await.value(calls.get(i)));
            }
        }
    }

    @Test
    void event_withoutACall_reachesTheClient() throws IOException {
        CompletableFuture<AsyncSocket> accepted = server.accept();
        AsyncSocket socket = Await.value(sockets.connect(server.localAddress()));
        try (Rpc.Client client = Rpc.Client.over(socket, events::add)) {
            Await.value(accepted).messages(Rpc.CODEC).send(new Rpc.Message(0, false, "news"));
            Await.until("the news", () -> events.equals(List.of("news")));
            assertFalse(client.requests().ended().isDone());
        }
    }
}
