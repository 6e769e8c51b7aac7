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

/** The control: what is asked of our provider is what the JDK's does, but for its defects. */
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

    /** Each is a defect that can be shown at will, or is too rare for that. */
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

        /** It gives each thread that polls to the executor as a task. */
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
        void aCloseByAnotherThreadLosesNoEventOfOthers() throws Exception {
            super.aCloseByAnotherThreadLosesNoEventOfOthers();
        }

        @Override
        @Test
        @EnabledIfSystemProperty(
                named = "futuresockets.defects",
                matches = "all",
                disabledReason =
                        "the JDK's timer looks only whether any read is pending, seen once in some thousand rounds")
        void aTimerThatIsLateDoesNotEndTheNextOperation() throws Exception {
            super.aTimerThatIsLateDoesNotEndTheNextOperation();
        }

        private void fails(Executable test) {
            assertThrows(AssertionError.class, test, "the JDK has mended it");
        }

        @Override
        @Test
        void theInitialSizeOfAGroupIsHonoured() {
            fails(super::theInitialSizeOfAGroupIsHonoured);
        }

        @Override
        @Test
        void aCheckedExceptionOfAHandlerEndsNoThread() {
            fails(super::aCheckedExceptionOfAHandlerEndsNoThread);
        }

        @Override
        @Test
        void anExecutorThatRefusesLosesNoHandler() {
            fails(super::anExecutorThatRefusesLosesNoHandler);
        }

        @Override
        @Test
        void aCancelledReadDoesNotRunLater() {
            fails(super::aCancelledReadDoesNotRunLater);
        }

        @Override
        @Test
        void aScatteredReadOfNothingIsDoneAtOnce() {
            fails(super::aScatteredReadOfNothingIsDoneAtOnce);
        }

        @Override
        @Test
        @EnabledForJreRange(minVersion = 22, disabledReason = "the JDK has no such memory")
        void aFailedOperationLetsItsMemoryGo() {
            fails(super::aFailedOperationLetsItsMemoryGo);
        }
    }
}
