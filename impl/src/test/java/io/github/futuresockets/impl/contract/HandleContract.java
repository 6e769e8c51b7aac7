package io.github.futuresockets.impl.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.MessageHandler;
import io.github.futuresockets.Replies;
import io.github.futuresockets.codec.Codec;
import io.github.futuresockets.codec.Codecs;
import io.github.futuresockets.codec.Encoder;
import io.github.futuresockets.codec.FrameTooLongException;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Background;
import io.github.futuresockets.impl.support.Peer;
import io.github.futuresockets.impl.support.Stalled;
import io.github.futuresockets.impl.support.TextLines;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ReadPendingException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** {@code MessageSocket.handle}: messages are passed to a handler, and its replies share writes. */
abstract class HandleContract extends ContractTest {
    private final List<String> handled = Collections.synchronizedList(new ArrayList<>());

    private CompletableFuture<Void> handle(MessageHandler<String, String> handler) {
        return socket.messages(TextLines.CODEC).handle((message, replies) -> {
            handled.add(message);
            return handler.message(message, replies);
        });
    }

    private void awaitHandled(int count) {
        Await.until(() -> count + " messages, not " + handled, () -> handled.size() >= count);
    }

    @Test
    void handle_messages_areAnsweredInOrder() {
        onlyWhereOneEndMayGoOn();
        converse();
        CompletableFuture<Void> done = handle((message, replies) -> {
            replies.send(message + "!");
            return null;
        });
        peer.send("a\nb\nc");
        assertEquals("a!\nb!\n", peer.text(6));
        assertFalse(done.isDone());
        peer.send("\n").end();
        assertEquals("c!\n", peer.text(3));
        Await.value(done);
        assertTrue(socket.isOpen());
    }

    @Test
    void handle_stageIsIncomplete_holdsUpTheNextMessage() {
        onlyWhereOneEndMayGoOn();
        converse();
        List<CompletableFuture<Void>> stages = Collections.synchronizedList(new ArrayList<>());
        CompletableFuture<Void> done = handle((message, replies) -> {
            CompletableFuture<Void> stage = new CompletableFuture<>();
            stages.add(stage);
            return stage;
        });
        peer.send("a\nb\n").end();
        for (int i = 0; i < 2; i++) {
            int next = i + 1;
            Await.until(() -> next + " stages, not " + stages, () -> stages.size() == next);
            assertEquals(i + 1, handled.size());
            assertFalse(done.isDone());
            stages.get(i).complete(null);
        }
        Await.value(done);
        assertEquals(List.of("a", "b"), handled);
    }

    @Test
    void handle_completeStages_needNoStack() {
        onlyWhereOneEndMayGoOn();
        converse();
        int count = 50_000;
        AtomicInteger seen = new AtomicInteger();
        CompletableFuture<Void> done = socket.messages(TextLines.CODEC).handle((message, replies) -> {
            int turn = seen.getAndIncrement();
            CompletionStage<?> stage = turn % 3 == 0 ? null : CompletableFuture.completedStage(null);
            return turn % 3 == 1 ? CompletableFuture.completedFuture(null) : stage;
        });
        CompletableFuture<Void> sent =
                Background.run(() -> peer.send("x\n".repeat(count)).end());
        Await.value(done);
        Await.value(sent);
        assertEquals(count, seen.get());
    }

    @Test
    void handle_cancelled_takesThePassedMessagesOnly() {
        converse();
        CompletableFuture<Void> stage = new CompletableFuture<>();
        CompletableFuture<Void> done = handle((message, replies) -> message.equals("b") ? stage : null);
        peer.send("a\nb\nc\n");
        awaitHandled(2);
        assertTrue(done.cancel(false));
        assertTrue(stage.isCancelled());
        assertEquals("c", Await.value(socket.readLine()));
        assertEquals(List.of("a", "b"), handled);
    }

