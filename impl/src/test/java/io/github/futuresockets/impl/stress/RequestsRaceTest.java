package io.github.futuresockets.impl.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.Requests;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Background;
import io.github.futuresockets.impl.support.Peer;
import io.github.futuresockets.impl.support.PeerServer;
import io.github.futuresockets.impl.support.Seeds;
import java.io.IOException;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
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

    /** Each number without a request reaches the handler, in order, and no late reply does. */
    @Test
    void requestById_cancelledOrTimedOut_neverMisroutesReply() {
        RequestRounds rounds = raceById(15_000);
        assertEquals(0, rounds.failed.get(), rounds::toString);
        assertTrue(
                Math.min(rounds.succeeded.get(), Math.min(rounds.late.get(), rounds.cancelled.get())) > 100,
                rounds::toString);
    }

    @Test
    @Tag("stress")
    @Timeout(1_800)
    void requestById_cancelledOrTimedOutLongRun_neverMisroutesReply() {
        raceById(Patience.scaled(600_000));
    }

    private RequestRounds raceById(int each) {
        AtomicInteger sent = new AtomicInteger();
        AtomicInteger handled = new AtomicInteger();
        AtomicInteger unexpected = new AtomicInteger();
        RequestRounds rounds = race(
                each,
                (peer, seed) -> RequestRounds.shuffle(peer, seed, sent),
                socket -> byId(socket, number -> {
                    if (-number != handled.incrementAndGet()) {
                        unexpected.set(number);
                    }
                }),
                requests -> {
                    // After the reply to the last request, the peer sends nothing more.
                    assertEquals(Integer.MAX_VALUE, Await.value(requests.request(Integer.MAX_VALUE)));
                    Patience.until(
                            Await.LIMIT, () -> handled.get() == sent.get(), () -> handled + " of " + sent + " handled");
                });
        assertEquals(0, unexpected.get(), "a number out of order, or a late reply");
        assertTrue(sent.get() > 100, sent + " numbers without a request");
        return rounds;
    }

    private static Requests<Integer, Integer> byId(AsyncSocket socket, Consumer<Integer> unsolicited) {
        return socket.requests(Numbers.CODEC, Numbers.CODEC, number -> number, number -> number, 8, unsolicited);
    }

    @Test
    void request_conversationEndsInAnyWay_completes() {
        endInAnyWay(RequestRounds::echo, RequestsRaceTest::requests);
    }

    @Test
    void requestById_conversationEndsInAnyWay_completes() {
        AtomicInteger news = new AtomicInteger();
        endInAnyWay(
                (peer, seed) -> RequestRounds.shuffle(peer, seed, news),
                socket -> byId(socket, number -> assertTrue(number < 0, number + " is a reply")));
    }

    private void endInAnyWay(Answers answers, Function<AsyncSocket, Requests<Integer, Integer>> over) {
        SplittableRandom random =
                new SplittableRandom(Seeds.random("requests and closes").nextLong());
        int failed = 0;
        try (AsyncSockets sockets = builder().build();
                PeerServer server = new PeerServer()) {
            for (int round = 0; round < 150; round++) {
                try (ConnectionPair link = ConnectionPair.open(sockets, server)) {
                    long seed = random.nextLong();
                    CompletableFuture<?> echo = Background.call(() -> {
                        answers.answer(link.far(), seed);
                        return null;
                    });
                    Requests<Integer, Integer> requests = over.apply(link.near());
                    CompletableFuture<Void> ended = requests.ended();
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
                    Patience.done(Await.LIMIT, ended, () -> "the end");
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

    /** The peer of a race. */
    private interface Answers {
        void answer(Peer peer, long seed) throws IOException;
    }

    private RequestRounds race(int each, Function<AsyncSocket, Requests<Integer, Integer>> over) {
        return race(each, RequestRounds::echo, over, requests -> {});
    }

    private RequestRounds race(
            int each,
            Answers answers,
            Function<AsyncSocket, Requests<Integer, Integer>> over,
            Consumer<Requests<Integer, Integer>> settle) {
        SplittableRandom random =
                new SplittableRandom(Seeds.random("requests race").nextLong());
        try (AsyncSockets sockets = builder().build();
                ConnectionPair link = ConnectionPair.open(sockets)) {
            long seed = random.nextLong();
            CompletableFuture<?> echo = Background.call(() -> {
                answers.answer(link.far(), seed);
                return null;
            });
            Requests<Integer, Integer> requests = over.apply(link.near());
            RequestRounds rounds = new RequestRounds(requests);
            SplittableRandom[] randoms = {random.split(), random.split(), random.split()};
            Parallel.run(CALLERS, Duration.ofMinutes(25), i -> rounds.run(each, randoms[i]));
            rounds.check(Await.LIMIT);
            settle.accept(requests);
            System.out.println("requests race: " + rounds);
            link.near().close();
            Patience.done(Await.LIMIT, echo, () -> "the peer");
            return rounds;
        }
    }
}
