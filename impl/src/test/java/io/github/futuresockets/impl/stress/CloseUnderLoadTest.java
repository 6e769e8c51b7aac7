package io.github.futuresockets.impl.stress;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.impl.support.Background;
import io.github.futuresockets.impl.support.Descriptors;
import io.github.futuresockets.impl.support.RecordingThreads;
import io.github.futuresockets.impl.support.Seeds;
import java.io.IOException;
import java.time.Duration;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.junit.jupiter.api.Test;

/** Tests closes under load, from any thread. Each operation ends exactly once, and nothing is left. */
class CloseUnderLoadTest extends ProviderTest {
    private static final Duration LIMIT = Duration.ofSeconds(40);
    private static final int WORKERS = 6;

    private final Counters tally = new Counters();
    private final Queue<AsyncSocket> opened = new ConcurrentLinkedQueue<>();
    private final AtomicReferenceArray<AsyncSocket> slots = new AtomicReferenceArray<>(48);

    @Test
    void operations_socketsClosedUnderLoad_endOnce() throws Exception {
        int before = descriptors();
        RecordingThreads threads = new RecordingThreads();
        try (AsyncSockets sockets = sockets(threads)) {
            AsyncServerSocket listener = load(sockets, 250);
            listener.close();
            opened.forEach(AsyncSocket::close);
            opened.forEach(each -> tally.started("closed of " + each, each.closed()));
            tally.balance(LIMIT);
        }
        leftNothing(threads, before);
    }

    @Test
    void operations_allClosedAtOnce_endOnce() throws Exception {
        int before = descriptors();
        for (int round = 1; round <= 10; round++) {
            RecordingThreads threads = new RecordingThreads();
            CompletableFuture<?> load;
            long enough = tally.started() + 500;
            try (AsyncSockets sockets = sockets(threads)) {
                load = Background.call(() -> load(sockets, 60));
                Patience.until(
                        LIMIT,
                        () -> tally.started() > enough || load.isDone(),
                        () -> "the load stands still: " + tally);
            }
            Patience.done(LIMIT, load, () -> "the load");
            load.join();
            opened.forEach(each -> tally.started("closed of " + each, each.closed()));
            tally.balance(LIMIT);
            opened.clear();
            leftNothing(threads, before);
        }
    }

    private AsyncSockets sockets(RecordingThreads threads) {
        return builder()
                .threads(2)
                .threadFactory(threads)
                .closeTimeout(Duration.ofSeconds(1))
                .build();
    }

    private void leftNothing(RecordingThreads threads, int before) {
        assertTrue(tally.succeeded() > tally.started() / 20, "hardly anything succeeded: " + tally);
        assertTrue(threads.escaped().isEmpty(), "escaped from an I/O thread: " + threads.escaped());
        threads.awaitEnd();
        Descriptors.awaitAtMost(before);
    }

    private AsyncServerSocket load(AsyncSockets sockets, int turns) throws IOException {
        long seed = Seeds.random("close under load").nextLong();
        AsyncServerSocket listener = sockets.listen("127.0.0.1", 0);
        accept(listener);
        Parallel.run(WORKERS, LIMIT, worker -> {
            SplittableRandom random = new SplittableRandom(seed + worker);
            for (int turn = 0; turn < turns; turn++) {
                connect(sockets, listener, random);
                AsyncSocket any = slots.get(random.nextInt(slots.length()));
                if (any != null) {
                    end(any, random);
                }
            }
        });
        return listener;
    }

    private void accept(AsyncServerSocket listener) {
        tally.started("accept", listener.accept()).whenComplete((socket, failure) -> {
            if (failure == null) {
                opened.add(socket);
                tally.started("transferTo of the server", socket.transferTo(socket));
                accept(listener);
            }
        });
    }

    private void connect(AsyncSockets sockets, AsyncServerSocket listener, SplittableRandom random) {
        SplittableRandom own = random.split();
        CompletableFuture<AsyncSocket> connect = sockets.connect(listener.localAddress());
        tally.started("connect", connect).thenAccept(socket -> {
            opened.add(socket);
            talk(socket, own);
            AsyncSocket old = slots.getAndSet(own.nextInt(slots.length()), socket);
            if (old != null) {
                end(old, own);
            }
        });
        if (random.nextInt(10) == 0) {
            connect.cancel(false);
        } else if (random.nextInt(4) > 0) {
            Patience.done(LIMIT, connect, () -> "a connect");
        }
    }

    private void talk(AsyncSocket socket, SplittableRandom random) {
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            int length = random.nextInt(20) == 0 ? 300_000 : random.nextInt(1, 3_000);
            CompletableFuture<Void> write = tally.started("write of " + length, socket.write(new byte[length]));
            if (random.nextInt(8) == 0) {
                write.cancel(false);
            }
        }
        ReadModel read = ReadModels.random(random, 2_000);
        CompletableFuture<?> reading = tally.started(read.toString(), read.issue(socket));
        switch (random.nextInt(6)) {
            case 0:
                reading.cancel(false);
                break;
            case 1:
                reading.orTimeout(random.nextInt(2_000), TimeUnit.MICROSECONDS);
                break;
            case 2:
                tally.started("shutdownOutput", socket.shutdownOutput());
                break;
            case 3:
                tally.started("a read behind", reading.thenCompose(value -> socket.readSome(100)));
                break;
            default:
                tally.started("readable", socket.readable());
                tally.started("writable", socket.writable());
        }
    }

    private void end(AsyncSocket socket, SplittableRandom random) {
        switch (random.nextInt(5)) {
            case 0:
                socket.abort();
                break;
            case 1:
                socket.shutdownInput();
                break;
            case 2:
                tally.started("shutdownOutput", socket.shutdownOutput());
                break;
            default:
                socket.close();
        }
    }
}
