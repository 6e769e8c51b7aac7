package io.github.futuresockets.compose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.future.Await;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests the reads and the cancels of a {@link PullPublisher}. The tests of the socket check all other rules. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PullPublisherTest {
    private final Deque<CompletableFuture<String>> reads = new ArrayDeque<>();
    private final List<Object> signals = new ArrayList<>();
    private Flow.Subscription subscription;

    private CompletableFuture<String> issue() {
        CompletableFuture<String> read = new CompletableFuture<>();
        reads.add(read);
        return read;
    }

    private void subscribe(Supplier<CompletableFuture<String>> source) {
        new PullPublisher<String>(source).subscribe(new Flow.Subscriber<String>() {
            @Override
            public void onSubscribe(Flow.Subscription given) {
                subscription = given;
            }

            @Override
            public void onNext(String item) {
                signals.add(item);
            }

            @Override
            public void onError(Throwable failure) {
                signals.add(failure);
            }

            @Override
            public void onComplete() {
                signals.add("complete");
            }
        });
    }

    @Test
    void request_readsOneByOneUntilEnd() {
        subscribe(this::issue);
        assertEquals(0, reads.size());
        subscription.request(5);
        assertEquals(1, reads.size());
        reads.getLast().complete("a");
        reads.getLast().complete("b");
        assertEquals(3, reads.size());
        reads.getLast().complete(null);
        assertEquals(List.of("a", "b", "complete"), signals);
    }

    @Test
    void cancel_pendingRead_isCancelledAndNothingIsSignalled() {
        subscribe(this::issue);
        subscription.request(2);
        subscription.cancel();
        assertTrue(reads.getLast().isCancelled());
        subscription.request(1);
        assertEquals(1, reads.size());
        assertEquals(List.of(), signals);
    }

    @Test
    void cancel_readThatHasItsItem_isSignalled() {
        CompletableFuture<String> taken = new CompletableFuture<>() {
            @Override
            public boolean cancel(boolean mayInterruptIfRunning) {
                return false;
            }
        };
        subscribe(() -> taken);
        subscription.request(2);
        subscription.cancel();
        taken.complete("taken");
        assertEquals(List.of("taken"), signals);
    }

    @Test
    void cancel_withinSource_returnsAndCancelsRead() {
        subscribe(() -> {
            subscription.cancel();
            return issue();
        });
        subscription.request(1);
        assertTrue(reads.getLast().isCancelled());
        assertEquals(List.of(), signals);
    }

    @Test
    void cancel_whileAnotherThreadBeginsRead_parksUntilReadIsCancelled() throws Exception {
        CountDownLatch beginning = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        subscribe(() -> {
            beginning.countDown();
            await(release);
            return issue();
        });
        Thread driver = new Thread(() -> subscription.request(1));
        driver.start();
        await(beginning);
        boolean[] cancelled = new boolean[1];
        Thread canceller = new Thread(() -> {
            subscription.cancel();
            cancelled[0] = reads.getLast().isCancelled();
        });
        canceller.start();
        Await.parked(canceller);
        assertFalse(cancelled[0]);
        release.countDown();
        canceller.join();
        driver.join();
        assertTrue(cancelled[0], "the read is withdrawn when the cancel returns");
        assertEquals(List.of(), signals);
    }

    @Test
    void source_throwsOrGivesNothing_isSignalled() {
        IllegalStateException thrown = new IllegalStateException("on purpose");
        subscribe(() -> {
            throw thrown;
        });
        subscription.request(1);
        assertSame(thrown, signals.get(0));
        subscribe(() -> null);
        subscription.request(1);
        assertInstanceOf(NullPointerException.class, signals.get(1));
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(15, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
