package io.github.futuresockets.impl.view;

import static io.github.futuresockets.impl.view.FakeSocket.failureOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.MessageSocket;
import io.github.futuresockets.impl.support.Await;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Tests the order, back-pressure, ends and stack depth of {@code MessageSocket.answer} and {@code forEach}. */
class ReplyPipelineTest {
    private static final int MANY = 1_000_000;

    private final FakeSocket fake = new FakeSocket();
    private final MessageSocket<String, String> messages =
            fake.socket.messages((in, seen) -> null, text -> ByteBuffer.allocate(0));
    private final List<String> handled = new ArrayList<>();
    private final List<CompletableFuture<String>> handling = new ArrayList<>();
    private final List<CompletableFuture<Void>> writes = new ArrayList<>();

    private CompletableFuture<String> handle(String message) {
        handled.add(message);
        CompletableFuture<String> stage = new CompletableFuture<>();
        handling.add(stage);
        return stage;
    }

    private CompletableFuture<Void> answer(int concurrency) {
        return messages.answer(this::handle, concurrency);
    }

    private CompletableFuture<Void> issueWrite() {
        CompletableFuture<Void> write = new CompletableFuture<>();
        writes.add(write);
        return write;
    }

    @Test
    void answer_minimalStages_areAwaited() {
        messages.answer(CompletableFuture::completedStage, 2);
        fake.arrive("a");
        fake.arrive("b");
        assertEquals(List.of("a", "b"), fake.written);
    }

    @Test
    void answer_writesTheRepliesInTheOrderOfTheMessages() {
        CompletableFuture<Void> answered = answer(3);
        List.of("a", "b", "c").forEach(fake::arrive);
        assertEquals(3, fake.reads.size(), "no room for a fourth message");
        handling.get(2).complete("C");
        handling.get(1).complete("B");
        assertEquals(List.of(), fake.written);
        handling.get(0).complete("A");
        assertEquals(List.of("A", "B", "C"), fake.written);
        fake.arrive(null);
        assertNull(answered.join());
    }

    @Test
    void answer_aReplyThatIsNotWrittenYetHoldsUpTheReading() {
        fake.writing = this::issueWrite;
        CompletableFuture<Void> answered = answer(2);
        fake.arrive("a");
        fake.arrive("b");
        handling.get(0).complete("A");
        handling.get(1).complete("B");
        assertEquals(List.of("A", "B"), fake.written);
        assertEquals(2, fake.reads.size(), "both are in progress until they are written");
        writes.get(0).complete(null);
        assertEquals(3, fake.reads.size());
        fake.arrive(null);
        assertFalse(answered.isDone(), "a write is in progress");
        writes.get(1).complete(null);
        assertTrue(answered.isDone());
    }

    @Test
    void answer_waitsAtTheEndOfTheStreamForTheHandlersInProgress() {
        CompletableFuture<Void> answered = answer(2);
        fake.arrive("a");
        fake.arrive(null);
        assertFalse(answered.isDone());
        handling.get(0).complete("A");
        assertTrue(answered.isDone());
        assertEquals(List.of("A"), fake.written);
    }

    @Test
    void answer_firstFailure_cancelsOthersAndWritesNothing() {
        CompletableFuture<Void> answered = answer(4);
        List.of("a", "b", "c").forEach(fake::arrive);
        handling.get(2).complete("C");
        IOException cause = new IOException("on purpose");
        handling.get(1).completeExceptionally(new CompletionException(cause));
        assertSame(cause, failureOf(answered));
        assertTrue(handling.get(0).isCancelled());
        assertTrue(fake.reads.getLast().isCancelled(), "the pending read");
        assertEquals(List.of(), fake.written);
    }

    @Test
    void answer_failsForAHandlerThatThrowsOrGivesNoStageOrNoReply() {
        IllegalStateException thrown = new IllegalStateException("on purpose");
        assertSame(thrown, failureOfHandler(message -> {
            throw thrown;
        }));
        assertInstanceOf(NullPointerException.class, failureOfHandler(message -> null));
        assertInstanceOf(
                NullPointerException.class, failureOfHandler(message -> CompletableFuture.completedFuture(null)));
        assertThrows(IllegalArgumentException.class, () -> answer(0));
    }

    private Throwable failureOfHandler(Function<String, CompletionStage<String>> handler) {
        CompletableFuture<Void> answered = messages.answer(handler, 1);
        fake.arrive("a");
        return failureOf(answered);
    }

    @Test
    void answer_failsForAReadAndForAWrite() {
        IOException cause = new IOException("on purpose");
        CompletableFuture<Void> answered = answer(2);
        fake.arrive("a");
        fake.reads.getLast().completeExceptionally(cause);
        assertSame(cause, failureOf(answered));
        assertTrue(handling.get(0).isCancelled());
        fake.writing = () -> CompletableFuture.failedFuture(cause);
        CompletableFuture<Void> other = answer(2);
        fake.arrive("b");
        handling.get(1).complete("B");
        assertSame(cause, failureOf(other));
    }

    @Test
    void answer_aCancelReachesHandlersWritesAndTheRead() {
        fake.writing = this::issueWrite;
        CompletableFuture<Void> answered = answer(3);
        fake.arrive("a");
        fake.arrive("b");
        handling.get(0).complete("A");
        assertTrue(answered.cancel(false));
        assertTrue(writes.get(0).isCancelled());
        assertTrue(handling.get(1).isCancelled());
        assertTrue(fake.reads.getLast().isCancelled());
        assertEquals(List.of("a", "b"), handled);
    }

