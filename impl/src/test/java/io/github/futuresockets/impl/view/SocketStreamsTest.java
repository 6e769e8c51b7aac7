package io.github.futuresockets.impl.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.future.IoContext;
import io.github.futuresockets.future.OperationFuture;
import java.io.InputStream;
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
    private static final class Contended extends OperationFuture<Object> {
        private final Runnable rival;

        Contended(Runnable rival) {
            super(new Everywhere());
            this.rival = rival;
        }

        void arrive(int count) {
            deliver(count);
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
    void read_failsWithIllegalState_throwsSameException() {
        IllegalStateException failure = new IllegalStateException("on purpose");
        fake.reading = () -> CompletableFuture.failedFuture(failure);
        assertSame(failure, assertThrows(IllegalStateException.class, () -> in.read(new byte[3], 0, 3)));
    }
}
