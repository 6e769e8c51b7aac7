package io.github.futuresockets.impl.view;

import static io.github.futuresockets.impl.view.FakeSocket.failureOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncFlow;
import io.github.futuresockets.AsyncLoop;
import io.github.futuresockets.CloseReason;
import io.github.futuresockets.IncompleteReadException;
import io.github.futuresockets.Requests;
import io.github.futuresockets.future.IoContext;
import io.github.futuresockets.impl.support.Await;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Tests the order, places, limits, ends and stack depth of {@code Requests}. */
class RequestPipelineTest {
    private static final int MANY = 1_000_000;

    private final FakeSocket fake = new FakeSocket();

    private Requests<Integer, Object> requests(int inFlight) {
        return fake.socket.requests(
                number -> ByteBuffer.wrap(new byte[] {number.byteValue()}), (in, seen) -> null, inFlight);
    }

    private static List<Object> bytes(int... numbers) {
        List<Object> bytes = new ArrayList<>();
        for (int number : numbers) {
            bytes.add((byte) number);
        }
        return bytes;
    }

    @Test
    void requestsAndSinks_leaveNothingThatWaitsWithTheSocket() {
        requests(1);
        AsyncFlow.subscriber(fake.socket);
        assertFalse(fake.watches.isEmpty());
        for (CompletableFuture<CloseReason> watch : fake.watches) {
            assertEquals(0, watch.getNumberOfDependents());
        }
    }

    @Test
    void request_completesWithItsReplyInOrder() {
        Requests<Integer, Object> requests = requests(8);
        CompletableFuture<Object> first = requests.request(1);
        CompletableFuture<Object> second = requests.request(2);
        assertEquals(bytes(1, 2), fake.written);
        fake.arrive("one");
        assertEquals("one", first.join());
        assertFalse(second.isDone());
        fake.arrive("two");
        assertEquals("two", second.join());
        assertEquals(2, fake.reads.size(), "nothing is read while nothing is due");
    }

