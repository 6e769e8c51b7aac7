package io.github.futuresockets.impl.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncLoop;
import io.github.futuresockets.IncompleteReadException;
import io.github.futuresockets.Requests;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Background;
import io.github.futuresockets.impl.support.Heap;
import io.github.futuresockets.impl.support.TextLines;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Pipelined requests of {@code Requests}. Replies are assigned in the order of the requests. */
abstract class RequestsContract extends ContractTest {

    private Requests<String, String> requests(int inFlight) {
        return socket.requests(TextLines.CODEC, TextLines.CODEC, inFlight);
    }

    /** Sends all bytes received by the peer back, until the end of the stream. */
    private CompletableFuture<Void> echo() {
        return Background.call(() -> {
            byte[] some = new byte[65_536];
            for (int n = peer.input().read(some); n >= 0; n = peer.input().read(some)) {
                peer.send(java.util.Arrays.copyOf(some, n));
            }
            return null;
        });
    }

    @Test
    void request_fromManyThreads_eachGetsMatchingReply() {
        converse();
        CompletableFuture<Void> echo = echo();
        Requests<String, String> requests = requests(16);
        List<CompletableFuture<Void>> callers = new ArrayList<>();
        for (int caller = 0; caller < 4; caller++) {
            int mine = caller;
            callers.add(Background.call(() -> {
                List<CompletableFuture<String>> calls = new ArrayList<>();
                for (int i = 0; i < 2_000; i++) {
                    calls.add(requests.request(mine + "/" + i));
                    if (i % 200 == 199) {
                        calls.get(i).join();
                    }
                }
                for (int i = 0; i < 2_000; i++) {
                    assertEquals(mine + "/" + i, calls.get(i).join());
                }
                return null;
            }));
        }
        callers.forEach(Await::value);
        requests.close();
        Await.value(echo);
    }

