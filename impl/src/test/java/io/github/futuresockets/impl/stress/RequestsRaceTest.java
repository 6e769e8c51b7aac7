package io.github.futuresockets.impl.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.Requests;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Background;
import io.github.futuresockets.impl.support.PeerServer;
import io.github.futuresockets.impl.support.Seeds;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests cancels and time-outs of requests at the arrival of the replies, and closes at any moment. */
class RequestsRaceTest extends ProviderTest {
    private static final int CALLERS = 3;

    private static Requests<Integer, Integer> requests(AsyncSocket socket) {
        return socket.requests(Numbers.CODEC, Numbers.CODEC, 8);
    }

    @Test
    void request_cancelledOrTimedOut_neverMisroutesReply() {
        RequestRounds rounds = race(15_000, RequestsRaceTest::requests);
        assertEquals(0, rounds.failed.get(), rounds::toString);
        assertTrue(
                Math.min(rounds.succeeded.get(), Math.min(rounds.late.get(), rounds.cancelled.get())) > 100,
                rounds::toString);
    }

    @Test
    @Tag("stress")
    @Timeout(1_800)
    void request_cancelledOrTimedOutLongRun_neverMisroutesReply() {
        race(Patience.scaled(600_000), RequestsRaceTest::requests);
    }

    @Test
    void race_requestGivesUpPlace_fails() {
        AssertionError failure = assertThrows(AssertionError.class, () -> race(3_000, YieldsItsPlace::over));
        assertTrue(failure.getMessage().contains("reached another request"), failure.getMessage());
    }

    @Test
    void request_conversationEndsInAnyWay_completes() {
        SplittableRandom random =
                new SplittableRandom(Seeds.random("requests and closes").nextLong());
        int failed = 0;
        try (AsyncSockets sockets = builder().build();
                PeerServer server = new PeerServer()) {
            for (int round = 0; round < 150; round++) {
                try (ConnectionPair link = ConnectionPair.open(sockets, server)) {
                    long seed = random.nextLong();
                    CompletableFuture<?> echo = Background.call(() -> {
                        RequestRounds.echo(link.far(), seed);
                        return null;
                    });
                    Requests<Integer, Integer> requests = requests(link.near());
                    RequestRounds rounds = new RequestRounds(requests);
                    int how = random.nextInt(4);
                    int after = random.nextInt(3_000_000);
                    CompletableFuture<Void> closing = Background.run(() -> {
                        Patience.spin(after);
                        end(link, requests, how);
                    });
                    rounds.run(100, random);
                    Await.value(closing);
                    rounds.check(Await.LIMIT);
                    failed += rounds.failed.get();
                    link.near().abort();
                    Patience.done(Await.LIMIT, echo, () -> "the peer");
                }
            }
        }
        assertTrue(failed > 100, "failed only " + failed);
    }

    private static void end(ConnectionPair link, Requests<Integer, Integer> requests, int how) {
        switch (how) {
            case 0 -> requests.close();
            case 1 -> link.near().abort();
            case 2 -> link.far().end();
            default -> link.near().shutdownOutput();
        }
    }

    private RequestRounds race(int each, Function<AsyncSocket, Requests<Integer, Integer>> over) {
        SplittableRandom random =
                new SplittableRandom(Seeds.random("requests race").nextLong());
        try (AsyncSockets sockets = builder().build();
                ConnectionPair link = ConnectionPair.open(sockets)) {
            long seed = random.nextLong();
            CompletableFuture<?> echo = Background.call(() -> {
                RequestRounds.echo(link.far(), seed);
                return null;
            });
            RequestRounds rounds = new RequestRounds(over.apply(link.near()));
            SplittableRandom[] randoms = {random.split(), random.split(), random.split()};
            Parallel.run(CALLERS, Duration.ofMinutes(25), i -> rounds.run(each, randoms[i]));
            rounds.check(Await.LIMIT);
            System.out.println("requests race: " + rounds);
            link.near().close();
            Patience.done(Await.LIMIT, echo, () -> "the peer");
            return rounds;
        }
    }
}
