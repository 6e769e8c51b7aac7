package io.github.futuresockets.loop;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.function.Executable;

/**
 * Runs the specifications on the JDK's provider, as a control of the specifications. The tests of known defects are
 * expected to fail.
 */
class StockProviderTest {
    @Nested
    class Channels extends ChannelSpecification {
        @Override
        AsynchronousChannelProvider provider() {
            return AsynchronousChannelProvider.provider();
        }
    }

    @Nested
    class Transfers extends TransferSpecification {
        @Override
        AsynchronousChannelProvider provider() {
            return AsynchronousChannelProvider.provider();
        }
    }

    @Nested
    class Connects extends ConnectSpecification {
        @Override
        AsynchronousChannelProvider provider() {
            return AsynchronousChannelProvider.provider();
        }
    }

    @Nested
    class Groups extends GroupSpecification {
        @Override
        AsynchronousChannelProvider provider() {
            return AsynchronousChannelProvider.provider();
        }
    }

    @Nested
    class Pools extends PoolSpecification {
        @Override
        AsynchronousChannelProvider provider() {
            return AsynchronousChannelProvider.provider();
        }
    }

    @Nested
    class Handlers extends HandlerSpecification {
        @Override
        AsynchronousChannelProvider provider() {
            return AsynchronousChannelProvider.provider();
        }
    }

    @Nested
    class Segments extends SegmentSpecification {
        @Override
        AsynchronousChannelProvider provider() {
            return AsynchronousChannelProvider.provider();
        }
    }

    @Nested
    class HeldThreads extends HeldThreadSpecification {
        @Override
        AsynchronousChannelProvider provider() {
            return AsynchronousChannelProvider.provider();
        }

        @Override
        AsynchronousChannelGroup open(int threads, ThreadFactory factory) throws IOException {
            return provider.openAsynchronousChannelGroup(threads, factory);
        }

        @Override
        boolean isFixed() {
            return true;
        }
    }

    @Nested
    class HeldThreadsOfACachedPool extends HeldThreadSpecification {
        @Override
        AsynchronousChannelProvider provider() {
            return AsynchronousChannelProvider.provider();
        }

        @Override
        AsynchronousChannelGroup open(int threads, ThreadFactory factory) throws IOException {
            return provider.openAsynchronousChannelGroup(Executors.newCachedThreadPool(factory), threads);
        }

        @Override
        boolean isFixed() {
            return false;
        }
    }

    @Nested
    class HeldThreadsOfAnExecutor extends HeldThreadSpecification {
        @Override
        AsynchronousChannelProvider provider() {
            return AsynchronousChannelProvider.provider();
        }

        @Override
        AsynchronousChannelGroup open(int threads, ThreadFactory factory) throws IOException {
            return provider.openAsynchronousChannelGroup(Executors.newFixedThreadPool(threads, factory), 0);
        }

        @Override
        boolean isFixed() {
            return true;
        }
    }

    /** The known defects of the JDK. A test of a rare defect runs only with {@code -Dfuturesockets.defects=all}. */
    @Nested
    class Defects extends DefectSpecification {
        @Override
        AsynchronousChannelProvider provider() {
            return AsynchronousChannelProvider.provider();
        }

        @Override
        int rounds() {
            return 40_000;
        }

        /** The JDK's group submits a task to the executor for each thread that polls. */
        @Override
        int pollers(AsynchronousChannelGroup of, int submitted) {
            return submitted;
        }

        @Override
        @Test
        @EnabledIfSystemProperty(
                named = "futuresockets.defects",
                matches = "all",
                disabledReason =
                        "the JDK strands events behind one of a closed channel, in one of some thousand rounds")
        void close_byAnotherThread_losesNoEvents() throws Exception {
            super.close_byAnotherThread_losesNoEvents();
        }

        @Override
        @Test
        @EnabledIfSystemProperty(
                named = "futuresockets.defects",
                matches = "all",
                disabledReason =
                        "the JDK's timer looks only whether any read is pending, seen once in some thousand rounds")
        void timer_late_doesNotEndNextOperation() throws Exception {
            super.timer_late_doesNotEndNextOperation();
        }

        /** Asserts that a test fails, because the JDK has the defect. */
        private void fails(Executable test) {
            assertThrows(AssertionError.class, test, "the JDK has mended it");
        }

        @Override
        @Test
        void openGroup_initialSize_isHonoured() {
            fails(super::openGroup_initialSize_isHonoured);
        }

        @Override
        @Test
        void handler_throwsCheckedException_threadGoesOn() {
            fails(super::handler_throwsCheckedException_threadGoesOn);
        }

        @Override
        @Test
        void handler_executorRefuses_isCalledAnyway() {
            fails(super::handler_executorRefuses_isCalledAnyway);
        }

        @Override
        @Test
        void read_cancelled_takesNoLaterBytes() {
            fails(super::read_cancelled_takesNoLaterBytes);
        }

        @Override
        @Test
        void scatteringRead_noBuffers_completesAtOnce() {
            fails(super::scatteringRead_noBuffers_completesAtOnce);
        }

        @Override
        @Test
        @EnabledForJreRange(minVersion = 22, disabledReason = "the JDK has no such memory")
        void read_failed_releasesBufferMemory() {
            fails(super::read_failed_releasesBufferMemory);
        }
    }
}