    @Test
    void request_noMoreThanInFlightAreOnTheWire() {
        converse();
        Requests<String, String> requests = requests(2);
        List<CompletableFuture<String>> calls = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            calls.add(requests.request("q" + i));
        }
        assertEquals("q0\nq1\n", peer.text(6));
        peer.send("r0\n");
        assertEquals("q2\n", peer.text(3));
        peer.send("r1\nr2\n");
        assertEquals("q3\n", peer.text(3));
        peer.send("r3\n");
        for (int i = 0; i < 4; i++) {
            assertEquals("r" + i, Await.value(calls.get(i)));
        }
    }

    @Test
    void request_timedOut_keepsReplyOrder() {
        converse();
        Requests<String, String> requests = requests(2);
        CompletableFuture<String> late = requests.request("late").orTimeout(10, TimeUnit.MILLISECONDS);
        String message = Await.failure(TimeoutException.class, late).getMessage();
        assertTrue(message.contains(nameOf(peer.address())), message);
        CompletableFuture<String> next = requests.request("next");
        CompletableFuture<String> waits = requests.request("waits");
        assertTrue(waits.thenApply(String::length).cancel(false), "a derived future takes back the one that waits");
        assertEquals("late\nnext\n", peer.text(10));
        peer.send("for late\n");
        assertFalse(next.isDone());
        peer.send("for next\n");
        assertEquals("for next", Await.value(next));
        CompletableFuture<String> last = requests.request("last");
        assertEquals("last\n", peer.text(5), "what was taken back was not sent");
        peer.send("for last\n");
        assertEquals("for last", Await.value(last));
    }

    @Test
    void request_failsAtTheEndOfTheStreamAndLaterAtOnce() {
        converse();
        Requests<String, String> requests = requests(1);
        CompletableFuture<String> sent = requests.request("a");
        CompletableFuture<String> waits = requests.request("b");
        peer.end();
        Await.failure(IncompleteReadException.class, sent);
        Await.failure(IncompleteReadException.class, waits);
        CompletableFuture<String> later = requests.request("c");
        assertTrue(later.isDone());
        Await.failure(IOException.class, later);
        assertTrue(socket.isOpen(), "its owner closes it");
    }

    @Test
    void request_failsWithinAReplyAndForAReset() {
        onlyOverTcp();
        converse();
        Requests<String, String> requests = requests(2);
        CompletableFuture<String> first = requests.request("a");
        CompletableFuture<String> second = requests.request("b");
        peer.receive(4);
        peer.send("half").end();
        Await.failure(IncompleteReadException.class, first);
        Await.failure(IncompleteReadException.class, second);
        connect(0);
        CompletableFuture<String> reset = requests(1).request("a");
        peer.receive(2);
        peer.reset();
        Await.failure(IOException.class, reset);
    }

    @Test
    void close_failsPendingAndLaterRequests() {
        converse();
        Requests<String, String> requests = requests(1);
        CompletableFuture<String> sent = requests.request("a");
        CompletableFuture<String> waits = requests.request("b");
        requests.close();
        Await.failure(AsynchronousCloseException.class, sent);
        Await.failure(AsynchronousCloseException.class, waits);
        Await.failure(ClosedChannelException.class, requests.request("c"));
        connect(0);
        Requests<String, String> idle = requests(1);
        idle.close();
        Await.failure(ClosedChannelException.class, idle.request("d"));
    }

    @Test
    void request_outputShutDown_failsButEarlierGetReplies() {
        onlyWhereOneEndMayGoOn();
        converse();
        Requests<String, String> requests = requests(4);
        CompletableFuture<String> before = requests.request("a");
        Await.value(socket.shutdownOutput());
        Await.failure(ClosedChannelException.class, requests.request("b"));
        peer.send("for a\n");
        assertEquals("for a", Await.value(before));
    }

    @Test
    void request_aReadTimeoutCountsWhileAReplyIsDue() {
        converse();
        Requests<String, String> requests = requests(1);
        socket.readTimeout(Duration.ofMillis(20));
        Await.failure(SocketTimeoutException.class, requests.request("a"));
    }

    @Test
    void request_unsolicitedReply_failsNextRequest() {
        converse();
        Requests<String, String> requests = requests(1);
        CompletableFuture<String> first = requests.request("a");
        peer.send("for a\nfor nobody\n");
        assertEquals("for a", Await.value(first));
        String message = Await.failure(IOException.class, requests.request("b")).getMessage();
        assertTrue(message.contains("11 bytes"), message);
    }

    @Test
    void ended_endOfStreamWhileIdle_isNormal() {
        converse();
        Requests<String, String> requests = requests(1);
        CompletableFuture<Void> ended = requests.ended();
        CompletableFuture<String> call = requests.request("a");
        peer.send("for a\n");
        assertEquals("for a", Await.value(call));
        assertFalse(ended.isDone());
        CompletableFuture<Void> cancelled = requests.ended();
        assertTrue(cancelled.cancel(false));
        peer.end();
        assertNull(Await.value(ended));
        assertNull(Await.value(requests.ended()));
        Await.failure(IOException.class, requests.request("b"));
        assertTrue(socket.isOpen(), "its owner closes it");
    }

    @Test
    void ended_conversationFails_hasTheFailureOfTheCalls() {
        converse();
        Requests<String, String> requests = requests(1);
        CompletableFuture<Void> ended = requests.ended();
        CompletableFuture<String> call = requests.request("a");
        peer.end();
        Throwable failure = Await.failure(IncompleteReadException.class, ended);
        assertSame(failure, Await.failure(call));
        assertSame(failure, Await.failure(requests.ended()));
    }

    @Test
    void ended_resetWhileIdle_fails() {
        onlyOverTcp();
        converse();
        CompletableFuture<Void> ended = requests(1).ended();
        peer.reset();
        Await.failure(IOException.class, ended);
    }

    @Test
    void ended_closeOrAbortByThisSide_isNormal() {
        converse();
        Requests<String, String> requests = requests(1);
        CompletableFuture<Void> idle = requests.ended();
        requests.close();
        assertNull(Await.value(idle));
        connect(0);
        Requests<String, String> busy = requests(1);
        CompletableFuture<String> call = busy.request("a");
        CompletableFuture<Void> ended = busy.ended();
        socket.abort();
        Await.failure(AsynchronousCloseException.class, call);
        assertNull(Await.value(ended));
        connect(0);
        Requests<String, String> closed = requests(1);
        socket.close();
        assertNull(Await.value(closed.ended()));
    }

    @Test
    void ended_idleTimeout_fails() {
        converse(builder -> builder.idleTimeout(Duration.ofMillis(50)));
        Await.failure(IOException.class, requests(1).ended());
    }

    @Test
    void ended_bytesWhileIdle_fails() {
        converse();
        Requests<String, String> requests = requests(1);
        CompletableFuture<Void> ended = requests.ended();
        peer.send("for nobody\n");
        String message = Await.failure(IOException.class, ended).getMessage();
        assertTrue(message.contains("nobody had asked for"), message);
        Await.failure(IOException.class, requests.request("a"));
    }

    @Test
    void ended_whileManyCallsAreMade_isPending() {
        converse();
        CompletableFuture<Void> echo = echo();
        Requests<String, String> requests = requests(2);
        CompletableFuture<Void> ended = requests.ended();
        for (int i = 0; i < 2_000; i++) {
            assertEquals("x", Await.value(requests.request("x")));
        }
        assertFalse(ended.isDone());
        requests.close();
        assertNull(Await.value(ended));
        Await.value(echo);
    }

    @Test
    void writable_callersThatWait_neverExceedTheLimit() {
        converse();
        Requests<String, String> requests = requests(1);
        List<CompletableFuture<String>> calls = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            String text = "" + i;
            calls.add(requests.writable().thenCompose(free -> requests.request(text)));
        }
        CompletableFuture<Void> echo = echo();
        for (int i = 0; i < 3_000; i++) {
            assertEquals("" + i, Await.value(calls.get(i)));
        }
        assertTrue(requests.writable().isDone());
        requests.close();
        Await.failure(ClosedChannelException.class, requests.request("late"));
        Await.failure(IOException.class, requests.writable());
        Await.value(echo);
    }

    @Test
    void request_completionsOnExecutor_mayBlock() {
        ExecutorService pool = Executors.newCachedThreadPool();
        open(builder -> builder.executor(pool));
        closing(pool::shutdown);
        connect(0);
        Requests<String, String> requests = requests(2);
        CompletableFuture<String> second = new CompletableFuture<>();
        CompletableFuture<String> joined = requests.request("a").thenApply(reply -> reply + second.join());
        CompletableFuture<String> nested = requests.request("b").thenApply(reply -> {
            second.complete(reply);
            return reply + requests.request("c").join();
        });
        peer.receive(4);
        // Both replies are sent in one piece. The first completion waits for the second completion.
        peer.send("A\nB\n");
        assertEquals("AB", Await.value(joined));
        peer.receive(2);
        peer.send("C\n");
        assertEquals("BC", Await.value(nested));
    }

    @Test
    void request_aHundredThousandTakeNoStack() {
        converse();
        CompletableFuture<Void> echo = echo();
        Requests<String, String> requests = requests(8);
        AtomicInteger count = new AtomicInteger();
        AtomicInteger deepest = new AtomicInteger();
        List<CompletableFuture<Void>> chains = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            chains.add(AsyncLoop.whileTrue(() -> requests.request("x").thenApply(reply -> {
                if (count.get() % 100 == 0) {
                    deepest.accumulateAndGet(Heap.depth(), Math::max);
                }
                return count.incrementAndGet() < 100_000;
            })));
        }
        chains.forEach(Await::value);
        requests.close();
        Await.value(echo);
        assertTrue(deepest.get() <= 100, deepest + " frames");
    }
}
