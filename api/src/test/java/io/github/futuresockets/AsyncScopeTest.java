package io.github.futuresockets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests the closing of resources on every path, the withdrawal of losing futures, and waiting with bare failures. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class AsyncScopeTest {
    private final IOException cause = new IOException("on purpose");
    private final CompletableFuture<Resource> coming = new CompletableFuture<>();
    private final CompletableFuture<String> body = new CompletableFuture<>();
    private final Resource resource = new Resource();

    private static final class Resource implements AutoCloseable {
        private volatile int closed;
        private IOException failure;

        @Override
        public void close() throws IOException {
            closed++;
            if (failure != null) {
                throw failure;
            }
        }
    }

    private static Throwable failureOf(CompletableFuture<?> future) {
        Throwable[] seen = new Throwable[1];
        future.whenComplete((value, failure) -> seen[0] = failure);
        return seen[0];
    }

    @Test
    void using_closesBehindSuccessFailureAndThrow() {
        CompletableFuture<String> used = AsyncScope.using(coming, given -> body);
        coming.complete(resource);
        assertEquals(0, resource.closed);
        body.complete("result");
        assertEquals("result", used.join());
        assertEquals(1, resource.closed);

        CompletableFuture<String> failed = AsyncScope.using(
                CompletableFuture.completedFuture(resource), given -> CompletableFuture.failedFuture(cause));
        assertSame(cause, failureOf(failed));
        assertEquals(2, resource.closed);

        IllegalStateException thrown = new IllegalStateException("on purpose");
        assertSame(thrown, failureOf(AsyncScope.using(CompletableFuture.completedFuture(resource), given -> {
            throw thrown;
        })));
        assertEquals(3, resource.closed);
        assertInstanceOf(
                NullPointerException.class,
                failureOf(AsyncScope.using(CompletableFuture.completedFuture(resource), given -> null)));
        assertEquals(4, resource.closed);
    }

    @Test
    void using_withoutAResourceFails() {
        CompletableFuture<String> used = AsyncScope.using(coming, given -> body);
        coming.completeExceptionally(cause);
        assertSame(cause, failureOf(used));
    }

    @Test
    void using_failedClose_isFailureOrSuppressed() {
        resource.failure = new IOException("cannot close");
        body.complete("result");
        assertSame(
                resource.failure,
                failureOf(AsyncScope.using(CompletableFuture.completedFuture(resource), given -> body)));
        assertSame(
                cause,
                failureOf(AsyncScope.using(
                        CompletableFuture.completedFuture(resource), given -> CompletableFuture.failedFuture(cause))));
        assertSame(resource.failure, cause.getSuppressed()[0]);
    }

    @Test
    void using_closeFailsLikeBody_keepsFailureOfBody() {
        resource.failure = cause;
        assertSame(
                cause,
                failureOf(AsyncScope.using(
                        CompletableFuture.completedFuture(resource), given -> CompletableFuture.failedFuture(cause))));
    }

    @Test
    void using_aCancelReachesTheResourceAndTheBody() {
        CompletableFuture<String> early = AsyncScope.using(coming, given -> body);
        assertTrue(early.cancel(false));
        assertTrue(coming.isCancelled());

        CompletableFuture<String> late = AsyncScope.using(CompletableFuture.completedFuture(resource), given -> body);
        assertTrue(late.cancel(false));
        assertTrue(body.isCancelled());
        assertEquals(1, resource.closed);
    }

    @Test
    void using_resourceArrivingAfterCancel_isClosedUnused() {
        CompletableFuture<Resource> stubborn = new CompletableFuture<>() {
            @Override
            public boolean cancel(boolean mayInterruptIfRunning) {
                return false;
            }
        };
        CompletableFuture<String> used = AsyncScope.using(stubborn, given -> {
            throw new AssertionError("called");
        });
        assertTrue(used.cancel(false));
        stubborn.complete(resource);
        assertEquals(1, resource.closed);
    }

    @Test
    void orClose_closesOnFailureOnly() {
        body.complete("result");
        assertEquals(
                "result",
                AsyncScope.orClose(CompletableFuture.completedFuture(resource), given -> body)
                        .join());
        assertEquals(0, resource.closed);
        failureOf(AsyncScope.orClose(
                CompletableFuture.completedFuture(resource), given -> CompletableFuture.failedFuture(cause)));
        assertEquals(1, resource.closed);
        AsyncScope.orClose(CompletableFuture.completedFuture(resource), given -> new CompletableFuture<>())
                .cancel(false);
        assertEquals(2, resource.closed);
    }

    @Test
    void orClose_cancelRacingResult_closesOnlyIfCancelled() throws Exception {
        for (int round = 0; round < 2_000; round++) {
            Resource raced = new Resource();
            CompletableFuture<String> making = new CompletableFuture<>();
            CompletableFuture<String> result =
                    AsyncScope.orClose(CompletableFuture.completedFuture(raced), given -> making);
            CyclicBarrier start = new CyclicBarrier(2);
            Thread completer = new Thread(() -> {
                meet(start);
                making.complete("made");
            });
            completer.start();
            meet(start);
            boolean cancelled = result.cancel(false);
            completer.join();
            assertEquals(cancelled ? 1 : 0, raced.closed, "in round " + round);
            assertEquals(cancelled, result.isCancelled());
        }
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void all_waitsForAllAndAFailureCancelsTheOthers() {
        AsyncScope.all().join();
        CompletableFuture<String> other = new CompletableFuture<>();
        CompletableFuture<Void> both = AsyncScope.all(body, other);
        body.complete("a");
        assertFalse(both.isDone());
        other.complete("b");
        both.join();

        CompletableFuture<String> pending = new CompletableFuture<>();
        assertSame(cause, failureOf(AsyncScope.all(pending, CompletableFuture.failedFuture(cause))));
        assertTrue(pending.isCancelled());
        CompletableFuture<String> mine = new CompletableFuture<>();
        AsyncScope.all(mine).cancel(false);
        assertTrue(mine.isCancelled());
    }

    @Test
    void all_alreadyFailedFuture_cancelsLaterFutures() {
        CompletableFuture<String> pending = new CompletableFuture<>();
        assertSame(cause, failureOf(AsyncScope.all(CompletableFuture.failedFuture(cause), body, pending)));
        assertTrue(body.isCancelled() && pending.isCancelled());
    }

    @Test
    void race_theFirstWinsAndTheOthersAreWithdrawn() {
        CompletableFuture<String> other = new CompletableFuture<>();
        CompletableFuture<String> race = AsyncScope.race(other, body);
        body.complete("first");
        assertEquals("first", race.join());
        assertTrue(other.isCancelled());

        CompletableFuture<String> slow = new CompletableFuture<>();
        assertSame(cause, failureOf(AsyncScope.race(slow, CompletableFuture.failedFuture(cause))));
        assertTrue(slow.isCancelled());
        CompletableFuture<String> mine = new CompletableFuture<>();
        AsyncScope.race(mine).cancel(false);
        assertTrue(mine.isCancelled());
        assertThrows(IllegalArgumentException.class, AsyncScope::race);
    }

    @Test
    void race_resourceOfUncancellableLoser_isClosed() {
        CompletableFuture<AutoCloseable> stubborn = new CompletableFuture<>() {
            @Override
            public boolean cancel(boolean mayInterruptIfRunning) {
                return false;
            }
        };
        Resource won = new Resource();
        CompletableFuture<AutoCloseable> race =
                AsyncScope.race(stubborn, CompletableFuture.<AutoCloseable>completedFuture(won));
        stubborn.complete(resource);
        assertSame(won, race.join());
        assertEquals(1, resource.closed);
        assertEquals(0, won.closed);
    }

    @Test
    void race_sameResourceFromTwoFutures_staysOpen() {
        CompletableFuture<Resource> twice = AsyncScope.race(coming, coming.minimalCompletionStage(), coming);
        coming.complete(resource);
        assertSame(resource, twice.join());
        assertEquals(0, resource.closed);
    }

    @Test
    void deadline_extremeDurations_doNotOverflow() {
        for (Duration past :
                List.of(Duration.ofNanos(Long.MIN_VALUE), Duration.ofSeconds(Long.MIN_VALUE), Duration.ZERO)) {
            assertTrue(Deadline.after(past).isExpired(), past.toString());
            assertEquals(Duration.ZERO, Deadline.after(past).remaining());
        }
        assertFalse(Deadline.after(Duration.ofNanos(Long.MAX_VALUE)).isExpired());
        assertFalse(Deadline.after(Duration.ofSeconds(Long.MAX_VALUE)).isExpired());
    }

    @Test
    void await_givesTheResultOrTheBareFailure() throws Exception {
        body.complete("result");
        assertEquals("result", AsyncScope.await(body));
        assertEquals("result", AsyncScope.await(body, Duration.ZERO));
        assertSame(
                cause, assertThrows(IOException.class, () -> AsyncScope.await(CompletableFuture.failedFuture(cause))));
        assertSame(
                cause,
                assertThrows(
                        IOException.class,
                        () -> AsyncScope.await(
                                CompletableFuture.failedFuture(cause).thenApply(value -> value), Duration.ofDays(1))));
        IllegalStateException unchecked = new IllegalStateException("on purpose");
        assertSame(
                unchecked,
                assertThrows(
                        IllegalStateException.class,
                        () -> AsyncScope.await(CompletableFuture.failedFuture(unchecked))));
        Exception checked = new Exception("on purpose");
        assertSame(
                checked,
                assertThrows(IOException.class, () -> AsyncScope.await(CompletableFuture.failedFuture(checked)))
                        .getCause());
    }

    @Test
    void await_timedOut_cancelsFuture() {
        assertThrows(SocketTimeoutException.class, () -> AsyncScope.await(body, Duration.ofMillis(20)));
        assertTrue(body.isCancelled());
        assertThrows(CancellationException.class, () -> AsyncScope.await(body));
    }

    @Test
    void await_anInterruptWithdraws() throws Exception {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread waiter = new Thread(() -> {
            try {
                AsyncScope.await(body);
            } catch (Throwable e) {
                thrown.set(e);
            }
        });
        waiter.start();
        waiter.interrupt();
        waiter.join();
        assertInstanceOf(InterruptedException.class, thrown.get());
        assertTrue(body.isCancelled());
    }
}