    @Test
    void handle_cancelledByTheHandler_leavesTheRest() {
        converse();
        CompletableFuture<CompletableFuture<Void>> self = new CompletableFuture<>();
        CompletableFuture<Void> done = handle((message, replies) -> {
            if (message.equals("b")) {
                replies.send("bye");
                assertTrue(self.join().cancel(false));
            }
            return null;
        });
        self.complete(done);
        peer.send("a\nb\nc\nd\n");
        assertEquals("bye\n", peer.text(4));
        assertEquals("c", Await.value(socket.readLine()));
        assertEquals("d", Await.value(socket.readLine()));
        assertTrue(done.isCancelled());
        assertEquals(List.of("a", "b"), handled);
    }

    @Test
    void handle_cancelledWhileWaiting_givesThePlaceBack() {
        converse();
        CompletableFuture<Void> done = handle((message, replies) -> null);
        peer.send("part");
        Await.until("a part has arrived", () -> socket.buffered() == 4);
        assertInstanceOfPending(Await.failure(socket.readLine()));
        assertTrue(done.cancel(false));
        CompletableFuture<String> line = socket.readLine();
        peer.send(" of a line\n");
        assertEquals("part of a line", Await.value(line));
    }

    private static void assertInstanceOfPending(Throwable failure) {
        assertTrue(failure instanceof ReadPendingException, failure.toString());
        assertTrue(failure.getMessage().contains("handle"), failure.getMessage());
    }

    @Test
    void handle_handlerThrows_failsAndLeavesTheRest() {
        converse();
        Exception broken = new Exception("broken");
        CompletableFuture<Void> done = handle((message, replies) -> {
            if (message.equals("b")) {
                throw broken;
            }
            return null;
        });
        CompletableFuture<String> next = done.handle((none, failure) -> {
                    assertSame(broken, failure);
                    return socket.readLine();
                })
                .thenCompose(line -> line);
        peer.send("a\nb\nc\n");
        assertEquals("c", Await.value(next));
        assertTrue(socket.isOpen());
    }

    @Test
    void handle_stageFails_failsAndLeavesTheRest() {
        converse();
        CompletableFuture<Void> stage = new CompletableFuture<>();
        CompletableFuture<Void> done = handle((message, replies) -> stage);
        CompletableFuture<String> next =
                done.handle((none, failure) -> socket.readLine()).thenCompose(line -> line);
        peer.send("a\nb\n");
        awaitHandled(1);
        IOException broken = new IOException("broken");
        stage.completeExceptionally(broken);
        assertSame(broken, Await.failure(done));
        assertEquals("b", Await.value(next));
    }

    @Test
    void handle_peerDoesNotRead_pausesTheInput() {
        onlyWhereOneEndMayGoOn();
        converseNarrowly();
        int count = 2_000;
        String reply = "r".repeat(16_383);
        AtomicLong handling = new AtomicLong();
        AtomicLong most = new AtomicLong();
        CompletableFuture<Void> done = socket.messages(TextLines.CODEC).handle((message, replies) -> {
            handling.incrementAndGet();
            replies.send(reply);
            most.accumulateAndGet(socket.stats().pendingWriteBytes(), Math::max);
            return null;
        });
        CompletableFuture<Void> sent = Background.run(
                () -> peer.send(("m".repeat(1_023) + "\n").repeat(count)).end());
        long stalled = Stalled.at(handling::get);
        System.out.println("replies unread: " + stalled + " of " + count + " messages were handled, "
                + (most.get() >> 10) + " KiB of replies waited");
        assertTrue(stalled < 1_000, stalled + " were handled");
        assertTrue(most.get() <= (64 << 10) + 16_384, most + " bytes of replies waited");
        assertFalse(done.isDone());
        for (int i = 0; i < count; i++) {
            assertEquals('r', peer.receive(16_384)[0]);
        }
        Await.value(done);
        Await.value(sent);
        assertEquals(count, handling.get());
    }

    @Test
    void handle_handlerReadsTheSocket_getsTheBytesBehindTheMessage() {
        onlyWhereOneEndMayGoOn();
        converse();
        List<String> bodies = Collections.synchronizedList(new ArrayList<>());
        CompletableFuture<Void> done = handle((message, replies) -> socket.readExactly(Integer.parseInt(message))
                .thenAccept(body -> {
                    bodies.add(new String(body.array(), UTF_8));
                    replies.send("ok");
                }));
        peer.send("5\nhello2\nab3\nx");
        assertEquals("ok\nok\n", peer.text(6));
        peer.send("yz").end();
        assertEquals("ok\n", peer.text(3));
        Await.value(done);
        assertEquals(List.of("hello", "ab", "xyz"), bodies);
    }

