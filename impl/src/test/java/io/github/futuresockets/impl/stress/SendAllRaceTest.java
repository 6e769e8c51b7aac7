package io.github.futuresockets.impl.stress;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.MessageSocket;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Background;
import io.github.futuresockets.impl.support.ChangedClasses;
import io.github.futuresockets.impl.support.PeerServer;
import io.github.futuresockets.impl.support.Seeds;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.bytebuddy.asm.Advice;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests that {@code sendAll} sends all messages or none, with cancels, time-outs and aborts at any moment. */
class SendAllRaceTest {
    private static final int WRITERS = 3;

    @ParameterizedTest
    @EnumSource
    void sendAll_cancelledAtAnyMoment_sendsAllOrNothing(Medium medium) throws Exception {
        race(medium.name(), 800);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("stress")
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void sendAll_cancelledAtAnyMomentLongRun_sendsAllOrNothing(Medium medium) throws Exception {
        race(medium.name(), Patience.scaled(6_000));
    }

    @Test
    void sendAllRace_begunWriteWithdrawn_fails() throws Exception {
        Class<?> write = Class.forName("io.github.futuresockets.impl.connection.Write");
        ChangedClasses mutant = new ChangedClasses().with(write, "hasBegun", Never.class);
        AssertionError failure =
                assertThrows(AssertionError.class, () -> mutant.run(SendAllRaceTest.class, "race", "LOOP", 3_000));
        assertTrue(failure.getMessage().contains("batch"), failure.getMessage());
    }

    @ParameterizedTest
    @EnumSource
    void sendAll_connectionAborted_endsEachFuture(Medium medium) throws Exception {
        SplittableRandom random = new SplittableRandom(
                Seeds.random("sendAll and aborts over " + medium).nextLong());
        medium.run(() -> {
            try (AsyncSockets sockets = narrow(medium);
                    PeerServer server = new PeerServer()) {
                for (int round = 0; round < 20; round++) {
                    abort(sockets, server, random);
                }
            }
        });
    }

    private static void abort(AsyncSockets sockets, PeerServer server, SplittableRandom random) {
        SentBatches batches = new SentBatches();
        try (ConnectionPair link = ConnectionPair.open(sockets, server)) {
            int how = random.nextInt(3);
            int after = random.nextInt(2_000_000);
            CompletableFuture<Void> reader =
                    Background.run(() -> batches.receive(link.far().input(), 1));
            CompletableFuture<Void> ending = Background.run(() -> {
                Patience.spin(after);
                switch (how) {
                    case 0 -> link.near().abort();
                    case 1 -> link.near().close();
                    default -> link.far().reset();
                }
            });
            batches.send(link.near().messages(Numbers.CODEC), 0, 60, random);
            Await.value(ending);
            Patience.done(Await.LIMIT, reader, () -> "the peer");
            if (how != 2) {
                reader.join();
            }
            batches.checkEnded();
        }
    }

    private static AsyncSockets narrow(Medium medium) {
        return medium.builder()
                .threads(2)
                .writeQueueLimit(64 << 20)
                .option(StandardSocketOptions.SO_SNDBUF, 16_384)
                .build();
    }

    /** Sends batches by several writers over a medium. Also called in a changed copy. */
    static void race(String name, int each) throws Exception {
        Medium medium = Medium.valueOf(name);
        SplittableRandom random =
                new SplittableRandom(Seeds.random("sendAll over " + name).nextLong());
        SplittableRandom[] randoms = {random.split(), random.split(), random.split()};
        SentBatches batches = new SentBatches();
        medium.run(() -> {
            try (AsyncSockets sockets = narrow(medium);
                    PeerServer server = new PeerServer();
                    ConnectionPair link = ConnectionPair.open(sockets, server)) {
                CompletableFuture<Void> reader =
                        Background.run(() -> batches.receive(link.far().input(), WRITERS));
                // After a wrong batch nobody reads.
                reader.whenComplete((none, wrong) -> {
                    if (wrong != null) {
                        link.near().abort();
                    }
                });
                MessageSocket<Integer, Integer> messages = link.near().messages(Numbers.CODEC);
                Parallel.run(
                        WRITERS,
                        Duration.ofMinutes(25),
                        writer -> batches.send(messages, writer, each, randoms[writer]));
                link.near().close();
                Await.value(reader);
            }
        });
        batches.checkWhole();
        System.out.println("sendAll over " + name + ": " + batches);
        assertTrue(batches.cancelled() > each / 50, "cancelled only " + batches.cancelled());
    }

    /** The mutant: a cancel also removes a write whose first bytes are sent. */
    static final class Never {
        private Never() {}

        @Advice.OnMethodExit
        static void exit(@Advice.Return(readOnly = false) boolean begun) {
            begun = false;
        }
    }
}
