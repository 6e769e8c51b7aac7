package io.github.futuresockets.impl.adversity;

import io.github.futuresockets.AsyncSockets;
import org.junit.jupiter.api.Nested;

/** The same adversity over event loops of our own. */
class LoopTest {
    private static AsyncSockets.Builder loop() {
        return AsyncSockets.builder().provider("loop");
    }

    @Nested
    class AfterClose extends AfterCloseTest {
        @Override
        public AsyncSockets.Builder builder() {
            return loop();
        }
    }

    @Nested
    class BrokenPrograms extends BrokenProgramsTest {
        @Override
        public AsyncSockets.Builder builder() {
            return loop();
        }
    }

    @Nested
    class EndWithinFrame extends EndWithinFrameTest {
        @Override
        public AsyncSockets.Builder builder() {
            return loop();
        }
    }

    @Nested
    class LeavesNothing extends LeavesNothingTest {
        @Override
        public AsyncSockets.Builder builder() {
            return loop();
        }
    }

    @Nested
    class OneByteAtATime extends OneByteAtATimeTest {
        @Override
        public AsyncSockets.Builder builder() {
            return loop();
        }
    }

    @Nested
    class PeerThatNeverReads extends PeerThatNeverReadsTest {
        @Override
        public AsyncSockets.Builder builder() {
            return loop();
        }
    }

    @Nested
    class WhatHasArrived extends WhatHasArrivedTest {
        @Override
        public AsyncSockets.Builder builder() {
            return loop();
        }
    }
}
