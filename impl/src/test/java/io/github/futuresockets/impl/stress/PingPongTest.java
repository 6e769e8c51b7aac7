package io.github.futuresockets.impl.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.impl.support.Descriptors;
import io.github.futuresockets.impl.support.RecordingThreads;
import io.github.futuresockets.impl.support.Seeds;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Tests conversations in which each step waits for the other side, so that a lost wake-up stops a conversation for
 * good. Meanwhile other conversations are closed, reset, cancelled and timed out.
 */
class PingPongTest extends ProviderTest {
    private static final Duration LIMIT = Duration.ofSeconds(40);
    private static final int PLAYERS = 8;

    @Test
    void pingPong_onOneThread_neverStalls() throws Exception {
        play(1, 1_000);
    }

    @Test
    @Tag("stress")
    void pingPong_onOneThreadLongRun_neverStalls() throws Exception {
        play(1, Patience.scaled(2_000));
    }

    @Test
    @Tag("stress")
    void pingPong_onFourThreadsLongRun_neverStalls() throws Exception {
        play(4, Patience.scaled(2_000));
    }

    private void play(int loops, long millis) throws Exception {
        SplittableRandom seeds = new SplittableRandom(Seeds.random("ping-pong").nextLong());
        int before = descriptors();
        RecordingThreads threads = new RecordingThreads();
        Counters tally = new Counters();
        Machine machine = new Machine();
        List<Player> players = new ArrayList<>();
        try (AsyncSockets sockets =
                builder().threads(loops).threadFactory(threads).build()) {
            AsyncServerSocket listener = sockets.listen("127.0.0.1", 0);
            accept(tally, listener);
            for (int i = 0; i < PLAYERS; i++) {
                players.add(new Player(sockets, listener, tally, seeds.split()));
            }
            players.forEach(Player::connect);
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
            while (System.nanoTime() < end) {
                machine.tick();
                players.forEach(each -> each.check(machine));
            }
            players.forEach(Player::stop);
            for (Player each : players) {
                Patience.done(LIMIT, each.done, () -> "a player");
                each.done.join();
            }
        }
        tally.balance(LIMIT);
        long games = players.stream().mapToLong(each -> each.games).sum();
        System.out.println(provider() + ", " + loops + " threads: " + games + " conversations, " + tally
                + ", longest pause "
                + players.stream().mapToLong(each -> each.pause).max().orElse(0) / 1_000_000 + " ms, of the machine "
                + machine.pause / 1_000_000 + " ms");
        assertTrue(games > PLAYERS * millis / 1_000, games + " conversations");
        assertEquals(List.of(), threads.escaped());
        threads.awaitEnd();
        Descriptors.awaitAtMost(before);
    }

    private static void accept(Counters tally, AsyncServerSocket listener) {
        tally.started("accept", listener.accept()).thenAccept(socket -> {
            echo(tally, socket);
            accept(tally, listener);
        });
    }

    private static void echo(Counters tally, AsyncSocket socket) {
        tally.started("read of the echo", socket.readSome(100))
                .thenCompose(some -> some == null
                        ? CompletableFuture.failedFuture(new java.io.EOFException())
                        : tally.started("write of the echo", socket.write(some)))
                .whenComplete((done, failure) -> {
                    if (failure == null) {
                        echo(tally, socket);
                    } else {
                        socket.close();
                    }
                });
    }

    /** Measures the longest pause of a merely sleeping thread, in nanoseconds. Confined to the test thread. */
    private static final class Machine {
        private static final long NAP = 2_000_000;

        private long pause;

        void tick() {
            long before = System.nanoTime();
            LockSupport.parkNanos(NAP);
            pause = Math.max(pause, System.nanoTime() - before - NAP);
        }
    }

    /** Plays conversations in sequence. The end of each step starts the next step. */
    private static final class Player {
        private final AsyncSockets sockets;
        private final AsyncServerSocket listener;
        private final Counters tally;
        private final SplittableRandom random;
        private final AtomicBoolean stopped = new AtomicBoolean();
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private volatile long progress = System.nanoTime();
        private volatile long games;

        /** The longest time without progress, in nanoseconds. Confined to the test thread. */
        private long pause;

        Player(AsyncSockets sockets, AsyncServerSocket listener, Counters tally, SplittableRandom random) {
            this.sockets = sockets;
            this.listener = listener;
            this.tally = tally;
            this.random = random;
        }

        void stop() {
            stopped.set(true);
        }

        void check(Machine machine) {
            if (done.isDone()) {
                done.join();
                throw new AssertionError("a player has left");
            }
            pause = Math.max(pause, System.nanoTime() - progress);
            assertTrue(
                    pause < 1_000_000_000 + machine.pause,
                    () -> "no progress for " + pause / 1_000_000 + " ms, the machine paused for "
                            + machine.pause / 1_000_000);
        }

        void connect() {
            step(tally.started("connect", sockets.connect(listener.localAddress())), socket -> {
                games++;
                serve(socket, random.nextInt(1, 60));
            });
        }

        private interface Next<T> {
            void with(T value);
        }

        /** Continues after a successful step. A failed step fails the player. */
        private <T> void step(CompletableFuture<T> future, Next<T> next) {
            future.whenComplete((value, failure) -> {
                progress = System.nanoTime();
                try {
                    if (failure != null) {
                        done.completeExceptionally(failure);
                    } else if (stopped.get()) {
                        done.complete(null);
                    } else {
                        next.with(value);
                    }
                } catch (Throwable e) {
                    done.completeExceptionally(e);
                }
            });
        }

        private void serve(AsyncSocket socket, int balls) {
            int size = random.nextInt(1, 40);
            byte[] ball = new byte[size];
            ball[0] = (byte) balls;
            ball[size - 1] = (byte) balls;
            CompletableFuture<ByteBuffer> back = receive(socket, size, random.nextInt(12));
            tally.started("write", socket.write(ball));
            step(back, bytes -> {
                assertEquals((byte) balls, bytes.get(size - 1));
                if (balls > 0) {
                    serve(socket, balls - 1);
                } else {
                    end(socket);
                }
            });
        }

        /** Receives the ball. A first read may be cancelled or timed out, and a second read then gets the ball. */
        private CompletableFuture<ByteBuffer> receive(AsyncSocket socket, int size, int way) {
            CompletableFuture<ByteBuffer> first = tally.started("read", socket.readExactly(size));
            if (way == 0) {
                first.cancel(false);
            } else if (way == 1) {
                first.orTimeout(random.nextInt(300), TimeUnit.MICROSECONDS);
            } else {
                return first;
            }
            return first.handle((value, failure) -> failure == null
                            ? CompletableFuture.completedFuture(value)
                            : tally.started("read again", socket.readExactly(size)))
                    .thenCompose(again -> again);
        }

        /** Ends a conversation by a close or an abort, with or without pending operations. */
        private void end(AsyncSocket socket) {
            if (random.nextBoolean()) {
                tally.started("read that the end fails", socket.readSome(9));
            }
            if (random.nextBoolean()) {
                tally.started("write that nobody waits for", socket.write(new byte[random.nextInt(9_000)]));
            }
            CompletableFuture<?> closed = tally.started("closed", socket.closed());
            if (random.nextInt(3) == 0) {
                tally.started("shutdownOutput", socket.shutdownOutput());
            }
            if (random.nextBoolean()) {
                socket.abort();
            } else {
                socket.close();
            }
            step(closed, reason -> connect());
        }
    }
}