    @Test
    void answer_timesOut_cancelsRead() {
        CompletableFuture<Void> answered = answer(1).orTimeout(20, TimeUnit.MILLISECONDS);
        assertInstanceOf(
                TimeoutException.class,
                assertThrows(CompletionException.class, answered::join).getCause());
        assertTrue(fake.reads.getLast().isCancelled());
    }

    @Test
    void answer_aMessageThatCouldNotBeTakenBackIsStillHandled() {
        CompletableFuture<Object> read = new CompletableFuture<>() {
            @Override
            public boolean cancel(boolean mayInterruptIfRunning) {
                return false;
            }
        };
        fake.reading = () -> read;
        CompletableFuture<Void> answered = answer(1);
        assertTrue(answered.cancel(false));
        read.complete("taken");
        assertEquals(List.of("taken"), handled);
        assertTrue(handling.get(0).isCancelled());
        assertEquals(List.of(), fake.written);
    }

    @Test
    void answer_mayBeCancelledFromWithinAHandler() {
        AtomicReference<CompletableFuture<Void>> answered = new AtomicReference<>();
        answered.set(messages.answer(
                message -> {
                    answered.get().cancel(false);
                    return handle(message);
                },
                2));
        fake.arrive("a");
        assertTrue(answered.get().isCancelled());
        assertTrue(handling.get(0).isCancelled());
        assertEquals(1, fake.reads.size());
    }

    @Test
    void cancel_whileAnotherThreadBeginsRead_parksUntilReadIsCancelled() throws Exception {
        CompletableFuture<Void> answered = answer(2);
        CountDownLatch beginning = new CountDownLatch(1);
        CompletableFuture<Object> late = new CompletableFuture<>();
        CompletableFuture<Void> release = new CompletableFuture<>();
        fake.reading = () -> {
            beginning.countDown();
            release.join();
            return late;
        };
        Thread driver = new Thread(() -> fake.arrive("a"));
        driver.start();
        assertTrue(beginning.await(15, TimeUnit.SECONDS));
        boolean[] cancelled = new boolean[1];
        Thread canceller = new Thread(() -> {
            answered.cancel(false);
            cancelled[0] = late.isCancelled();
        });
        canceller.start();
        Await.until("the canceller is parked", () -> canceller.getState() == Thread.State.WAITING);
        release.complete(null);
        canceller.join();
        driver.join();
        assertTrue(cancelled[0], "the read is withdrawn when the cancel returns");
    }

    /** Another thread has stopped the pipeline already, and is late with the cancel of the read. */
    @Test
    void cancel_afterFailureOfAnotherThread_cancelsReadItself() throws Exception {
        CountDownLatch cancelling = new CountDownLatch(1);
        CompletableFuture<Void> release = new CompletableFuture<>();
        List<Thread> cancellers = Collections.synchronizedList(new ArrayList<>());
        CompletableFuture<Object> read = new CompletableFuture<>() {
            @Override
            public boolean cancel(boolean mayInterruptIfRunning) {
                cancellers.add(Thread.currentThread());
                if (cancellers.size() == 1) {
                    cancelling.countDown();
                    release.join();
                }
                return super.cancel(mayInterruptIfRunning);
            }
        };
        CompletableFuture<Void> answered = answer(2);
        fake.reading = () -> read;
        fake.arrive("a");
        Thread failing = new Thread(() -> handling.get(0).completeExceptionally(new IOException("on purpose")));
        failing.start();
        assertTrue(cancelling.await(15, TimeUnit.SECONDS));
        answered.cancel(false);
        assertTrue(read.isCancelled(), "the read is withdrawn when the cancel returns");
        release.complete(null);
        failing.join();
    }

    @Test
    void answer_millionMessagesDoneAtOnce_needsNoStackOrMemory() {
        for (int concurrency : new int[] {1, 8}) {
            AtomicInteger count = new AtomicInteger();
            AtomicInteger deepest = new AtomicInteger();
            fake.reading = () -> CompletableFuture.completedFuture(count.incrementAndGet() > MANY ? null : "m");
            fake.writing = () -> {
                fake.written.clear();
                return CompletableFuture.completedFuture(null);
            };
            long before = FakeSocket.used();
            messages.answer(
                            message -> {
                                if (count.get() % 100_000 == 0) {
                                    deepest.accumulateAndGet(FakeSocket.depth(), Math::max);
                                }
                                return CompletableFuture.completedFuture(message);
                            },
                            concurrency)
                    .join();
            assertEquals(MANY + 1, count.get());
            assertTrue(deepest.get() <= 100, deepest + " frames");
            assertTrue(FakeSocket.used() - before < 5 << 20);
        }
    }

    @Test
    void answer_millionNestedCompletions_needsNoStack() {
        AtomicInteger count = new AtomicInteger();
        AtomicInteger deepest = new AtomicInteger();
        AtomicReference<CompletableFuture<String>> before = new AtomicReference<>(new CompletableFuture<>());
        fake.reading = () -> CompletableFuture.completedFuture(count.incrementAndGet() > MANY ? null : "m");
        fake.writing = () -> {
            fake.written.clear();
            return CompletableFuture.completedFuture(null);
        };
        // Each handler completes the stage of the previous handler.
        CompletableFuture<Void> answered = messages.answer(
                message -> {
                    if (count.get() % 100_000 == 0) {
                        deepest.accumulateAndGet(FakeSocket.depth(), Math::max);
                    }
                    CompletableFuture<String> mine = new CompletableFuture<>();
                    before.getAndSet(mine).complete("r");
                    return mine;
                },
                2);
        before.get().complete("r");
        answered.join();
        assertTrue(deepest.get() <= 100, deepest + " frames");
    }
}
