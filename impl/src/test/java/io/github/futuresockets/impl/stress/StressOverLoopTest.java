package io.github.futuresockets.impl.stress;

import org.junit.jupiter.api.Nested;

/** Runs the stress tests with the provider {@code loop}. */
class StressOverLoopTest {
    private static final String LOOP = "loop";

    @Nested
    class CancelledWrite extends CancelledWriteTest {
        @Override
        protected String provider() {
            return LOOP;
        }
    }

    @Nested
    class CloseUnderLoad extends CloseUnderLoadTest {
        @Override
        protected String provider() {
            return LOOP;
        }
    }

    @Nested
    class Differential extends DifferentialTest {
        @Override
        protected String provider() {
            return LOOP;
        }
    }

    @Nested
    class LosslessAccept extends LosslessAcceptTest {
        @Override
        protected String provider() {
            return LOOP;
        }
    }

    @Nested
    class LosslessCancel extends LosslessCancelTest {
        @Override
        protected String provider() {
            return LOOP;
        }
    }

    @Nested
    class LosslessEnd extends LosslessEndTest {
        @Override
        protected String provider() {
            return LOOP;
        }
    }

    @Nested
    class ManyWriters extends ManyWritersTest {
        @Override
        protected String provider() {
            return LOOP;
        }
    }

    @Nested
    class PingPong extends PingPongTest {
        @Override
        protected String provider() {
            return LOOP;
        }
    }

    @Nested
    class RequestsRace extends RequestsRaceTest {
        @Override
        protected String provider() {
            return LOOP;
        }
    }

    @Nested
    class AnswersRace extends AnswersRaceTest {
        @Override
        protected String provider() {
            return LOOP;
        }
    }
}