    @Test
    void handle_handlerLeavesAReadPending_fails() {
        converse();
        CompletableFuture<Void> done = handle((message, replies) -> {
            socket.readExactly(100);
            return null;
        });
        peer.send("a\nb\n");
        assertTrue(Await.failure(done) instanceof ReadPendingException);
        assertEquals(List.of("a"), handled);
    }

    @Test
    void handle_handlerWritesToo_keepsTheOrder() {
        converse();
        handle((message, replies) -> {
            replies.send("1");
            socket.writeLine("2");
            replies.send("3");
            socket.messages(TextLines.CODEC).sendAll(List.of("4", "5"));
            replies.send("6");
            socket.shutdownOutput();
            return null;
        });
        peer.send("go\n");
        assertEquals("1\n2\n3\n4\n5\n6\n", peer.text(12));
    }

    @Test
    void handle_handlerCloses_repliesComeBeforeTheEnd() {
        converse();
        CompletableFuture<Void> done = handle((message, replies) -> {
            replies.send("bye");
            socket.close();
            return null;
        });
        peer.send("quit\n");
        assertEquals("bye\n", peer.textToEnd());
        assertTrue(Await.failure(done) instanceof AsynchronousCloseException);
    }

    @Test
    void handle_repliesOfAnotherThread_areSentAtOnce() {
        onlyWhereOneEndMayGoOn();
        converse();
        CompletableFuture<Replies<String>> later = new CompletableFuture<>();
        CompletableFuture<Void> done = handle((message, replies) -> {
            later.complete(replies);
            return CompletableFuture.runAsync(() -> replies.send(message + " by another"));
        });
        peer.send("a\n");
        assertEquals("a by another\n", peer.text(13));
        Await.value(later).send("late");
        assertEquals("late\n", peer.text(5));
        peer.end();
        Await.value(done);
    }

    @Test
    void handle_longReplies_arriveWhole() {
        onlyWhereOneEndMayGoOn();
        converse();
        int[] lengths = {1, 4_095, 4_096, 5_000, 65_535, 65_536, 65_537, 200_000, 3};
        CompletableFuture<Void> done = handle((message, replies) -> {
            for (int length : lengths) {
                replies.send("r".repeat(length - 1));
            }
            return null;
        });
        peer.send("a\n").end();
        for (int length : lengths) {
            assertEquals("r".repeat(length - 1) + "\n", peer.text(length));
        }
        Await.value(done);
    }

    @Test
    void handle_encoderThrows_endsTheConversation() {
        converse();
        IllegalArgumentException broken = new IllegalArgumentException("cannot be encoded");
        Encoder<String> encoder = message -> {
            if (message.equals("b")) {
                throw broken;
            }
            return TextLines.CODEC.encode(message);
        };
        CompletableFuture<Void> done = socket.messages(Codec.of(TextLines.CODEC, encoder))
                .handle((message, replies) -> {
                    handled.add(message);
                    replies.send(message);
                    return null;
                });
        peer.send("a\nb\nc\n");
        assertSame(broken, Await.failure(done));
        Await.value(socket.closed());
        assertEquals(List.of("a", "b"), handled);
    }

    @Test
    void handle_nullReply_throwsInTheHandler() {
        converse();
        CompletableFuture<Void> done = handle((message, replies) -> {
            replies.send(null);
            return null;
        });
        peer.send("a\n");
        assertTrue(Await.failure(done) instanceof NullPointerException);
        assertTrue(socket.isOpen());
    }

