package io.github.futuresockets.impl.stress;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.MessageHandler;
import io.github.futuresockets.impl.support.ChangedClasses;
import io.github.futuresockets.impl.support.Peer;
import io.github.futuresockets.impl.support.Seeds;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import net.bytebuddy.asm.Advice;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests an echo through {@code handle}: each client gets each reply once, and in the promised order. */
class HandleEchoTest {
    private static final int CLIENTS = 4;

    @ParameterizedTest
    @EnumSource
    void handle_manyClients_answersEachMessageOnce(Medium medium) throws Exception {
        echo(medium.name(), 3_000);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("stress")
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void handle_manyClientsLongRun_answersEachMessageOnce(Medium medium) throws Exception {
        echo(medium.name(), Patience.scaled(60_000));
    }

    @Test
    void handleEcho_stageHoldsNothingUp_fails() throws Exception {
        Class<?> loop = Class.forName("io.github.futuresockets.impl.view.HandlerLoop");
        ChangedClasses mutant = new ChangedClasses().with(loop, "message", Always.class);
        AssertionError failure =
                assertThrows(AssertionError.class, () -> mutant.run(HandleEchoTest.class, "echo", "LOOP", 3_000));
        assertTrue(failure.getMessage().contains("which holds it up"), failure.getMessage());
    }

    /** Serves clients over a medium. Also called in a changed copy. */
    static void echo(String name, int each) throws Exception {
        Medium medium = Medium.valueOf(name);
        SplittableRandom random = new SplittableRandom(
                Seeds.random("echo through handle over " + name).nextLong());
        SplittableRandom[] randoms = {random.split(), random.split(), random.split(), random.split()};
        medium.run(() -> {
            try (AsyncSockets sockets = medium.builder().threads(2).build();
                    AsyncServerSocket listener =
                            sockets.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
                listener.serve(HandleEchoTest::answer);
                Parallel.run(CLIENTS, Duration.ofMinutes(25), i -> {
                    try (Peer peer = Peer.connect(listener.localAddress())) {
                        new EchoClient(peer, each).run(randoms[i]);
                    }
                });
            }
        });
    }

    /** Answers each number in the way that {@link EchoClient} expects. */
    private static CompletableFuture<Void> answer(AsyncSocket socket) {
        ExecutorService other = Executors.newSingleThreadExecutor();
        MessageHandler<Integer, Integer> handler = (number, replies) -> {
            switch (number % 3) {
                case 0 -> {
                    replies.send(number);
                    return null;
                }
                case 1 -> {
                    other.execute(() -> replies.send(number));
                    return null;
                }
                default -> {
                    return CompletableFuture.runAsync(() -> replies.send(number), other);
                }
            }
        };
        return socket.messages(Numbers.CODEC).handle(handler).whenComplete((none, failure) -> other.shutdown());
    }

    /** The mutant: the next message follows at once. */
    static final class Always {
        private Always() {}

        @Advice.OnMethodExit
        static void exit(@Advice.Return(readOnly = false) boolean next) {
            next = true;
        }
    }
}
