package io.github.futuresockets.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Tests of groups with an executor of the user. If a handler starts an operation that completes at once, the next
 * handler is called without a new task of the executor.
 */
abstract class PoolSpecification extends ProviderFixture {
    private final AtomicInteger tasks = new AtomicInteger();
    private final ThreadPoolExecutor executor =
            new ThreadPoolExecutor(2, 2, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>()) {
                @Override
                public void execute(Runnable task) {
                    tasks.incrementAndGet();
                    super.execute(task);
                }
            };

    private AsynchronousChannelGroup pooled;
    private AsynchronousSocketChannel channel;

    @BeforeEach
    void accept() throws Exception {
        pooled = provider.openAsynchronousChannelGroup(executor, 0);
        AsynchronousServerSocketChannel at = listener(pooled);
        Future<AsynchronousSocketChannel> accepted = at.accept();
        peer.connect(at.getLocalAddress());
        channel = get(accepted);
    }

    @AfterEach
    void endPool() throws Exception {
        end(pooled);
    }

    /** The action of a handler. */
    private interface Step {
        void run(Integer count) throws Exception;
    }

    /** Returns a handler that runs a step. A failure of the operation or of the step fails the attached future. */
    private static CompletionHandler<Integer, CompletableFuture<?>> then(Step step) {
        return new CompletionHandler<>() {
            @Override
            public void completed(Integer count, CompletableFuture<?> end) {
                try {
                    step.run(count);
                } catch (Throwable e) {
                    end.completeExceptionally(e);
                }
            }

            @Override
            public void failed(Throwable failure, CompletableFuture<?> end) {
                end.completeExceptionally(failure);
            }
        };
    }

    /** A call that starts an operation. Detects if a handler runs within the call, on the same thread. */
    private static final class Call {
        private volatile Thread thread;

        void begins() {
            thread = Thread.currentThread();
        }

        void returned() {
            thread = null;
        }

        /** Returns true if the current thread is within the call. */
        boolean isUnderWay() {
            return Thread.currentThread() == thread;
        }
    }

    @Test
    void write_startedInHandler_handlerIsCalledWithin() throws Exception {
        CompletableFuture<Boolean> within = new CompletableFuture<>();
        Call call = new Call();
        channel.read(ByteBuffer.allocate(1), within, then(count -> {
            call.begins();
            channel.write(bytes(1), within, then(written -> within.complete(call.isUnderWay())));
            call.returned();
        }));
        peer.write(bytes(1));
        assertTrue(get(within));
    }

    /**
     * The loopback nearly always delivers the bytes before the write of the peer returns. The test demands a single
     * round of 50 in which the handler is called within the read.
     */
    @Test
    void read_bytesThereInHandler_handlerIsCalledWithin() throws Exception {
        int within = 0;
        for (int round = 0; round < 50; round++) {
            CompletableFuture<Boolean> end = new CompletableFuture<>();
            Call call = new Call();
            channel.read(ByteBuffer.allocate(9), end, then(first -> {
                peer.write(bytes(2));
                call.begins();
                channel.read(ByteBuffer.allocate(9), end, then(second -> end.complete(call.isUnderWay())));
                call.returned();
            }));
            peer.write(bytes(1));
            within += get(end) ? 1 : 0;
        }
        assertTrue(within > 0);
    }

    @Test
    void chain_ofWrites_takesOneTaskForMany() throws Exception {
        int writes = 320;
        CompletableFuture<Integer> end = new CompletableFuture<>();
        tasks.set(0);
        channel.read(ByteBuffer.allocate(1), end, then(count -> chain(writes, end)));
        peer.write(bytes(1));
        assertEquals(0, get(end));
        assertTrue(tasks.get() <= writes / 8, tasks + " tasks for " + writes + " writes");
    }

    /** Starts a chain of writes, each in the handler of the previous write. */
    private void chain(int left, CompletableFuture<Integer> end) {
        if (left == 0) {
            end.complete(0);
        } else {
            channel.write(bytes(1), end, then(written -> chain(left - 1, end)));
        }
    }
}
