package io.github.futuresockets.loop;

import java.io.IOException;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Nested;

/** Runs all specifications on {@link LoopChannelProvider}, with the tests of the JDK's defects. */
class LoopProviderTest {
    @Nested
    class Channels extends ChannelSpecification {
        @Override
        AsynchronousChannelProvider provider() {
            return new LoopChannelProvider();
        }
    }

    @Nested
    class Transfers extends TransferSpecification {
        @Override
        AsynchronousChannelProvider provider() {
            return new LoopChannelProvider();
        }
    }

    @Nested
    class Connects extends ConnectSpecification {
        @Override
        AsynchronousChannelProvider provider() {
            return new LoopChannelProvider();
        }
    }

    @Nested
    class Groups extends GroupSpecification implements GroupSpecification.OfOurs {
        @Override
        AsynchronousChannelProvider provider() {
            return new LoopChannelProvider();
        }
    }

    @Nested
    class Pools extends PoolSpecification {
        @Override
        AsynchronousChannelProvider provider() {
            return new LoopChannelProvider();
        }
    }

    @Nested
    class Handlers extends HandlerSpecification {
        @Override
        AsynchronousChannelProvider provider() {
            return new LoopChannelProvider();
        }
    }

    @Nested
    class Segments extends SegmentSpecification {
        @Override
        AsynchronousChannelProvider provider() {
            return new LoopChannelProvider();
        }
    }

    @Nested
    class HeldThreads extends HeldThreadSpecification {
        @Override
        AsynchronousChannelProvider provider() {
            return new LoopChannelProvider();
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
            return new LoopChannelProvider();
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
            return new LoopChannelProvider();
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

    @Nested
    class Defects extends DefectSpecification {
        @Override
        AsynchronousChannelProvider provider() {
            return new LoopChannelProvider();
        }

        @Override
        int rounds() {
            return Integer.getInteger("futuresockets.rounds", 5_000);
        }

        @Override
        int pollers(AsynchronousChannelGroup of, int submitted) {
            return ((LoopChannelGroup) of).loops().size();
        }
    }
}
