package io.github.futuresockets.impl.adversity;

import org.junit.jupiter.api.Nested;

/** Runs the adversity tests with the provider {@code loop}. */
class AdversityOverLoopTest {
    private static final String LOOP = "loop";

    @Nested
    class AfterClose extends AfterCloseTest {
        @Override
        protected String provider() {
            return LOOP;
        }
    }

    @Nested
    class BrokenPrograms extends BrokenProgramsTest {
        @Override
        protected String provider() {
            return LOOP;
        }
    }

    @Nested
    class EndWithinFrame extends EndWithinFrameTest {
        @Override
        protected String provider() {
            return LOOP;
        }
    }

    @Nested
    class HostileMessages extends HostileMessagesTest {
        @Override
        protected String provider() {
            return LOOP;
        }
    }

    @Nested
    class LeavesNothing extends LeavesNothingTest {
        @Override
        protected String provider() {
            return LOOP;
        }
    }

    @Nested
    class OneByteAtATime extends OneByteAtATimeTest {
        @Override
        protected String provider() {
            return LOOP;
        }
    }

    @Nested
    class PeerThatNeverReads extends PeerThatNeverReadsTest {
        @Override
        protected String provider() {
            return LOOP;
        }
    }

    @Nested
    class WhatHasArrived extends WhatHasArrivedTest {
        @Override
        protected String provider() {
            return LOOP;
        }
    }

    @Nested
    class RelayBetweenPrograms extends RelayBetweenProgramsTest {
        @Override
        protected String provider() {
            return LOOP;
        }
    }

    @Nested
    class ManyHandlers extends ManyHandlersTest {
        @Override
        protected String provider() {
            return LOOP;
        }
    }

    @Nested
    class StoppedPeer extends StoppedPeerTest {
        @Override
        protected String provider() {
            return LOOP;
        }
    }

    @Nested
    class TlsCertificates extends TlsCertificatesTest {
        @Override
        protected String provider() {
            return LOOP;
        }
    }

    @Nested
    class TlsCrowd extends TlsCrowdTest {
        @Override
        protected String provider() {
            return LOOP;
        }
    }
}
