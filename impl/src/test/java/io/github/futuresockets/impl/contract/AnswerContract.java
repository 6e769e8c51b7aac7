package io.github.futuresockets.impl.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Background;
import io.github.futuresockets.impl.support.Heap;
import io.github.futuresockets.impl.support.Seeds;
import io.github.futuresockets.impl.support.Stalled;
import io.github.futuresockets.impl.support.TextLines;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** {@code MessageSocket.answer} with concurrent handlers. Replies are sent in the order of the messages. */
abstract class AnswerContract extends ContractTest {
    private final List<CompletableFuture<String>> handling = Collections.synchronizedList(new ArrayList<>());

    private CompletableFuture<String> pending(String message) {
        CompletableFuture<String> stage = new CompletableFuture<>();
        handling.add(stage);
        return stage;
    }

    private CompletableFuture<Void> answer(
            Function<String, ? extends CompletionStage<String>> handler, int concurrency) {
        return socket.messages(TextLines.CODEC).answer(handler, concurrency);
    }

    private void awaitHandling(int count) {
        Await.until(() -> count + " messages, not " + handling.size(), () -> handling.size() == count);
    }

    @Test
    void answer_repliesReadyOutOfOrder_areWrittenInOrder() {
        onlyWhereOneEndMayGoOn();
        converse();
        CompletableFuture<Void> answered = answer(this::pending, 3);
        peer.send("a\nb\nc\nd\n").end();
        awaitHandling(3);
        handling.get(2).complete("C");
        handling.get(1).complete("B");
        handling.get(0).complete("A");
        assertEquals("A\nB\nC\n", peer.text(6));
        awaitHandling(4);
        assertFalse(answered.isDone());
        handling.get(3).complete("D");
        Await.value(answered);
        assertEquals("D\n", peer.text(2));
        assertTrue(socket.isOpen());
    }

    @Test
    void answer_keepsTheOrderAndTheNumberWhereverHandlersEnd() {
        onlyWhereOneEndMayGoOn();
        converse();
        int count = 20_000;
        Random random = Seeds.random("answers in order");
        int[] work = random.ints(count, 0, 40).toArray();
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        ExecutorService pool = Executors.newFixedThreadPool(4);
        closing(pool::shutdown);
        CompletableFuture<Void> answered = answer(
                message -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    int turns = work[Integer.parseInt(message)];
                    CompletableFuture<String> stage = turns == 0
                            ? CompletableFuture.completedFuture(message)
                            : CompletableFuture.supplyAsync(
                                    () -> {
                                        for (int i = 0; i < turns * 20; i++) {
                                            Thread.onSpinWait();
                                        }
                                        return message;
                                    },
                                    pool);
                    return stage.whenComplete((reply, failure) -> running.decrementAndGet());
                },
                16);
        CompletableFuture<Void> sent = Background.run(() -> peer.send(
                        IntStream.range(0, count).mapToObj(i -> i + "\n").collect(Collectors.joining()))
                .end());
        CompletableFuture<Void> replies = Background.call(() -> {
            BufferedReader in = new BufferedReader(new InputStreamReader(peer.input()));
            for (int i = 0; i < count; i++) {
                assertEquals(String.valueOf(i), in.readLine());
            }
            return null;
        });
        Await.value(answered);
        Await.value(sent);
        Await.value(replies);
        assertTrue(most.get() <= 16 && most.get() > 1, most + " at once");
    }

    @Test
    void answer_peerDoesNotReadReplies_stopsReading() {
        onlyWhereOneEndMayGoOn();
        converseNarrowly();
        int count = 5_000;
        String reply = "r".repeat(16_383);
        AtomicLong handled = new AtomicLong();
        CompletableFuture<Void> answered = answer(
                message -> {
                    handled.incrementAndGet();
                    return CompletableFuture.completedFuture(reply);
                },
                4);
        CompletableFuture<Void> sent = Background.run(
                () -> peer.send(("m".repeat(1_023) + "\n").repeat(count)).end());
        long stalled = Stalled.at(handled::get);
        System.out.println("replies unread: " + stalled + " of " + count + " messages were handled, "
                + (socket.buffered() >> 10) + " KiB are read ahead");
        assertTrue(stalled < 1_000, stalled + " were handled");
        assertTrue(socket.buffered() <= TextLines.CODEC.limit());
        assertFalse(answered.isDone());
        peer.receive(count * 16_384);
        Await.value(answered);
        Await.value(sent);
        assertEquals(count, handled.get());
    }

    @Test
    void answer_handlerFails_cancelsOthersAndKeepsNextMessage() {
        converse();
        CompletableFuture<Void> answered = answer(this::pending, 3);
        peer.send("a\nb\n");
        awaitHandling(2);
        IOException cause = new IOException("on purpose");
        handling.get(1).completeExceptionally(cause);
        assertSame(cause, Await.failure(answered));
        assertTrue(handling.get(0).isCancelled());
        peer.send("c\n");
        assertEquals("c", Await.value(socket.readLine()));
        Await.value(socket.write("nothing before this"));
        assertEquals("nothing before this", peer.text(19));
    }

    @Test
    void answer_aCancelLosesNothing() {
        converse();
        CompletableFuture<Void> answered = answer(this::pending, 2);
        peer.send("a\n");
        awaitHandling(1);
        assertTrue(answered.cancel(false));
        Await.until("the handler is cancelled", () -> handling.get(0).isCancelled());
        peer.send("b\n");
        assertEquals("b", Await.value(socket.readLine()));
    }

    @Test
    void answer_abort_failsAndCancelsHandlers() {
        converse();
        CompletableFuture<Void> answered = answer(this::pending, 2);
        peer.send("a\n");
        awaitHandling(1);
        socket.abort();
        // If the next read began before the abort, the failure is an AsynchronousCloseException, a subclass.
        Await.failure(ClosedChannelException.class, answered);
        Await.until("the handler is cancelled", () -> handling.get(0).isCancelled());
    }

    @Test
    void answer_aHundredThousandMessagesAtOnceTakeNoStack() {
        onlyWhereOneEndMayGoOn();
        open(builder -> builder);
        for (int concurrency : new int[] {1, 8}) {
            connect(0);
            AtomicInteger deepest = new AtomicInteger();
            AtomicInteger count = new AtomicInteger();
            CompletableFuture<String> echoed = Background.call(peer::textToEnd);
            CompletableFuture<Void> answered = answer(
                    message -> {
                        if (count.incrementAndGet() % 1_000 == 0) {
                            deepest.accumulateAndGet(Heap.depth(), Math::max);
                        }
                        return CompletableFuture.completedFuture(message);
                    },
                    concurrency);
            Background.run(() -> peer.send("x\n".repeat(100_000)).end());
            Await.value(answered.thenCompose(end -> socket.shutdownOutput()));
            assertEquals(200_000, Await.value(echoed).length());
            assertTrue(deepest.get() <= 100, deepest + " frames");
        }
    }
}