    @Test
    void handle_withExecutor_handlersMayBlock() {
        onlyWhereOneEndMayGoOn();
        ExecutorService pool = Executors.newFixedThreadPool(2);
        closing(pool::shutdown);
        converse(builder -> builder.executor(pool));
        CompletableFuture<Void> done = handle((message, replies) -> {
            replies.send(message + socket.readLine().join());
            return null;
        });
        peer.send("a\nb\nc\n");
        assertEquals("ab\n", peer.text(3));
        peer.send("d\n").end();
        assertEquals("cd\n", peer.text(3));
        Await.value(done);
    }

    @Test
    void handle_readTimeout_failsAndLosesNothing() {
        converse(builder -> builder.readTimeout(Duration.ofMillis(50)));
        CompletableFuture<Void> done = handle((message, replies) -> null);
        peer.send("a\npart");
        assertTrue(Await.failure(done) instanceof SocketTimeoutException);
        assertEquals(List.of("a"), handled);
        CompletableFuture<String> line = socket.readLine();
        peer.send("\n");
        assertEquals("part", Await.value(line));
    }

    @Test
    void handle_readIsPending_fails() {
        converse();
        CompletableFuture<String> line = socket.readLine();
        assertTrue(Await.failure(handle((message, replies) -> null)) instanceof ReadPendingException);
        peer.send("a\n");
        assertEquals("a", Await.value(line));
    }

    @Test
    void handle_tooLongMessage_failsAfterTheMessagesBefore() {
        converse();
        CompletableFuture<Void> done = socket.messages(Codecs.lines(UTF_8, 8)).handle((message, replies) -> {
            handled.add(message);
            return null;
        });
        peer.send("a\nb\nlonger than eight\n");
        assertTrue(Await.failure(done) instanceof FrameTooLongException);
        assertEquals(List.of("a", "b"), handled);
        assertEquals("longer than eight", Await.value(socket.readLine()));
    }

    @Test
    void handle_peerResets_fails() {
        onlyOverTcp();
        converse();
        CompletableFuture<Void> done = handle((message, replies) -> null);
        peer.send("a\n");
        awaitHandled(1);
        peer.reset();
        assertTrue(Await.failure(done) instanceof IOException);
    }

    @Test
    void handle_aFloodedConnection_letsOthersHaveTheirTurn() {
        open(builder -> builder.threads(1));
        connect(0);
        AsyncSocket flooded = socket;
        Peer flooding = peer;
        AtomicLong floods = new AtomicLong();
        flooded.messages(TextLines.CODEC).handle((message, replies) -> {
            floods.incrementAndGet();
            return null;
        });
        CompletableFuture<Void> flood = Background.run(() -> {
            byte[] many = "x\n".repeat(8_192).getBytes();
            for (int i = 0; i < 400; i++) {
                flooding.send(many);
            }
        });
        connect(0);
        handle((message, replies) -> {
            replies.send(message);
            return null;
        });
        Await.until("the flood", () -> floods.get() > 0);
        for (int i = 0; i < 20; i++) {
            peer.send("quiet\n");
            assertEquals("quiet\n", peer.text(6));
        }
        Await.value(flood);
        Await.until("the whole flood", () -> floods.get() == 400L * 8_192);
    }

    @Test
    void handle_shutdown_endsAtAMessageBoundary() throws IOException {
        open(builder -> builder);
        var listener = listen();
        listener.serve(served -> served.messages(TextLines.CODEC).handle((message, replies) -> {
            handled.add(message);
            replies.send(message);
            return null;
        }));
        Peer client = closing(Peer.connect(listener.localAddress()));
        client.send("a\n");
        assertEquals("a\n", client.text(2));
        var report = sockets.shutdown(Duration.ofSeconds(10));
        assertEquals("", client.textToEnd());
        client.close();
        assertEquals(0, Await.value(report).aborted());
    }

    @Test
    void forEach_messages_needNoFutureEach() {
        onlyWhereOneEndMayGoOn();
        converse();
        CompletableFuture<Void> done = socket.messages(TextLines.CODEC)
                .forEach(message -> message.equals("stop") ? socket.writeLine("stopped") : null);
        String all = IntStream.range(0, 1_000).mapToObj(i -> i + "\n").collect(Collectors.joining());
        peer.send(all + "stop\n").end();
        assertEquals("stopped\n", peer.text(8));
        assertNull(Await.value(done));
    }
}
