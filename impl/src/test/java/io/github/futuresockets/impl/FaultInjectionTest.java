package io.github.futuresockets.impl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.futuresockets.impl.Faults.Kind;
import io.github.futuresockets.impl.FaultyConversation.Encryption;
import io.github.futuresockets.impl.FaultyConversation.Opening;
import io.github.futuresockets.impl.common.Supplies;
import io.github.futuresockets.impl.engine.Engine;
import io.github.futuresockets.impl.memory.MemoryPorts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests that an injected error in memory, threads or foreign code fails only the affected operation. */
class FaultInjectionTest {
    private static final Executor AT_ONCE = Runnable::run;

    /** The provider, the encryption and the executor of a conversation. */
    enum Ground {
        LOOP(new LoopProvider()::open, Encryption.NONE, null),
        NIO2(new Nio2Provider()::open, Encryption.NONE, null),
        MEMORY(Ground::memory, Encryption.NONE, null),
        LOOP_WITH_EXECUTOR(new LoopProvider()::open, Encryption.NONE, AT_ONCE),
        TLS_OVER_LOOP(new LoopProvider()::open, Encryption.FROM_THE_START, null),
        TLS_OVER_NIO2(new Nio2Provider()::open, Encryption.FROM_THE_START, null),
        TLS_OVER_MEMORY(Ground::memory, Encryption.FROM_THE_START, null),
        TLS_STARTED_OVER_LOOP(new LoopProvider()::open, Encryption.STARTED_LATER, null);

        private final Opening provider;
        private final Encryption encryption;
        private final Executor executor;

        Ground(Opening provider, Encryption encryption, Executor executor) {
            this.provider = provider;
            this.encryption = encryption;
            this.executor = executor;
        }

        private static Engine memory(io.github.futuresockets.spi.Settings settings, Supplies supplies) {
            return MemoryEngine.open(settings, new MemoryPorts(), supplies);
        }

        /** Returns the kinds of points in the conversation. An encrypted conversation meets fewer kinds. */
        Set<Kind> kinds() {
            if (encryption != Encryption.NONE) {
                return EnumSet.of(
                        Kind.MEMORY, Kind.THREAD, Kind.TIMER, Kind.JDK, Kind.ENGINE, Kind.OPTIONS, Kind.CALLBACK);
            }
            Set<Kind> kinds = EnumSet.complementOf(EnumSet.of(Kind.ENGINE));
            if (executor == null) {
                kinds.remove(Kind.EXECUTOR);
            }
            return kinds;
        }
    }

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(
            names = {"TLS_OVER_NIO2", "TLS_OVER_MEMORY"},
            mode = EnumSource.Mode.EXCLUDE)
    void error_atEachPointInTurn_failsAffectedOperation(Ground ground) throws Exception {
        Set<Kind> met = visit(ground, ground.kinds(), false, false);
        assertEquals(ground.kinds(), met);
    }

    @ParameterizedTest
    @EnumSource(
            names = {"TLS_OVER_NIO2", "TLS_OVER_MEMORY"},
            mode = EnumSource.Mode.EXCLUDE)
    void shortage_fromEachPointOn_failsOperationsInNeed(Ground ground) throws Exception {
        Set<Kind> met = visit(ground, Faults.RESOURCES, true, false);
        assertEquals(EnumSet.copyOf(Faults.RESOURCES), met);
    }

    @Tag("stress")
    @ParameterizedTest
    @EnumSource(names = {"TLS_OVER_NIO2", "TLS_OVER_MEMORY"})
    void error_overOtherTlsGrounds_failsAffectedOperation(Ground ground) throws Exception {
        error_atEachPointInTurn_failsAffectedOperation(ground);
        shortage_fromEachPointOn_failsOperationsInNeed(ground);
    }

    @Tag("stress")
    @ParameterizedTest
    @EnumSource
    void error_onEveryOccurrence_isContained(Ground ground) throws Exception {
        visit(ground, ground.kinds(), false, true);
    }

    /**
     * Visits the points of a ground, and returns the kinds of the points. Because threads interleave differently, the
     * number of a point varies between runs. If a sweep misses all points of a kind, this kind gets a sweep of its own.
     */
    private Set<Kind> visit(Ground ground, Set<Kind> kinds, boolean lasting, boolean thorough) throws Exception {
        Path file = Files.write(directory.resolve("file"), new byte[50_000]);
        Faults.Visited visited = new Faults.Visited();
        int points = sweep(ground, file, kinds, lasting, thorough, visited);
        Set<Kind> missed = EnumSet.copyOf(kinds);
        missed.removeAll(visited.kinds());
        for (Kind each : missed) {
            points += sweep(ground, file, EnumSet.of(each), lasting, thorough, visited);
        }
        System.out.println(ground + ": " + points + " points" + (lasting ? ", lasting" : "") + visited);
        return visited.kinds();
    }

    /** Throws at each point of the given kinds in turn. Returns the number of points. */
    private static int sweep(
            Ground ground, Path file, Set<Kind> kinds, boolean lasting, boolean thorough, Faults.Visited visited)
            throws Exception {
        int target = 0;
        int missed = 0;
        // The number of points varies slightly between runs.
        while (missed < 3) {
            target++;
            Faults run = new Faults(target, kinds, lasting, thorough);
            FaultyConversation.run(run, ground.provider, ground.encryption, ground.executor, file);
            if (run.where() == null) {
                missed++;
            } else {
                missed = 0;
                visited.add(run);
            }
        }
        return target - missed;
    }
}
