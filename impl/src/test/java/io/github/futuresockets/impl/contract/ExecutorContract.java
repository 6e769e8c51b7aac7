package io.github.futuresockets.impl.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.CloseReason;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Background;
import io.github.futuresockets.impl.support.Peer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clause 10 with an executor. Each completion after the call's return is a separate task of the executor. */
abstract class ExecutorContract extends ContractTest {
    private final List<Thread> workers = new CopyOnWriteArrayList<>();
    private final AtomicInteger tasks = new AtomicInteger();
    private final ExecutorService pool = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "completions");
        thread.setDaemon(true);
        workers.add(thread);
        return thread;
    });

    @AfterEach
    void end() {
        pool.shutdown();
    }

    private void executeIn(Executor executor) {
        converse(builder -> builder.executor(task -> {
            tasks.incrementAndGet();
            executor.execute(task);
        }));
    }

    private Thread threadOf(CompletableFuture<?> future) {
        AtomicReference<Thread> where = new AtomicReference<>();
        CompletableFuture<?> dependent = future.whenComplete((value, failure) -> where.set(Thread.currentThread()));
        return Await.value(dependent.handle((value, failure) -> where.get()));
    }

    @Test
    void clause10_completionsThatComeLaterAreTasksThere() throws Exception {
        executeIn(pool);
        CompletableFuture<String> read = socket.readLine();
        CompletableFuture<Thread> readThread = read.thenApply(line -> Thread.currentThread());
        CompletableFuture<Thread> readableThread = socket.readable().thenApply(is -> Thread.currentThread());
        peer.send("line\nmore\n");
        assertTrue(workers.contains(Await.value(readThread)));
        assertTrue(workers.contains(Await.value(readableThread)));
        try (AsyncServerSocket listener = sockets.listen("127.0.0.1", 0)) {
            CompletableFuture<AsyncSocket> accept = listener.accept();
            CompletableFuture<Thread> acceptThread = accept.thenApply(accepted -> Thread.currentThread());
            closing(Peer.connect(listener.localAddress()));
            assertTrue(workers.contains(Await.value(acceptThread)));
            Await.value(accept).abort();
        }
    }

    @Test
    void clause10_failuresAndTimeOutsAreTasksThereToo() {
        executeIn(pool);
        CompletableFuture<String> read = socket.readLine();
        CompletableFuture<Thread> timedOut = read.handle((line, failure) -> Thread.currentThread());
        socket.readTimeout(Duration.ofMillis(20));
        assertTrue(workers.contains(Await.value(timedOut)), "readTimeout");
        socket.readTimeout(Duration.ZERO);
        CompletableFuture<String> bounded = socket.readLine();
        AtomicReference<Thread> where = new AtomicReference<>();
        CompletableFuture<?> seen = bounded.whenComplete((line, failure) -> where.set(Thread.currentThread()));
        bounded.orTimeout(20, TimeUnit.MILLISECONDS);
        Await.failure(seen);
        assertTrue(workers.contains(where.get()), "orTimeout, on " + where.get());
        CompletableFuture<String> pending = socket.readLine();
        CompletableFuture<Thread> closer = pending.handle((line, failure) -> Thread.currentThread());
        peer.reset();
        assertTrue(workers.contains(Await.value(closer)), "reset");
    }

    @Test
    void clause10_operation_doneAtOnce_isCompletedByCaller() {
        executeIn(pool);
        peer.send("one\ntwo\n");
        Await.value(socket.readLine());
        int before = tasks.get();
        CompletableFuture<String> two = socket.readLine();
        assertTrue(two.isDone());
        assertSame(Thread.currentThread(), threadOf(two));
        assertEquals(before, tasks.get());
    }

    @Test
    void clause10_aTaskMayBlockOnOtherOperations() {
        executeIn(pool);
        CompletableFuture<String> both = socket.readLine().thenApply(first -> first + Await.value(socket.readLine()));
        peer.send("first ");
        peer.send("\nsec");
        Await.until("the second read is pending", () -> socket.buffered() == 3);
        peer.send("ond\n");
        assertEquals("first second", Await.value(both));
    }

    @Test
    void clause10_aTaskThatBlocksHoldsUpNothingElse() {
        executeIn(pool);
        CompletableFuture<Void> release = new CompletableFuture<>();
        CompletableFuture<Void> blocked = socket.readable().thenAccept(is -> Await.value(release));
        CompletableFuture<String> read = socket.readLine();
        CompletableFuture<Void> blockedToo = read.thenAccept(line -> Await.value(release));
        peer.send("line\nnext\n");
        assertEquals("line", Await.value(read));
        assertEquals("next", Await.value(socket.readLine()));
        peer.send("left");
        Await.value(socket.write("on it goes"));
        assertEquals("on it goes", peer.text(10));
        release.complete(null);
        Await.value(blocked);
        Await.value(blockedToo);
    }

    @Test
    void clause10_cancelledOperation_isCompletedByCanceller() {
        executeIn(pool);
        CompletableFuture<String> read = socket.readLine();
        CompletableFuture<Thread> where = read.handle((line, failure) -> Thread.currentThread());
        assertTrue(read.cancel(false));
        assertSame(Thread.currentThread(), Await.value(where));
        Await.failure(CancellationException.class, read);
    }

    @Test
    void close_ofTheSocketsInACompletionDoesNotWaitForThatCompletion() {
        executeIn(pool);
        CompletableFuture<Void> quit = socket.readLine().thenAccept(line -> sockets.close());
        peer.send("quit\n");
        Await.value(quit);
        Await.value(socket.closed());
        threads.awaitEnd();
    }

    @Test
    void executor_thatRejectsIsReplacedByTheThreadThatFinishes() {
        AtomicInteger refused = new AtomicInteger();
        executeIn(task -> {
            refused.incrementAndGet();
            throw new RejectedExecutionException("closed");
        });
        CompletableFuture<Thread> where = socket.readLine().thenApply(line -> Thread.currentThread());
        peer.send("line\n");
        assertTrue(isIoThread(Await.value(where)));
        assertTrue(refused.get() > 0);
        socket.close();
        peer.end();
        Await.value(socket.closed());
    }

    @Test
    void shutdownNow_queuedCompletions_stillComplete() throws Exception {
        ThreadPoolExecutor one = new ThreadPoolExecutor(
                1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> new Thread(task, "one"));
        converse(builder -> builder.executor(one));
        CompletableFuture<String> read = queueCompletion(one);
        assertEquals(1, one.shutdownNow().size());
        assertTrue(one.awaitTermination(Await.LIMIT.toSeconds(), TimeUnit.SECONDS));
        Await.value(Background.run(sockets::close));
        assertEquals("line", Await.value(read));
        Await.value(socket.closed());
    }

    /** Blocks the only thread of {@code one} until an interrupt. The completion of the returned read is queued. */
    private CompletableFuture<String> queueCompletion(ThreadPoolExecutor one) {
        CompletableFuture<Void> running = new CompletableFuture<>();
        one.execute(() -> {
            running.complete(null);
            try {
                Thread.sleep(Long.MAX_VALUE);
            } catch (InterruptedException end) {
                Thread.currentThread().interrupt();
            }
        });
        Await.value(running);
        CompletableFuture<String> read = socket.readLine();
        peer.send("line\n");
        Await.until("the completion is queued", () -> one.getQueue().size() == 1);
        return read;
    }

    @Test
    void shutdownNow_queuedAndLaterCompletion_bothComplete() throws Exception {
        ThreadPoolExecutor one = new ThreadPoolExecutor(
                1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> new Thread(task, "one"));
        converse(builder -> builder.executor(one));
        CompletableFuture<String> first = queueCompletion(one);
        one.shutdownNow();
        assertTrue(one.awaitTermination(Await.LIMIT.toSeconds(), TimeUnit.SECONDS));
        CompletableFuture<String> second = socket.readLine();
        peer.send("more\n");
        assertEquals("more", Await.value(second));
        assertEquals("line", Await.value(first));
    }

    @Test
    void executor_thatDropsTasks_doesNotHoldUpClose() {
        AtomicBoolean dropping = new AtomicBoolean();
        converse(builder -> builder.closeTimeout(Duration.ofMillis(100)).executor(task -> {
            if (!dropping.get()) {
                pool.execute(task);
            }
        }));
        CompletableFuture<String> read = socket.readLine();
        dropping.set(true);
        peer.send("line\n");
        Await.until("the read has its line", () -> socket.stats().bytesIn() == 5);
        Await.value(Background.run(sockets::close));
        assertFalse(read.isDone());
    }

    @Test
    void clause05_cancelBeforeTheTaskRunsLosesNothing() {
        List<Runnable> held = new CopyOnWriteArrayList<>();
        AtomicReference<Executor> executor = new AtomicReference<>(Runnable::run);
        executeIn(task -> executor.get().execute(task));
        executor.set(held::add);
        CompletableFuture<String> read = socket.readLine();
        peer.send("line\n");
        Await.until("the completion is a task", () -> !held.isEmpty());
        boolean won = read.cancel(false);
        executor.set(Runnable::run);
        held.forEach(Runnable::run);
        if (won) {
            Await.failure(CancellationException.class, read);
            assertEquals("line", Await.value(socket.readLine()));
        } else {
            assertEquals("line", Await.value(read));
        }
    }

    @Test
    void clause14_closedComesBehindEveryCompletion() {
        AtomicBoolean holding = new AtomicBoolean();
        BlockingQueue<Runnable> held = new LinkedBlockingQueue<>();
        executeIn(task -> {
            if (holding.get()) {
                held.add(task);
            } else {
                pool.execute(task);
            }
        });
        CompletableFuture<String> read = socket.readLine();
        CompletableFuture<CloseReason> closed = socket.closed();
        holding.set(true);
        socket.abort();
        peer.awaitOver();
        Runnable first = Await.value(Background.call(held::take));
        assertFalse(read.isDone() || closed.isDone());
        assertEquals(0, held.size());
        holding.set(false);
        first.run();
        assertTrue(read.isDone());
        Await.value(closed);
    }
}
