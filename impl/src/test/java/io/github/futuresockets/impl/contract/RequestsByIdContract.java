package io.github.futuresockets.impl.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncLoop;
import io.github.futuresockets.IncompleteReadException;
import io.github.futuresockets.Requests;
import io.github.futuresockets.codec.Decoder;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Background;
import io.github.futuresockets.impl.support.Heap;
import io.github.futuresockets.impl.support.Seeds;
import io.github.futuresockets.impl.support.TextLines;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Requests of {@code Requests} with replies in any order. A message is a line, the id and a text after a space. */
abstract class RequestsByIdContract extends ContractTest {
    private final Queue<String> unsolicited = new ConcurrentLinkedQueue<>();

    /** Returns the text in front of the first space. A line without a space has no id. */
    private static String idOf(String line) {
        int space = line.indexOf(' ');
        return space < 0 ? null : line.substring(0, space);
    }

    private Requests<String, String> requests(int inFlight) {
        return requests(inFlight, unsolicited::add);
    }

    private Requests<String, String> requests(int inFlight, Consumer<String> handler) {
        return socket.requests(
                TextLines.CODEC,
                TextLines.CODEC,
                RequestsByIdContract::idOf,
                RequestsByIdContract::idOf,
                inFlight,
                handler);
    }

    private void awaitUnsolicited(String... messages) {
        Await.until(() -> "unsolicited: " + unsolicited, () -> unsolicited.size() >= messages.length);
        assertEquals(List.of(messages), new ArrayList<>(unsolicited));
    }

