package io.github.futuresockets.impl.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.future.IoContext;
import io.github.futuresockets.future.OperationFuture;
import io.github.futuresockets.impl.support.Await;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Tests {@code inputStream} on an I/O thread, where waiting is forbidden. */
class SocketStreamsTest {
    private final FakeSocket fake = new FakeSocket();
    private final InputStream in = fake.socket.inputStream();

    /** A context with every thread as an I/O thread. */
    private static final class Everywhere implements IoContext {
        @Override
        public boolean onIoThread() {
            return true;
        }

        @Override
        public Executor defaultExecutor() {
            return Runnable::run;
        }

        @Override
        public Future<?> schedule(Runnable task, long nanos) {
            return new CompletableFuture<>();
        }
    }

    /** A read with a rival action during its withdrawal. If the rival delivers bytes, the withdrawal is refused. */
    private static class Contended extends OperationFuture<Object> {
        private final Runnable rival;

        Contended(Runnable rival) {
            super(new Everywhere());
            this.rival = rival;
        }

        void arrive(int count) {
            deliver(count);
        }

        void fail(Throwable failure) {
            deliverFailure(failure);
        }

        @Override
        protected boolean withdraw() {
            rival.run();
            return !isDone();
        }
    }

    @Test
    void read_bytesThatComeInTheMomentOfTheRefusalAreNotLost() throws Exception {
        Contended[] read = new Contended[1];
        read[0] = new Contended(() -> read[0].arrive(3));
        fake.reading = () -> read[0];
        assertEquals(3, in.read(new byte[3], 0, 3));
    }

    @Test
    void read_thatWouldHaveToWaitIsRefusedAndTakenBack() {
        Contended read = new Contended(() -> {});
        fake.reading = () -> read;
        assertThrows(IllegalStateException.class, () -> in.read(new byte[3], 0, 3));
        assertTrue(read.isCancelled());
    }

    @Test
    void read_resultIsBeingDeliveredElsewhere_parksUntilItArrives() throws Exception {
        CompletableFuture<Integer> bytes = new CompletableFuture<>();
        Contended read = new Contended(() -> {}) {
            @Override
            protected boolean withdraw() {
                return false;
            }
        };
        fake.reading = () -> read;
        Thread reader = new Thread(() -> bytes.completeAsync(this::readThree, Runnable::run));
        reader.start();
        Await.until("the reader is parked", () -> reader.getState() == Thread.State.WAITING);
        read.arrive(3);
        assertEquals(3, Await.value(bytes));
    }

    @Test
    void read_failureIsBeingDeliveredElsewhere_isThrown() throws Exception {
        IOException failure = new IOException("on purpose");
        Contended[] read = new Contended[1];
        read[0] = new Contended(() -> read[0].fail(failure));
        fake.reading = () -> read[0];
        assertSame(failure, assertThrows(IOException.class, () -> in.read(new byte[3], 0, 3)));
    }

    private int readThree() {
        try {
            return in.read(new byte[3], 0, 3);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void read_failsWithIllegalState_throwsSameException() {
        IllegalStateException failure = new IllegalStateException("on purpose");
        fake.reading = () -> CompletableFuture.failedFuture(failure);
        assertSame(failure, assertThrows(IllegalStateException.class, () -> in.read(new byte[3], 0, 3)));
    }
}
