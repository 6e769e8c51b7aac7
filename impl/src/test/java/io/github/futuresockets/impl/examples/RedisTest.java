package io.github.futuresockets.impl.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.github.futuresockets.AsyncSocketPair;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.FaultPlan;
import io.github.futuresockets.codec.FrameTooLongException;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Installed;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@link Redis} with an installed {@code redis-server}. */
class RedisTest {
    private static final Duration AMPLE = Duration.ofSeconds(15);

    private static Installed server;
    private static int port;

    private AsyncSockets sockets;
    private Redis redis;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        Installed.assume("redis-server");
        port = Installed.freePort();
        server = Installed.start(
                        folder,
                        "redis-server",
                        "--bind",
                        "127.0.0.1",
                        "--port",
                        String.valueOf(port),
                        "--save",
                        "",
                        "--appendonly",
                        "no")
                .awaitListening(port);
    }

    @AfterAll
    static void end() {
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void connect() {
        sockets = AsyncSockets.builder().threads(2).build();
        redis = connected();
        assertEquals("OK", value("FLUSHALL"));
    }

    @AfterEach
    void disconnect() {
        sockets.close();
    }

    private Redis connected() {
        return Await.value(sockets.connect("127.0.0.1", port).thenApply(Redis::over));
    }

    private CompletableFuture<Object> call(String... command) {
        return redis.call(AMPLE, command);
    }

    private Object value(String... command) {
        return Await.value(call(command));
    }

    @Test
    void call_everyKindOfReply_isDecoded() {
        assertEquals("OK", value("SET", "key", "árvíztűrő\r\n"));
        assertEquals("árvíztűrő\r\n", value("GET", "key"));
        assertEquals("", value("ECHO", ""));
        assertNull(value("GET", "no such key"));
        assertEquals(1L, value("INCR", "counter"));
        assertEquals(2L, value("RPUSH", "list", "a", "b"));
        assertEquals(List.of("a", "b"), value("LRANGE", "list", "0", "-1"));
        assertEquals(Arrays.asList("1", null), value("MGET", "counter", "no such key"));
        assertEquals(List.of(), value("LRANGE", "no such key", "0", "-1"));
        IOException complaint = Await.failure(IOException.class, call("INCR", "key"));
        assertEquals("ERR value is not an integer or out of range", complaint.getMessage());
        assertEquals("PONG", value("PING"));
        String large = "0123456789".repeat(200_000);
        assertEquals("OK", value("SET", "large", large));
        assertEquals(large, value("GET", "large"));
    }

    @Test
    void call_tenThousandPipelined_eachGetsOwnReply() {
        List<CompletableFuture<Object>> replies = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            call("SET", "key " + i, "value " + i);
            replies.add(call("GET", "key " + i));
        }
        for (int i = 0; i < 10_000; i++) {
            assertEquals("value " + i, Await.value(replies.get(i)));
        }
    }

    @Test
    void call_timedOut_keepsPlaceInReplyOrder() {
        CompletableFuture<Object> late = redis.call(Duration.ofMillis(50), "BLPOP", "queue", "0");
        CompletableFuture<Object> behind = call("ECHO", "behind");
        Await.failure(TimeoutException.class, late);
        CompletableFuture<Object> after = call("ECHO", "after");
        assertFalse(behind.isDone());
        try (Redis other = connected()) {
            assertEquals(1L, Await.value(other.call(AMPLE, "RPUSH", "queue", "the late reply")));
        }
        assertEquals("behind", Await.value(behind));
        assertEquals("after", Await.value(after));
        assertEquals(0L, value("LLEN", "queue"));
    }

    @Test
    void call_listsInEachOtherWithoutEnd_fails() {
        try (AsyncSocketPair pair = AsyncSocketPair.inMemory();
                Redis client = Redis.over(pair.left())) {
            CompletableFuture<Object> lists = client.call(AMPLE, "LRANGE", "list", "0", "-1");
            pair.right().write("*1\r\n".repeat(16) + ":7\r\n");
            assertEquals("[".repeat(16) + 7 + "]".repeat(16), Await.value(lists).toString());
            lists = client.call(AMPLE, "LRANGE", "list", "0", "-1");
            pair.right().write("*1\r\n".repeat(10_000));
            Await.failure(ProtocolException.class, lists);
        }
    }

    @Test
    void call_lengthAboveLimit_failsAtOnce() {
        try (AsyncSocketPair pair = AsyncSocketPair.inMemory();
                Redis client = Redis.over(pair.left())) {
            CompletableFuture<Object> text = client.call(AMPLE, "GET", "key");
            pair.right().write("$16777217\r\n");
            Await.failure(FrameTooLongException.class, text);
        }
    }

    @Test
    void call_replyArrivesByteByByte_isDecoded() {
        FaultPlan single = FaultPlan.NONE.splitReads(1);
        try (AsyncSocketPair pair = AsyncSocketPair.inMemory(single, single);
                Redis client = Redis.over(pair.left())) {
            CompletableFuture<Object> list = client.call(AMPLE, "LRANGE", "list", "0", "-1");
            CompletableFuture<Object> pong = client.call(AMPLE, "PING");
            pair.right().write("*3\r\n$4\r\na\r\nb\r\n$-1\r\n:7\r\n+PONG\r\n");
            assertEquals(Arrays.asList("a\r\nb", null, 7L), Await.value(list));
            assertEquals("PONG", Await.value(pong));
            CompletableFuture<Object> never = client.call(AMPLE, "PING");
            pair.right().write("$4\r\nPO");
            pair.right().close();
            Await.failure(IOException.class, never);
        }
    }
}
