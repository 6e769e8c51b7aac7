package io.github.futuresockets.impl.stress;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.impl.operation.MessageFeed;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.ChangedClasses;
import io.github.futuresockets.impl.support.RecordingThreads;
import io.github.futuresockets.impl.support.Seeds;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.bytebuddy.asm.Advice;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests that each operation on messages ends once, however the conversation ends. */
class MessageEndsTest {
    @ParameterizedTest
    @EnumSource
    void operations_conversationEndsInAnyWay_endOnce(Medium medium) throws Exception {
        conversations(medium.name(), 8, Duration.ofSeconds(15));
    }

    @ParameterizedTest
    @EnumSource
    @Tag("stress")
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void operations_conversationEndsInAnyWayLongRun_endOnce(Medium medium) throws Exception {
        conversations(medium.name(), Patience.scaled(60), Duration.ofSeconds(15));
    }

    @Test
    void conversations_feedDropsFailures_fail() {
        ChangedClasses mutant = new ChangedClasses().with(MessageFeed.class, "fail", Nothing.class);
        AssertionError failure = assertThrows(
                AssertionError.class,
                () -> mutant.run(MessageEndsTest.class, "conversations", "LOOP", 200, Duration.ofSeconds(1)));
        assertTrue(failure.getMessage().contains("hang"), failure.getMessage());
    }

    /** Runs conversations over a medium. Also called in a changed copy. */
    static void conversations(String name, int count, Duration patience) throws Exception {
        Medium medium = Medium.valueOf(name);
        SplittableRandom random = new SplittableRandom(
                Seeds.random("ends of messages over " + name).nextLong());
        Counters counters = new Counters();
        RecordingThreads threads = new RecordingThreads();
        medium.run(() -> {
            try (AsyncSockets sockets = medium.builder()
                            .threads(2)
                            .threadFactory(threads)
                            .closeTimeout(Duration.ofSeconds(1))
                            .build();
                    AsyncServerSocket listener =
                            sockets.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
                for (int i = 0; i < count; i++) {
                    CompletableFuture<AsyncSocket> accepted = listener.accept();
                    AsyncSocket one = Await.value(sockets.connect(listener.localAddress()));
                    AsyncSocket other = Await.value(accepted);
                    conversation(counters, one, other, random, patience);
                }
            }
        });
        counters.balance(patience);
        System.out.println("ends of messages over " + name + ": " + counters);
        assertTrue(counters.succeeded() > counters.started() / 20, () -> "hardly anything succeeded: " + counters);
        assertTrue(threads.escaped().isEmpty(), () -> "escaped from an I/O thread: " + threads.escaped());
    }

    private static void conversation(
            Counters counters, AsyncSocket one, AsyncSocket other, SplittableRandom random, Duration patience) {
        List<MessageTalker> talkers = List.of(
                new MessageTalker(counters, one, random.split(), patience),
                new MessageTalker(counters, other, random.split(), patience));
        AsyncSocket ended = random.nextBoolean() ? one : other;
        int how = random.nextInt(4);
        int after = random.nextInt(4_000_000);
        Parallel.run(5, patience.plusSeconds(5), i -> {
            if (i < 4) {
                MessageTalker talker = talkers.get(i / 2);
                if (i % 2 == 0) {
                    talker.send();
                } else {
                    talker.receive();
                }
                return;
            }
            Patience.spin(after);
            switch (how) {
                case 0 -> ended.close();
                case 1 -> ended.abort();
                case 2 ->
                    counters.started("half-close", ended.shutdownOutput()).whenComplete((none, failure) -> {
                        ended.close();
                    });
                default -> {
                    one.close();
                    other.abort();
                }
            }
        });
        one.abort();
        other.abort();
        counters.started("closed", one.closed());
        counters.started("closed", other.closed());
        counters.balance(patience);
    }

    /** The mutant: the method does nothing. */
    static final class Nothing {
        private Nothing() {}

        @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
        static boolean enter() {
            return true;
        }
    }
}
