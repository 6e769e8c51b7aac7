package io.github.futuresockets.impl.stress;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.impl.connection.Read;
import io.github.futuresockets.impl.connection.ReadSide;
import io.github.futuresockets.impl.connection.ReadState;
import io.github.futuresockets.impl.operation.BatchRead;
import io.github.futuresockets.impl.operation.MessageFeed;
import io.github.futuresockets.impl.support.ChangedClasses;
import io.github.futuresockets.impl.support.Seeds;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import net.bytebuddy.asm.Advice;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests that a cancel, a time-out or a failure of an operation on messages loses no message and repeats none. */
class LosslessMessagesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @ParameterizedTest
    @EnumSource
    void messages_endedInAnyWay_areTakenOnceInOrder(Medium medium) throws Exception {
        rounds(medium.name(), 20_000, PATIENCE);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("stress")
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void messages_endedInAnyWayLongRun_areTakenOnceInOrder(Medium medium) throws Exception {
        rounds(medium.name(), Patience.scaled(300_000), PATIENCE);
    }

    @Test
    void messageRounds_stopWithoutWithdrawal_fail() {
        fails(new ChangedClasses().with(MessageFeed.class, "stop", Nothing.class));
    }

    @Test
    void messageRounds_takenMessagesNotKept_fail() {
        fails(new ChangedClasses().with(ReadState.class, "keepTaken", Nothing.class));
    }

    /** A long run, because a cancel rarely comes within the decoder of a batch. */
    @Test
    @Tag("stress")
    void messageRounds_cancelledBatchNotRestored_fail() {
        fails(new ChangedClasses().with(BatchRead.class, "take", Kept.class));
    }

    private static void fails(ChangedClasses mutant) {
        AssertionError failure = assertThrows(
                AssertionError.class,
                () -> mutant.run(LosslessMessagesTest.class, "rounds", "LOOP", 1_000_000, Duration.ofSeconds(2)));
        System.out.println("the mutant failed: " + failure.getMessage());
    }

    /** Runs rounds over a medium. Also called in a changed copy. */
    static void rounds(String name, int lines, Duration patience) throws Exception {
        Medium medium = Medium.valueOf(name);
        long seed = Seeds.random("lossless messages over " + name).nextLong();
        medium.run(() -> {
            try (AsyncSockets sockets = medium.builder().threads(2).build();
                    ConnectionPair link = ConnectionPair.open(sockets)) {
                MessageRounds rounds = new MessageRounds(link, new SplittableRandom(seed), lines, patience);
                System.out.println("lossless messages over " + name + ": " + rounds.run());
            }
        });
    }

    /** The mutant: the method does nothing. */
    static final class Nothing {
        private Nothing() {}

        @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
        static boolean enter() {
            return true;
        }
    }

    /** The mutant: the bytes of a batch are taken for good before the claim, which comes late. */
    static final class Kept {
        private Kept() {}

        @Advice.OnMethodExit
        static void exit(@Advice.FieldValue(value = "side", declaringType = Read.class) ReadSide side) {
            side.state().keepTaken();
            Patience.spin(3_000);
        }
    }
}
