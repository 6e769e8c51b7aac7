package io.github.futuresockets.impl.view;

import static io.github.futuresockets.impl.view.FakeSocket.failureOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.IncompleteReadException;
import io.github.futuresockets.Requests;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.LogRecorder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Tests {@code Requests} by id over a socket that is not of this library. A reply is a text, "id:content". */
class RepliesByIdTest {
    private static final int MANY = 1_000_000;

    private final FakeSocket fake = new FakeSocket();
    private final List<String> unsolicited = new ArrayList<>();

    /** Returns the id of a reply. A text without a number in front of a colon has no id. */
    private static Integer idOf(Object reply) {
        String text = reply.toString();
        int colon = text.indexOf(':');
        return colon < 1 ? null : Integer.valueOf(text.substring(0, colon));
    }

    private Requests<Integer, Object> requests(int inFlight, Consumer<Object> handler) {
        return requests(inFlight, RepliesByIdTest::idOf, handler);
    }

    private Requests<Integer, Object> requests(int inFlight, Function<Object, ?> idOfReply, Consumer<Object> handler) {
        return fake.socket.requests(
                number -> ByteBuffer.wrap(new byte[] {number.byteValue()}),
                (in, seen) -> null,
                number -> number < 0 ? null : number,
                idOfReply,
                inFlight,
                handler);
    }

    private Requests<Integer, Object> requests(int inFlight) {
        return requests(inFlight, message -> unsolicited.add(message.toString()));
    }

    private static List<Object> bytes(int... numbers) {
        List<Object> bytes = new ArrayList<>();
        for (int number : numbers) {
            bytes.add((byte) number);
        }
        return bytes;
    }