    /** Answers each line with the same line, in random order, and adds lines without an id. */
    private CompletableFuture<Void> shuffle() {
        Random random = Seeds.random("replies in any order");
        return Background.call(() -> {
            BufferedReader lines = new BufferedReader(new InputStreamReader(peer.input(), StandardCharsets.UTF_8));
            List<String> kept = new ArrayList<>();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                kept.add(line);
                if (!lines.ready()) {
                    kept.add("news");
                    Collections.shuffle(kept, random);
                    peer.send(String.join("\n", kept) + "\n");
                    kept.clear();
                }
            }
            return null;
        });
    }

    @Test
    void request_fromManyThreads_eachGetsMatchingReply() {
        converse();
        CompletableFuture<Void> shuffle = shuffle();
        Requests<String, String> requests = requests(16);
        List<CompletableFuture<Void>> callers = new ArrayList<>();
        for (int caller = 0; caller < 4; caller++) {
            int mine = caller;
            callers.add(Background.call(() -> {
                List<CompletableFuture<String>> calls = new ArrayList<>();
                for (int i = 0; i < 2_000; i++) {
                    calls.add(requests.request(mine + "/" + i + " text"));
                    if (i % 200 == 199) {
                        calls.get(i).join();
                    }
                }
                for (int i = 0; i < 2_000; i++) {
                    assertEquals(mine + "/" + i + " text", calls.get(i).join());
                }
                return null;
            }));
        }
        callers.forEach(Await::value);
        requests.close();
        Await.value(shuffle);
        assertTrue(unsolicited.stream().allMatch("news"::equals), unsolicited::toString);
    }

    @Test
    void request_noMoreThanInFlightAreOnTheWire() {
        converse();
        Requests<String, String> requests = requests(2);
        List<CompletableFuture<String>> calls = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            calls.add(requests.request(i + " q"));
        }
        assertEquals("0 q\n1 q\n", peer.text(8));
        peer.send("1 r\n");
        assertEquals("2 q\n", peer.text(4));
        peer.send("2 r\n0 r\n");
        assertEquals("3 q\n", peer.text(4));
        peer.send("3 r\n");
        for (int i = 0; i < 4; i++) {
            assertEquals(i + " r", Await.value(calls.get(i)));
        }
    }

    @Test
    void request_idInUse_failsAloneAndSendsNothing() {
        converse();
        Requests<String, String> requests = requests(4);
        CompletableFuture<String> first = requests.request("7 first");
        CompletableFuture<String> second = requests.request("7 second");
        assertTrue(second.isDone());
        String message = Await.failure(IllegalStateException.class, second).getMessage();
        assertTrue(message.contains("id 7 ") && message.contains(nameOf(peer.address())), message);
        CompletableFuture<String> other = requests.request("8 other");
        assertEquals("7 first\n8 other\n", peer.text(16));
        peer.send("8 r\n7 r\n");
        assertEquals("7 r", Await.value(first));
        assertEquals("8 r", Await.value(other));
    }

    @Test
    void request_timedOutOrCancelled_dropsTheLateReply() {
        converse();
        Requests<String, String> requests = requests(2);
        CompletableFuture<String> late = requests.request("1 late").orTimeout(10, TimeUnit.MILLISECONDS);
        String message = Await.failure(TimeoutException.class, late).getMessage();
        assertTrue(message.contains(nameOf(peer.address())), message);
        CompletableFuture<String> cancelled = requests.request("2 cancelled");
        assertTrue(cancelled.thenApply(String::length).cancel(false));
        CompletableFuture<String> waits = requests.request("3 waits");
        assertTrue(requests.request("4 never").cancel(false));
        assertEquals("1 late\n2 cancelled\n", peer.text(19));
        Await.failure(IllegalStateException.class, requests.request("1 again"));
        peer.send("2 r\n");
        assertEquals("3 waits\n", peer.text(8));
        peer.send("1 r\n3 r\n");
        assertEquals("3 r", Await.value(waits));
        CompletableFuture<String> again = requests.request("1 again");
        assertEquals("1 again\n", peer.text(8), "the cancelled call was not sent");
        peer.send("1 r again\n");
        assertEquals("1 r again", Await.value(again));
        assertEquals(List.of(), new ArrayList<>(unsolicited));
    }

    @Test
    void unsolicited_beforeDuringAndAfterCalls_reachTheHandler() {
        converse();
        peer.send("before\n");
        Requests<String, String> requests = requests(2);
        awaitUnsolicited("before");
        CompletableFuture<String> call = requests.request("1 q");
        peer.send("9 unknown\n1 r\n1 twice\n");
        assertEquals("1 r", Await.value(call));
        awaitUnsolicited("before", "9 unknown", "1 twice");
        peer.send("after\n");
        awaitUnsolicited("before", "9 unknown", "1 twice", "after");
    }

    @Test
    void unsolicited_handlerAnswersThroughTheSocket() {
        converse();
        requests(1, message -> socket.writeLine("ack of " + message));
        peer.send("a\nb\n");
        assertEquals("ack of a\nack of b\n", peer.text(18));
    }

    @Test
    void unsolicited_withoutHandler_areDropped() {
        converse();
        Requests<String, String> requests = socket.requests(
                TextLines.CODEC, TextLines.CODEC, RequestsByIdContract::idOf, RequestsByIdContract::idOf, 2);
        CompletableFuture<String> call = requests.request("1 q");
        peer.send("news\n2 unknown\n1 r\n");
        assertEquals("1 r", Await.value(call));
    }

    @Test
    void unsolicited_handlerThrows_doesNotEndTheConversation() {
        converse();
        Requests<String, String> requests = requests(1, message -> {
            unsolicited.add(message);
            throw new IllegalStateException("on purpose");
        });
        CompletableFuture<String> call = requests.request("1 q");
        peer.send("a\nb\n1 r\n");
        assertEquals("1 r", Await.value(call));
        awaitUnsolicited("a", "b");
        assertFalse(requests.ended().isDone());
    }

    @Test
    void unsolicited_blockedHandler_holdsThePeerBackAndRepliesArrive() {
        ExecutorService pool = Executors.newCachedThreadPool();
        closing(pool::shutdown);
        open(builder -> builder.executor(pool));
        connect(0);
        AtomicInteger decoded = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Decoder<String> counting = (in, seen) -> {
            String line = TextLines.CODEC.decode(in, seen);
            if (line != null && idOf(line) == null) {
                most.accumulateAndGet(decoded.incrementAndGet() - unsolicited.size(), Math::max);
            }
            return line;
        };
        List<Requests<String, String>> view = Collections.synchronizedList(new ArrayList<>());
        CompletableFuture<String> reply = new CompletableFuture<>();
        view.add(socket.requests(
                TextLines.CODEC, counting, RequestsByIdContract::idOf, RequestsByIdContract::idOf, 1, message -> {
                    if (unsolicited.isEmpty()) {
                        reply.complete(view.get(0).request("1 q").join());
                    }
                    unsolicited.add(message);
                }));
        peer.send("m\n");
        assertEquals("1 q\n", peer.text(4));
        peer.send("m\n1 r\n" + "m\n".repeat(2_000));
        assertEquals("1 r", Await.value(reply), "the handler has waited for a reply");
        Await.until(() -> "handled " + unsolicited.size(), () -> unsolicited.size() == 2_002);
        assertTrue(most.get() <= 4, most + " messages waited for the handler");
    }

    @Test
    void ended_endOfStreamWhileIdle_isNormal() {
        converse();
        Requests<String, String> requests = requests(1);
        CompletableFuture<Void> ended = requests.ended();
        CompletableFuture<String> call = requests.request("1 q");
        peer.send("1 r\n");
        assertEquals("1 r", Await.value(call));
        assertFalse(ended.isDone());
        peer.end();
        assertNull(Await.value(ended));
        assertNull(Await.value(requests.ended()));
        Await.failure(IOException.class, requests.request("2 q"));
    }

    @Test
    void ended_endOfStreamWithinAMessageOrBeforeAReply_fails() {
        converse();
        Requests<String, String> requests = requests(1);
        CompletableFuture<Void> ended = requests.ended();
        peer.send("half").end();
        Await.failure(IncompleteReadException.class, ended);
        connect(0);
        Requests<String, String> due = requests(1);
        CompletableFuture<String> call = due.request("1 q");
        CompletableFuture<String> waits = due.request("2 q");
        assertEquals("1 q\n", peer.text(4));
        peer.end();
        Throwable failure = Await.failure(IncompleteReadException.class, call);
        assertSame(failure, Await.failure(waits));
        assertSame(failure, Await.failure(due.ended()));
        assertTrue(socket.isOpen(), "its owner closes it");
    }

    @Test
    void ended_reset_fails() {
        onlyOverTcp();
        converse();
        Requests<String, String> requests = requests(1);
        CompletableFuture<Void> ended = requests.ended();
        CompletableFuture<String> call = requests.request("1 q");
        peer.receive(4);
        peer.reset();
        Throwable failure = Await.failure(IOException.class, ended);
        assertSame(failure, Await.failure(call));
    }

    @Test
    void close_failsCallsAndEndsNormally() {
        converse();
        Requests<String, String> requests = requests(1);
        CompletableFuture<Void> ended = requests.ended();
        CompletableFuture<String> sent = requests.request("1 q");
        CompletableFuture<String> waits = requests.request("2 q");
        requests.close();
        Await.failure(AsynchronousCloseException.class, sent);
        Await.failure(AsynchronousCloseException.class, waits);
        assertNull(Await.value(ended));
        Await.failure(ClosedChannelException.class, requests.request("3 q"));
        connect(0);
        CompletableFuture<Void> aborted = requests(1).ended();
        socket.abort();
        assertNull(Await.value(aborted));
    }

    @Test
    void reading_readTimeout_countsWhileIdle() {
        converse();
        Requests<String, String> requests = requests(1);
        socket.readTimeout(Duration.ofMillis(20));
        Throwable failure = Await.failure(SocketTimeoutException.class, requests.ended());
        assertSame(failure, Await.failure(requests.request("1 q")).getCause());
    }

    @Test
    void reading_decoderThrows_failsTheConversation() {
        converse();
        Decoder<String> refusing = (in, seen) -> {
            throw new ProtocolException("on purpose");
        };
        Requests<String, String> requests =
                socket.requests(TextLines.CODEC, refusing, RequestsByIdContract::idOf, RequestsByIdContract::idOf, 1);
        CompletableFuture<String> call = requests.request("1 q");
        peer.send("1 r\n");
        ProtocolException failure = Await.failure(ProtocolException.class, call);
        assertTrue(failure.getMessage().contains(nameOf(peer.address())), failure.getMessage());
        assertSame(failure, Await.failure(requests.ended()));
    }

    @Test
    void reading_idFunctionThrows_failsTheConversationAndNamesThePeer() {
        converse();
        Requests<String, String> requests = socket.requests(
                TextLines.CODEC,
                TextLines.CODEC,
                RequestsByIdContract::idOf,
                line -> {
                    throw new IllegalArgumentException("no id");
                },
                1);
        CompletableFuture<String> call = requests.request("1 q");
        peer.send("1 r\n2 r\n");
        String message = Await.failure(IOException.class, call).getMessage();
        assertTrue(message.contains("no id") && message.contains(nameOf(peer.address())), message);
        assertTrue(socket.isOpen(), "its owner closes it");
    }

    @Test
    void request_completionsOnExecutor_mayBlock() {
        ExecutorService pool = Executors.newCachedThreadPool();
        closing(pool::shutdown);
        open(builder -> builder.executor(pool));
        connect(0);
        Requests<String, String> requests = requests(2);
        CompletableFuture<String> second = new CompletableFuture<>();
        CompletableFuture<String> joined = requests.request("1 a").thenApply(reply -> reply + second.join());
        CompletableFuture<String> nested = requests.request("2 b").thenApply(reply -> {
            second.complete(reply);
            return reply + requests.request("3 c").join();
        });
        peer.receive(8);
        // Both replies are sent in one piece. The first completion waits for the second completion.
        peer.send("1 A\n2 B\n");
        assertEquals("1 A2 B", Await.value(joined));
        peer.receive(4);
        peer.send("3 C\n");
        assertEquals("2 B3 C", Await.value(nested));
    }

    @Test
    void request_aHundredThousandTakeNoStack() {
        converse();
        CompletableFuture<Void> shuffle = shuffle();
        AtomicInteger count = new AtomicInteger();
        AtomicInteger deepest = new AtomicInteger();
        Requests<String, String> requests = requests(8, message -> {});
        List<CompletableFuture<Void>> chains = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String request = i + " x";
            chains.add(AsyncLoop.whileTrue(() -> requests.request(request).thenApply(reply -> {
                if (count.get() % 100 == 0) {
                    deepest.accumulateAndGet(Heap.depth(), Math::max);
                }
                return count.incrementAndGet() < 100_000;
            })));
        }
        chains.forEach(Await::value);
        requests.close();
        Await.value(shuffle);
        assertTrue(deepest.get() <= 100, deepest + " frames");
    }
}