    @Test
    void request_noMoreThanInFlightAreOnTheWire() {
        Requests<Integer, Object> requests = requests(2);
        List<CompletableFuture<Object>> calls = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            calls.add(requests.request(i));
        }
        assertEquals(bytes(0, 1), fake.written);
        fake.arrive("0");
        assertEquals(bytes(0, 1, 2), fake.written);
        List.of("1", "2", "3").forEach(fake::arrive);
        for (int i = 0; i < 4; i++) {
            assertEquals(String.valueOf(i), calls.get(i).join());
        }
        assertThrows(IllegalArgumentException.class, () -> requests(0));
    }

    @Test
    void request_beyondWaitingLimit_failsAloneAtOnce() {
        Requests<Integer, Object> requests = requests(1);
        CompletableFuture<Object> first = requests.request(1);
        List<CompletableFuture<Object>> waiting = new ArrayList<>();
        for (int i = 0; i < 1_024; i++) {
            waiting.add(requests.request(2));
        }
        CompletableFuture<Object> beyond = requests.request(3);
        assertTrue(assertInstanceOf(IOException.class, failureOf(beyond))
                .getMessage()
                .contains("1024"));
        assertTrue(waiting.get(500).cancel(false));
        assertFalse(requests.request(4).isDone(), "there is room again");
        fake.arrive("one");
        assertEquals("one", first.join());
    }

    @Test
    void cancel_ofWaitingRequest_sendsNothing() {
        Requests<Integer, Object> requests = requests(1);
        requests.request(1);
        CompletableFuture<Object> waits = requests.request(2);
        CompletableFuture<Object> third = requests.request(3);
        assertTrue(waits.cancel(false));
        fake.arrive("one");
        assertEquals(bytes(1, 3), fake.written);
        fake.arrive("three");
        assertEquals("three", third.join());
    }

    @Test
    void cancelAndTimeOut_ofSentRequest_keepPlace() {
        Requests<Integer, Object> requests = requests(3);
        CompletableFuture<Object> cancelled = requests.request(1);
        CompletableFuture<Object> late = requests.request(2).orTimeout(10, TimeUnit.MILLISECONDS);
        CompletableFuture<Object> third = requests.request(3);
        assertTrue(cancelled.cancel(false));
        CompletionException failure = assertThrows(CompletionException.class, late::join);
        assertInstanceOf(TimeoutException.class, failure.getCause());
        CompletableFuture<Object> waits = requests.request(4);
        assertEquals(bytes(1, 2, 3), fake.written, "their places are taken");
        fake.arrive("one");
        fake.arrive("two");
        assertFalse(third.isDone());
        fake.arrive("three");
        fake.arrive("four");
        assertEquals("three", third.join());
        assertEquals("four", waits.join());
    }

    @Test
    void request_endOfStream_failsCurrentAndLaterRequests() {
        Requests<Integer, Object> requests = requests(1);
        CompletableFuture<Object> sent = requests.request(1);
        CompletableFuture<Object> waits = requests.request(2);
        fake.arrive(null);
        assertInstanceOf(IncompleteReadException.class, failureOf(sent));
        assertInstanceOf(IncompleteReadException.class, failureOf(waits));
        CompletableFuture<Object> later = requests.request(3);
        assertInstanceOf(IOException.class, failureOf(later));
        assertInstanceOf(IncompleteReadException.class, failureOf(later).getCause());
        assertEquals(bytes(1), fake.written);
        requests.close();
        assertInstanceOf(ClosedChannelException.class, failureOf(requests.request(4)));
    }

    @Test
    void request_decoderThrows_failsAllInProgress() {
        Requests<Integer, Object> requests = requests(2);
        CompletableFuture<Object> first = requests.request(1);
        CompletableFuture<Object> second = requests.request(2);
        IOException cause = new IOException("no reply of ours");
        fake.reads.getLast().completeExceptionally(cause);
        assertSame(cause, failureOf(first));
        assertSame(cause, failureOf(second));
    }

    @Test
    void request_encoderThrows_failsAlone() {
        IOException cause = new IOException("on purpose");
        Requests<Integer, Object> requests = fake.socket.requests(
                number -> {
                    if (number == 1) {
                        throw cause;
                    }
                    return ByteBuffer.wrap(new byte[] {number.byteValue()});
                },
                (in, seen) -> null,
                2);
        assertSame(cause, failureOf(requests.request(1)));
        CompletableFuture<Object> next = requests.request(2);
        fake.arrive("two");
        assertEquals("two", next.join());
    }

    @Test
    void request_writeRefused_failsThatAndLaterRequests() {
        Requests<Integer, Object> requests = requests(4);
        CompletableFuture<Object> first = requests.request(1);
        IOException cause = new IOException("the output is shut");
        fake.writing = () -> CompletableFuture.failedFuture(cause);
        assertSame(cause, failureOf(requests.request(2)));
        assertSame(cause, failureOf(requests.request(3)).getCause());
        fake.arrive("one");
        assertEquals("one", first.join());
        assertEquals(1, fake.reads.size());
    }

    @Test
    void request_writeFailsLater_failsThatAndLaterRequests() {
        Requests<Integer, Object> requests = requests(3);
        CompletableFuture<Object> first = requests.request(1);
        CompletableFuture<Void> write = new CompletableFuture<>();
        fake.writing = () -> write;
        CompletableFuture<Object> second = requests.request(2);
        CompletableFuture<Object> third = requests.request(3);
        CompletableFuture<Object> fourth = requests.request(4);
        IOException cause = new IOException("on purpose");
        write.completeExceptionally(cause);
        for (CompletableFuture<Object> each : List.of(second, third, fourth)) {
            assertSame(cause, failureOf(each));
        }
        fake.arrive("one");
        assertEquals("one", first.join());
    }

    @Test
    void request_unsolicitedReplyBuffered_fails() {
        Requests<Integer, Object> requests = requests(1);
        CompletableFuture<Object> first = requests.request(1);
        fake.arrive("one");
        first.join();
        fake.buffered = 7;
        CompletableFuture<Object> second = requests.request(2);
        assertTrue(
                failureOf(second).getMessage().contains("7 bytes"),
                failureOf(second).getMessage());
        assertEquals(bytes(1), fake.written);
        assertInstanceOf(IOException.class, failureOf(requests.request(3)));
    }

    @Test
    void request_mayBeCalledFromWithinACompletion() {
        Requests<Integer, Object> requests = requests(1);
        CompletableFuture<Object> chained = requests.request(1).thenCompose(one -> requests.request(2));
        CompletableFuture<Object> other = requests.request(3);
        fake.arrive("one");
        fake.arrive("three");
        fake.arrive("two");
        assertEquals("two", chained.join());
        assertEquals("three", other.join());
        assertEquals(bytes(1, 3, 2), fake.written);
    }

    @Test
    void request_millionCompletedAtOnce_needsNoStackOrMemory() {
        fake.reading = () -> {
            fake.written.clear();
            return CompletableFuture.completedFuture("reply");
        };
        Requests<Integer, Object> requests = requests(4);
        AtomicInteger count = new AtomicInteger();
        AtomicInteger deepest = new AtomicInteger();
        long before = FakeSocket.used();
        AsyncLoop.whileTrue(() -> requests.request(1).thenApply(reply -> {
                    if (count.get() % 100_000 == 0) {
                        deepest.accumulateAndGet(FakeSocket.depth(), Math::max);
                    }
                    return count.incrementAndGet() < MANY;
                }))
                .join();
        assertEquals(MANY, count.get());
        assertTrue(deepest.get() <= 100, deepest + " frames");
        assertTrue(FakeSocket.used() - before < 5 << 20);
    }

    @Test
    void request_millionFromWithinCompletions_needsNoStack() {
        Queue<CompletableFuture<Object>> blocked = new ArrayDeque<>();
        AtomicInteger reads = new AtomicInteger();
        fake.reading = () -> {
            fake.written.clear();
            CompletableFuture<Object> read = new CompletableFuture<>();
            if (reads.getAndIncrement() == 0) {
                blocked.add(read);
            } else {
                read.complete("reply");
            }
            return read;
        };
        Requests<Integer, Object> requests = requests(4);
        AtomicInteger count = new AtomicInteger();
        AtomicInteger deepest = new AtomicInteger();
        for (int i = 0; i < 4; i++) {
            again(requests, count, deepest);
        }
        blocked.remove().complete("reply");
        assertEquals(MANY, count.get());
        assertTrue(deepest.get() <= 100, deepest + " frames");
    }

    private static void again(Requests<Integer, Object> requests, AtomicInteger count, AtomicInteger deepest) {
        if (count.get() < MANY) {
            requests.request(1).thenAccept(reply -> {
                if (count.get() % 100_000 < 4) {
                    deepest.accumulateAndGet(FakeSocket.depth(), Math::max);
                }
                if (count.incrementAndGet() < MANY) {
                    again(requests, count, deepest);
                } else {
                    count.set(MANY);
                }
            });
        }
    }

    @Test
    void request_rightAfterARefusedWrite_isNotSent() {
        Requests<Integer, Object> requests = requests(8);
        List<CompletableFuture<Object>> later = new ArrayList<>();
        // The pipeline calls `getCause` a second time after the refusal and before the end of the other calls.
        CompletionException refusal = new CompletionException("refused", null) {
            private int asked;

            @Override
            public synchronized Throwable getCause() {
                if (++asked == 2) {
                    later.add(requests.request(2));
                }
                return null;
            }
        };
        fake.writing = () -> CompletableFuture.failedFuture(refusal);
        CompletableFuture<Object> first = requests.request(1);
        assertEquals(1, later.size());
        assertEquals(bytes(1), fake.written);
        assertSame(refusal, failureOf(first));
        assertInstanceOf(IOException.class, failureOf(later.get(0)));
    }

    @Test
    void request_withinRefusedWrite_isNotSentAndFailsWithIt() {
        Requests<Integer, Object> requests = requests(8);
        List<CompletableFuture<Object>> later = new ArrayList<>();
        IOException cause = new IOException("on purpose");
        fake.writing = () -> {
            later.add(requests.request(2));
            return CompletableFuture.failedFuture(cause);
        };
        assertSame(cause, failureOf(requests.request(1)));
        assertEquals(bytes(1), fake.written);
        assertSame(cause, failureOf(later.get(0)));
    }

    @Test
    void request_whileAnotherThreadSends_isSentByThatThread() throws Exception {
        CountDownLatch sending = new CountDownLatch(1);
        CompletableFuture<Void> release = new CompletableFuture<>();
        fake.writing = () -> {
            sending.countDown();
            release.join();
            return CompletableFuture.completedFuture(null);
        };
        Requests<Integer, Object> requests = requests(8);
        Thread sender = new Thread(() -> requests.request(1));
        sender.start();
        assertTrue(sending.await(15, TimeUnit.SECONDS));
        CompletableFuture<Object> second = requests.request(2);
        assertEquals(bytes(1), fake.written);
        release.complete(null);
        sender.join();
        assertEquals(bytes(1, 2), fake.written);
        fake.arrive("one");
        fake.arrive("two");
        assertEquals("two", second.join());
    }

    /** A dependent blocks until the next call is complete. A task of the context completes the next call. */
    @Test
    void request_dependentBlocks_anotherThreadCompletesNextCall() throws Exception {
        CompletableFuture<Object> read = new CompletableFuture<>();
        Deque<CompletableFuture<Object>> reads =
                new ArrayDeque<>(List.of(read, CompletableFuture.completedFuture("two")));
        fake.reading = reads::remove;
        fake.context = new BackgroundContext();
        Requests<Integer, Object> requests = requests(2);
        CompletableFuture<Object> first = requests.request(1);
        CompletableFuture<Object> second = requests.request(2);
        CompletableFuture<Object> both = first.thenApply(one -> one + " " + second.join());
        Thread completer = new Thread(() -> read.complete("one"));
        completer.start();
        assertEquals("one two", Await.value(both));
        completer.join();
    }

    @Test
    void ended_whileIdle_watchesTheSocket() {
        Requests<Integer, Object> requests = requests(1);
        assertEquals(0, fake.looks.size(), "no watch without a waiter");
        CompletableFuture<Void> ended = requests.ended();
        assertEquals(1, fake.looks.size());
        fake.looks.remove().complete(false);
        assertFalse(ended.isDone(), "a read tells the reason");
        fake.arrive(null);
        assertNull(ended.join());
        assertNull(requests.ended().join());
        assertInstanceOf(
                IncompleteReadException.class, failureOf(requests.request(1)).getCause());
        assertEquals(List.of(), fake.written);
    }

    @Test
    void ended_readAfterTheWatchFails_hasItsFailure() {
        Requests<Integer, Object> requests = requests(1);
        CompletableFuture<Void> ended = requests.ended();
        fake.looks.remove().complete(false);
        IOException cause = new IOException("reset");
        fake.reads.getLast().completeExceptionally(cause);
        assertSame(cause, failureOf(ended));
        assertSame(cause, failureOf(requests.ended()));
    }

    @Test
    void ended_bytesWhileIdle_areUnsolicited() {
        Requests<Integer, Object> requests = requests(1);
        CompletableFuture<Void> ended = requests.ended();
        fake.looks.remove().complete(true);
        String message = assertInstanceOf(IOException.class, failureOf(ended)).getMessage();
        assertTrue(message.contains("nobody had asked for"), message);
        assertInstanceOf(IOException.class, failureOf(requests.request(1)));
        assertEquals(0, fake.reads.size());
    }

    @Test
    void ended_bytesOfAReply_areNotUnsolicited() {
        Requests<Integer, Object> requests = requests(1);
        CompletableFuture<Void> ended = requests.ended();
        CompletableFuture<Object> call = requests.request(1);
        fake.looks.remove().complete(true);
        assertEquals(0, fake.looks.size(), "no watch while a reply is due");
        fake.arrive("one");
        assertEquals("one", call.join());
        assertFalse(ended.isDone());
        assertEquals(1, fake.looks.size(), "the watch goes on");
    }

    @Test
    void ended_watchThatFiresLate_isStale() {
        Requests<Integer, Object> requests = requests(1);
        CompletableFuture<Void> ended = requests.ended();
        requests.request(1);
        fake.arrive("one");
        assertEquals(1, fake.looks.size(), "the first watch is still pending");
        fake.looks.remove().complete(true);
        assertFalse(ended.isDone());
        assertEquals(1, fake.looks.size());
    }

    @Test
    void ended_endOfStreamWhileAReplyIsDue_fails() {
        Requests<Integer, Object> requests = requests(1);
        CompletableFuture<Object> call = requests.request(1);
        CompletableFuture<Void> ended = requests.ended();
        fake.arrive(null);
        assertSame(failureOf(call), failureOf(ended));
    }

    @Test
    void ended_closeByThisSide_isNormal() {
        Requests<Integer, Object> requests = requests(1);
        CompletableFuture<Object> call = requests.request(1);
        CompletableFuture<Void> ended = requests.ended();
        requests.close();
        fake.reads.getLast().completeExceptionally(new ClosedChannelException());
        assertInstanceOf(ClosedChannelException.class, failureOf(call));
        assertNull(ended.join());
    }

    @Test
    void ended_cancelled_leavesOthers() {
        Requests<Integer, Object> requests = requests(1);
        CompletableFuture<Void> first = requests.ended();
        CompletableFuture<Void> second = requests.ended();
        assertTrue(first.cancel(false));
        assertEquals(1, fake.looks.size());
        fake.looks.remove().complete(false);
        fake.arrive(null);
        assertNull(second.join());
    }

    @Test
    void writable_fullQueue_givesEachFreePlaceToASingleWaiter() {
        Requests<Integer, Object> requests = requests(1);
        assertTrue(requests.writable().isDone());
        requests.request(0);
        List<CompletableFuture<Object>> waiting = new ArrayList<>();
        for (int i = 0; i < 1_024; i++) {
            waiting.add(requests.request(i));
        }
        CompletableFuture<Void> cancelled = requests.writable();
        CompletableFuture<Void> first = requests.writable();
        CompletableFuture<Void> second = requests.writable();
        assertFalse(first.isDone());
        assertTrue(cancelled.cancel(false));
        fake.arrive("zero");
        assertNull(first.join());
        assertFalse(second.isDone());
        assertFalse(requests.writable().isDone());
        assertFalse(requests.request(1).isDone(), "the promised place is free");
        assertInstanceOf(IOException.class, failureOf(requests.request(1)));
        assertTrue(waiting.get(500).cancel(false));
        assertNull(Await.value(second), "a cancelled call frees its place");
    }

    @Test
    void writable_dependentCalls_neverExceedTheLimit() {
        Requests<Integer, Object> requests = requests(1);
        List<CompletableFuture<Object>> calls = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            int number = i;
            calls.add(requests.writable().thenCompose(free -> requests.request(number)));
        }
        for (int i = 0; i < 3_000; i++) {
            fake.arrive(i);
        }
        for (int i = 0; i < 3_000; i++) {
            assertEquals(i, calls.get(i).join());
        }
    }

    @Test
    void writable_failedConversation_fails() {
        Requests<Integer, Object> requests = requests(1);
        requests.request(0);
        for (int i = 0; i < 1_024; i++) {
            requests.request(i);
        }
        CompletableFuture<Void> waits = requests.writable();
        IOException cause = new IOException("on purpose");
        fake.reads.getLast().completeExceptionally(cause);
        assertSame(cause, failureOf(waits));
        assertSame(cause, failureOf(requests.writable()));
    }

    /** A context without an I/O thread. Each task has a thread of its own. */
    private static final class BackgroundContext implements IoContext {
        @Override
        public boolean onIoThread() {
            return false;
        }

        @Override
        public Executor defaultExecutor() {
            return task -> new Thread(task).start();
        }

        @Override
        public Future<?> schedule(Runnable task, long nanos) {
            return CompletableFuture.runAsync(task, defaultExecutor());
        }
    }
}