    @Test
    void request_repliesInAnyOrder_completeTheirCalls() {
        Requests<Integer, Object> requests = requests(8);
        List<CompletableFuture<Object>> calls = new ArrayList<>();
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            calls.add(requests.request(i));
            order.add(i);
        }
        assertEquals(bytes(0, 1, 2, 3, 4, 5, 6, 7), fake.written);
        Collections.reverse(order);
        for (int i : order) {
            assertFalse(calls.get(i).isDone());
            fake.arrive(i + ":reply");
            assertEquals(i + ":reply", calls.get(i).join());
        }
        assertEquals(List.of(), unsolicited);
    }

    @Test
    void reading_beginsAtOnceAndContinuesWhileIdle() {
        Requests<Integer, Object> requests = requests(1);
        assertEquals(1, fake.reads.size());
        fake.arrive(":news");
        assertEquals(2, fake.reads.size());
        CompletableFuture<Object> call = requests.request(1);
        assertEquals(2, fake.reads.size(), "a single read at a time");
        fake.arrive(":more news");
        fake.arrive("1:one");
        assertEquals("1:one", call.join());
        assertEquals(4, fake.reads.size());
        assertEquals(List.of(":news", ":more news"), unsolicited);
    }

    @Test
    void request_idInUse_failsAloneAndSendsNothing() {
        Requests<Integer, Object> requests = requests(1);
        CompletableFuture<Object> sent = requests.request(7);
        CompletableFuture<Object> waits = requests.request(8);
        for (int id : new int[] {7, 8}) {
            IllegalStateException refusal =
                    assertInstanceOf(IllegalStateException.class, failureOf(requests.request(id)));
            assertTrue(refusal.getMessage().contains("id " + id + " "), refusal.getMessage());
            assertTrue(refusal.getMessage().contains("127.0.0.1"), refusal.getMessage());
        }
        assertEquals(bytes(7), fake.written);
        fake.arrive("7:seven");
        fake.arrive("8:eight");
        assertEquals("7:seven", sent.join());
        assertEquals("8:eight", waits.join());
        assertFalse(requests.request(7).isDone(), "the id is free again");
    }

    @Test
    void request_fromDependentOfReply_mayUseTheIdAgain() {
        Requests<Integer, Object> requests = requests(1);
        CompletableFuture<Object> both = requests.request(7).thenCompose(reply -> requests.request(7));
        fake.arrive("7:first");
        fake.arrive("7:second");
        assertEquals("7:second", both.join());
    }

    @Test
    void request_nullIdOrThrowingFunctions_failAlone() {
        Requests<Integer, Object> requests = requests(1);
        String message = assertInstanceOf(NullPointerException.class, failureOf(requests.request(-1)))
                .getMessage();
        assertTrue(message.contains("127.0.0.1"), message);
        RuntimeException cause = new RuntimeException("on purpose");
        Requests<Integer, Object> throwing = fake.socket.requests(
                number -> ByteBuffer.allocate(1),
                (in, seen) -> null,
                number -> {
                    throw cause;
                },
                RepliesByIdTest::idOf,
                1);
        assertSame(cause, failureOf(throwing.request(1)));
        assertEquals(List.of(), fake.written);
    }

    @Test
    void request_encoderThrows_keepsTheIdFree() {
        IOException cause = new IOException("on purpose");
        AtomicInteger calls = new AtomicInteger();
        Requests<Integer, Object> requests = fake.socket.requests(
                number -> {
                    if (calls.getAndIncrement() == 0) {
                        throw cause;
                    }
                    return ByteBuffer.allocate(1);
                },
                (in, seen) -> null,
                number -> number,
                RepliesByIdTest::idOf,
                1);
        assertSame(cause, failureOf(requests.request(1)));
        CompletableFuture<Object> again = requests.request(1);
        fake.arrive("1:one");
        assertEquals("1:one", again.join());
    }

    @Test
    void request_beyondWaitingLimit_keepsItsIdFree() {
        Requests<Integer, Object> requests = requests(1);
        List<CompletableFuture<Object>> calls = new ArrayList<>();
        for (int i = 0; i <= 1_024; i++) {
            calls.add(requests.request(i));
        }
        assertInstanceOf(IOException.class, failureOf(requests.request(5_000)));
        fake.arrive("0:zero");
        CompletableFuture<Object> again = requests.request(5_000);
        for (int i = 1; i <= 1_024; i++) {
            fake.arrive(i + ":");
            assertTrue(calls.get(i).isDone());
        }
        fake.arrive("5000:again");
        assertEquals("5000:again", again.join());
    }

    @Test
    void cancel_ofWaitingRequest_sendsNothingAndFreesTheId() {
        Requests<Integer, Object> requests = requests(1);
        CompletableFuture<Object> sent = requests.request(1);
        CompletableFuture<Object> waits = requests.request(2);
        assertTrue(waits.cancel(false));
        CompletableFuture<Object> again = requests.request(2);
        fake.arrive("2:too early");
        assertEquals(List.of("2:too early"), unsolicited, "the request is not sent yet");
        fake.arrive("1:one");
        assertEquals("1:one", sent.join());
        fake.arrive("2:two");
        assertEquals("2:two", again.join());
        assertEquals(bytes(1, 2), fake.written);
    }

    @Test
    void cancelAndTimeOut_ofSentRequest_keepPlaceAndIdUntilTheReply() {
        Requests<Integer, Object> requests = requests(2);
        CompletableFuture<Object> late = requests.request(1).orTimeout(10, TimeUnit.MILLISECONDS);
        assertInstanceOf(TimeoutException.class, Await.failure(late));
        assertTrue(requests.request(2).cancel(false));
        CompletableFuture<Object> third = requests.request(3);
        assertEquals(bytes(1, 2), fake.written, "both places are taken");
        String refusal = failureOf(requests.request(1)).getMessage();
        assertTrue(refusal.contains("cancelled or timed out"), refusal);
        fake.arrive("2:late");
        assertEquals(bytes(1, 2, 3), fake.written);
        fake.arrive("1:late");
        fake.arrive("3:three");
        assertEquals("3:three", third.join());
        assertEquals(List.of(), unsolicited, "late replies are dropped");
        assertFalse(requests.request(1).isDone(), "the id is free again");
    }

    @Test
    void request_secondReply_isUnsolicited() {
        Requests<Integer, Object> requests = requests(1);
        CompletableFuture<Object> call = requests.request(1);
        fake.arrive("1:first");
        fake.arrive("1:second");
        assertEquals("1:first", call.join());
        assertEquals(List.of("1:second"), unsolicited);
    }

    @Test
    void unsolicited_withoutHandler_isDroppedWithALogEntry() {
        Requests<Integer, Object> requests = fake.socket.requests(
                number -> ByteBuffer.allocate(1), (in, seen) -> null, number -> number, RepliesByIdTest::idOf, 1);
        try (LogRecorder log = new LogRecorder()) {
            fake.arrive(":news");
            assertTrue(log.text().contains("message from /127.0.0.1:1: dropped"), log.text());
        }
        CompletableFuture<Object> call = requests.request(1);
        fake.arrive("1:one");
        assertEquals("1:one", call.join());
    }

    @Test
    void unsolicited_handlerThrows_isLoggedAndTheConversationContinues() {
        Requests<Integer, Object> requests = requests(1, message -> {
            throw new IllegalArgumentException("on purpose");
        });
        CompletableFuture<Object> call = requests.request(1);
        try (LogRecorder log = new LogRecorder()) {
            fake.arrive(":one");
            fake.arrive(":two");
            assertTrue(log.text().contains("message from /127.0.0.1:1: the handler"), log.text());
        }
        fake.arrive("1:one");
        assertEquals("1:one", call.join());
    }

    @Test
    void unsolicited_handlerMakesCalls() {
        List<CompletableFuture<Object>> calls = new ArrayList<>();
        List<Requests<Integer, Object>> view = new ArrayList<>();
        view.add(requests(1, message -> calls.add(view.get(0).request(5))));
        fake.arrive(":news");
        fake.arrive("5:five");
        assertEquals("5:five", calls.get(0).join());
    }

    @Test
    void unsolicited_whileHandlerRuns_readsTwoMoreAndCompletesReplies() throws Exception {
        CompletableFuture<Void> release = new CompletableFuture<>();
        CompletableFuture<Void> entered = new CompletableFuture<>();
        List<Object> handled = Collections.synchronizedList(new ArrayList<>());
        Requests<Integer, Object> requests = requests(1, message -> {
            handled.add(message);
            entered.complete(null);
            release.join();
        });
        CompletableFuture<Object> call = requests.request(1);
        CompletableFuture<Void> ended = requests.ended();
        Thread reader = new Thread(() -> fake.arrive(":a"));
        reader.start();
        Await.value(entered);
        fake.arrive(":b");
        fake.arrive("1:one");
        assertEquals("1:one", call.join(), "the handler does not hold up a reply");
        int before = fake.reads.size();
        fake.arrive(":c");
        assertEquals(before, fake.reads.size(), "two messages wait for the handler");
        assertFalse(ended.isDone());
        assertEquals(0, fake.looks.size(), "the pause of the reading is no idle time");
        assertEquals(List.of(":a"), handled, "one message at a time");
        release.complete(null);
        reader.join();
        assertEquals(List.of(":a", ":b", ":c"), handled);
        assertEquals(before + 1, fake.reads.size());
    }

    @Test
    void reply_idFunctionThrows_failsTheConversationAndNamesThePeer() {
        RuntimeException cause = new RuntimeException("no number");
        Requests<Integer, Object> requests = requests(
                1,
                reply -> {
                    throw cause;
                },
                unsolicited::contains);
        CompletableFuture<Object> sent = requests.request(1);
        CompletableFuture<Object> waits = requests.request(2);
        fake.arrive("1:one");
        IOException failure = assertInstanceOf(IOException.class, failureOf(sent));
        assertSame(cause, failure.getCause());
        assertTrue(failure.getMessage().contains("127.0.0.1")
                && failure.getMessage().contains("no number"));
        assertSame(failure, failureOf(waits));
        assertSame(failure, failureOf(requests.ended()));
        assertSame(failure, failureOf(requests.request(3)).getCause());
        assertEquals(1, fake.reads.size(), "nothing is read afterwards");
    }

    @Test
    void readFails_allCallsAndLaterCallsFail() {
        Requests<Integer, Object> requests = requests(2);
        List<CompletableFuture<Object>> calls = List.of(requests.request(1), requests.request(2), requests.request(3));
        CompletableFuture<Void> ended = requests.ended();
        IOException cause = new IOException("on purpose");
        fake.reads.getLast().completeExceptionally(cause);
        for (CompletableFuture<Object> each : calls) {
            assertSame(cause, failureOf(each));
        }
        assertSame(cause, failureOf(ended));
        assertSame(cause, failureOf(requests.request(4)).getCause());
    }

    @Test
    void writeFails_earlierCallsGetTheirReplies() {
        Requests<Integer, Object> requests = requests(4);
        CompletableFuture<Object> first = requests.request(1);
        IOException cause = new IOException("the output is shut");
        fake.writing = () -> CompletableFuture.failedFuture(cause);
        assertSame(cause, failureOf(requests.request(2)));
        assertSame(cause, failureOf(requests.ended()));
        assertSame(cause, failureOf(requests.request(3)).getCause());
        fake.arrive(":news");
        fake.arrive("1:one");
        assertEquals("1:one", first.join());
        assertEquals(List.of(":news"), unsolicited);
    }

    @Test
    void endOfStream_whileIdle_endsNormally() {
        Requests<Integer, Object> requests = requests(1);
        CompletableFuture<Void> ended = requests.ended();
        CompletableFuture<Object> call = requests.request(1);
        fake.arrive("1:one");
        call.join();
        assertFalse(ended.isDone());
        fake.arrive(null);
        assertNull(ended.join());
        assertNull(requests.ended().join());
        assertInstanceOf(
                IncompleteReadException.class, failureOf(requests.request(2)).getCause());
        assertEquals(List.of(), new ArrayList<>(fake.looks), "reading needs no watch");
    }

    @Test
    void endOfStream_whileAReplyIsDue_fails() {
        Requests<Integer, Object> requests = requests(1);
        CompletableFuture<Object> call = requests.request(1);
        CompletableFuture<Void> ended = requests.ended();
        fake.arrive(null);
        assertInstanceOf(IncompleteReadException.class, failureOf(call));
        assertSame(failureOf(call), failureOf(ended));
    }

    @Test
    void close_failsCallsAndEndsNormally() {
        Requests<Integer, Object> requests = requests(1);
        CompletableFuture<Object> call = requests.request(1);
        CompletableFuture<Void> ended = requests.ended();
        requests.close();
        ClosedChannelException cause = new ClosedChannelException();
        fake.reads.getLast().completeExceptionally(cause);
        assertSame(cause, failureOf(call));
        assertNull(ended.join());
    }

    @Test
    void requests_illegalArguments_areRefused() {
        assertThrows(IllegalArgumentException.class, () -> requests(0));
        assertThrows(NullPointerException.class, () -> requests(1, null, message -> {}));
        assertThrows(NullPointerException.class, () -> requests(1, null));
        assertEquals(0, fake.reads.size());
    }

    @Test
    void messages_millionReadAtOnce_needNoStack() {
        CompletableFuture<Object> first = new CompletableFuture<>();
        AtomicInteger reads = new AtomicInteger();
        AtomicInteger deepest = new AtomicInteger();
        AtomicInteger replies = new AtomicInteger();
        AtomicInteger handled = new AtomicInteger();
        fake.reading = () -> {
            fake.written.clear();
            int read = reads.getAndIncrement();
            return read == 0
                    ? first
                    : read > MANY
                            ? new CompletableFuture<>()
                            : CompletableFuture.completedFuture(read % 2 == 0 ? ":news" : "1:one");
        };
        List<Requests<Integer, Object>> view = new ArrayList<>();
        view.add(requests(1, message -> {
            if (handled.getAndIncrement() % 100_000 == 0) {
                deepest.accumulateAndGet(FakeSocket.depth(), Math::max);
            }
            view.get(0).request(1).thenRun(replies::incrementAndGet);
        }));
        first.complete(":news");
        assertEquals(MANY + 2, reads.get());
        assertTrue(handled.get() >= MANY / 2, handled + " messages");
        assertTrue(replies.get() > MANY / 4, replies + " replies");
        assertTrue(deepest.get() <= 100, deepest + " frames");
    }
}
