package io.github.futuresockets.impl.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncFlow;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.IncompleteReadException;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Background;
import io.github.futuresockets.impl.support.Heap;
import io.github.futuresockets.impl.support.Peer;
import io.github.futuresockets.impl.support.TextLines;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Demand, cancellation and ends of {@code AsyncFlow} over sockets. Other tests check the rules of Reactive Streams. */
abstract class FlowContract extends ContractTest {

    /** A subscriber with a list of all received items. Only the test requests items. */
    private static class Keeping<T> implements Flow.Subscriber<T> {
        final List<T> items = new CopyOnWriteArrayList<>();
        final CompletableFuture<Void> ended = new CompletableFuture<>();
        Flow.Subscription subscription;

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
        }

        @Override
        public void onNext(T item) {
            items.add(item);
        }

        @Override
        public void onError(Throwable failure) {
            ended.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            ended.complete(null);
        }

        void awaitItems(int count) {
            Await.until(() -> count + " items, not " + items, () -> items.size() == count);
        }
    }

    private Keeping<String> lines() {
        Keeping<String> lines = new Keeping<>();
        AsyncFlow.publisher(socket, TextLines.CODEC).subscribe(lines);
        return lines;
    }

    @Test
    void publisher_readsNothingWithoutDemand() {
        converse();
        Keeping<String> lines = lines();
        peer.send("a\nb\nc\nd\n");
        assertEquals("a", Await.value(socket.readLine()), "nobody else reads");
        lines.subscription.request(2);
        lines.awaitItems(2);
        assertEquals("d", Await.value(socket.readLine()));
        assertEquals(List.of("b", "c"), lines.items);
        peer.end();
        lines.subscription.request(1);
        Await.value(lines.ended);
        assertTrue(socket.isOpen());
    }

    @Test
    void publisher_aCancelWithdrawsThePendingRead() {
        converse();
        Keeping<String> lines = lines();
        lines.subscription.request(Long.MAX_VALUE);
        peer.send("a\n");
        lines.awaitItems(1);
        lines.subscription.cancel();
        peer.send("b\n");
        assertEquals("b", Await.value(socket.readLine()));
        assertFalse(lines.ended.isDone());
    }

    @Test
    void publisher_failsBareAndServesOneSubscriber() {
        converse();
        Flow.Publisher<String> publisher = AsyncFlow.publisher(socket, TextLines.CODEC);
        Keeping<String> first = new Keeping<>();
        publisher.subscribe(first);
        Keeping<String> second = new Keeping<>();
        publisher.subscribe(second);
        assertInstanceOf(IllegalStateException.class, Await.failure(second.ended));
        first.subscription.request(9);
        peer.send("a\nincompl").end();
        assertInstanceOf(IncompleteReadException.class, Await.failure(first.ended));
        assertEquals(List.of("a"), first.items);
    }

    @Test
    void publisherAndSubscriber_moveEveryByteFromSocketToSocket() {
        converseNarrowly();
        AsyncSocket from = socket;
        Peer source = peer;
        connect(16_384);
        byte[] bytes = megabytes(4);
        CompletableFuture<Void> sent = Background.run(() -> source.send(bytes).end());
        AsyncFlow.Sink<ByteBuffer> sink = AsyncFlow.subscriber(socket);
        AsyncFlow.publisher(from, 10_000).subscribe(sink);
        assertFalse(sink.done().isDone(), "the peer has read nothing");
        assertArrayEquals(bytes, peer.receive(bytes.length));
        assertEquals(bytes.length, Await.value(sink.done()));
        Await.value(sent);
        assertTrue(socket.isOpen() && from.isOpen());
    }

    @Test
    void subscriber_doneCancelled_cancelsSubscription() {
        converse();
        AsyncSocket from = socket;
        Peer source = peer;
        connect(0);
        AsyncFlow.Sink<String> sink = AsyncFlow.subscriber(socket, TextLines.CODEC);
        AsyncFlow.<String>publisher(from, TextLines.CODEC).subscribe(sink);
        source.send("a\n");
        assertEquals("a\n", peer.text(2));
        assertTrue(sink.done().thenRun(() -> {}).cancel(false));
        source.send("b\n");
        assertEquals("b", Await.value(from.readLine()));
    }

    @Test
    void subscriber_publisherOrWriteFails_fails() {
        converse();
        IOException cause = new IOException("on purpose");
        AsyncFlow.Sink<String> failing = AsyncFlow.subscriber(socket, TextLines.CODEC);
        failing.onError(cause);
        assertSame(cause, Await.failure(failing.done()));
        AsyncFlow.Sink<String> sink = AsyncFlow.subscriber(socket, text -> {
            throw cause;
        });
        Keeping<Long> cancels = new Keeping<>();
        sink.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long count) {
                cancels.onNext(count);
            }

            @Override
            public void cancel() {
                cancels.onComplete();
            }
        });
        sink.onNext("a");
        assertSame(cause, Await.failure(sink.done()));
        Await.value(cancels.ended);
        assertEquals(List.of(1L), cancels.items);
    }

    @Test
    void publisher_aHundredThousandItemsTakeNoStack() {
        converse();
        AtomicInteger count = new AtomicInteger();
        AtomicInteger deepest = new AtomicInteger();
        Keeping<String> greedy = new Keeping<>() {
            @Override
            public void onNext(String item) {
                if (count.incrementAndGet() % 100 == 0) {
                    deepest.accumulateAndGet(Heap.depth(), Math::max);
                }
                subscription.request(1);
            }
        };
        AsyncFlow.publisher(socket, TextLines.CODEC).subscribe(greedy);
        greedy.subscription.request(1);
        CompletableFuture<Void> sent =
                Background.run(() -> peer.send("x\n".repeat(100_000)).end());
        Await.value(greedy.ended);
        Await.value(sent);
        assertEquals(100_000, count.get());
        assertTrue(deepest.get() <= 100, deepest + " frames");
    }
}
