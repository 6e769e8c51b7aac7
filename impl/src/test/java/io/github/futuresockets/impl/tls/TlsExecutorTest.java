package io.github.futuresockets.impl.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.github.futuresockets.future.IoContext;
import io.github.futuresockets.impl.common.Supplies;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.TestCertificates;
import io.github.futuresockets.impl.transport.BufferPool;
import io.github.futuresockets.impl.transport.IoLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.Test;

/** {@link TlsExecutor} with cancelled tasks, failing tasks and engines without a task. */
class TlsExecutorTest {
    private final SSLSession session =
            TestCertificates.client().createSSLEngine().getSession();

    /** A loop whose {@code execute} runs the task within the call. */
    private static final IoLoop AT_ONCE = new IoLoop() {
        @Override
        public void execute(Runnable task) {
            task.run();
        }

        @Override
        public boolean inLoop() {
            return false;
        }

        @Override
        public IoContext context() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void context(IoContext context) {}

        @Override
        public BufferPool chunks() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void shutdown() {}

        @Override
        public void awaitTermination() {}
    };

    private static final class Counting extends PlainEngine {
        private final AtomicInteger asked;

        Counting(SSLSession session, AtomicInteger asked) {
            super(session);
            this.asked = asked;
        }

        @Override
        public Runnable getDelegatedTask() {
            asked.incrementAndGet();
            return null;
        }
    }

    @Test
    void run_cancelledInQueue_neverRuns() {
        TlsExecutor tasks = new TlsExecutor(Supplies.Threads.JVM);
        AtomicInteger asked = new AtomicInteger();
        CompletableFuture<Void> held = new CompletableFuture<>();
        AtomicInteger holding = new AtomicInteger();
        int threads = Runtime.getRuntime().availableProcessors();
        for (int i = 0; i < threads; i++) {
            tasks.run(new Counting(session, new AtomicInteger()), AT_ONCE, failure -> {
                holding.incrementAndGet();
                held.join();
            });
        }
        Await.until("all threads are busy", () -> holding.get() == threads);
        List<Runnable> queued = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            queued.add(tasks.run(new Counting(session, asked), AT_ONCE, failure -> {}));
        }
        queued.forEach(Runnable::run);
        CompletableFuture<Void> last = new CompletableFuture<>();
        held.complete(null);
        tasks.run(new Counting(session, new AtomicInteger()), AT_ONCE, failure -> last.complete(null));
        Await.value(last);
        assertEquals(0, asked.get(), "engines were asked");
        tasks.shutdown();
    }

    private Throwable outcomeOf(Runnable task) {
        PlainEngine engine = new PlainEngine(session) {
            private boolean given;

            @Override
            public Runnable getDelegatedTask() {
                boolean first = !given;
                given = true;
                return first ? task : null;
            }
        };
        TlsExecutor tasks = new TlsExecutor(Supplies.Threads.JVM);
        CompletableFuture<Object> outcome = new CompletableFuture<>();
        tasks.run(engine, AT_ONCE, failure -> outcome.complete(failure == null ? this : failure));
        Object value = Await.value(outcome);
        tasks.shutdown();
        return value == this ? null : (Throwable) value;
    }

    @Test
    void run_aTaskThrows_itsFailureIsTold() {
        assertNull(outcomeOf(() -> {}));
        Error error = new NoClassDefFoundError("org/example/Revocation");
        assertSame(error, outcomeOf(() -> {
            throw error;
        }));
        RuntimeException exception = new IllegalStateException("no key");
        assertSame(exception, outcomeOf(() -> {
            throw exception;
        }));
    }

    @Test
    void run_anEngineWithoutATask_isAFailure() {
        assertInstanceOf(SSLException.class, outcomeOf(null));
    }
}
