package io.github.futuresockets.impl.stress;

import io.github.futuresockets.AsyncSockets;
import org.junit.jupiter.api.Nested;

/** The same stress over event loops of our own. */
class LoopTest {
    private static AsyncSockets.Builder loop() {
        return AsyncSockets.builder().provider("loop");
    }

    @Nested
    class CancelledWrite extends CancelledWriteTest {
        @Override
        public AsyncSockets.Builder builder() {
            return loop();
        }
    }

    @Nested
    class CloseUnderLoad extends CloseUnderLoadTest {
        @Override
        public AsyncSockets.Builder builder() {
            return loop();
        }
    }

    @Nested
    class Differential extends DifferentialTest {
        @Override
        public AsyncSockets.Builder builder() {
            return loop();
        }
    }

    @Nested
    class LosslessAccept extends LosslessAcceptTest {
        @Override
        public AsyncSockets.Builder builder() {
            return loop();
        }
    }

    @Nested
    class LosslessCancel extends LosslessCancelTest {
        @Override
        public AsyncSockets.Builder builder() {
            return loop();
        }
    }

    @Nested
    class LosslessEnd extends LosslessEndTest {
        @Override
        public AsyncSockets.Builder builder() {
            return loop();
        }
    }

    @Nested
    class ManyWriters extends ManyWritersTest {
        @Override
        public AsyncSockets.Builder builder() {
            return loop();
        }
    }
}
