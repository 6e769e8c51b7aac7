package io.github.futuresockets.impl.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.CloseReason;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Background;
import io.github.futuresockets.impl.support.SilentAddress;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** {@code AsyncSockets.close}, the end of all operations, connections and threads. */
abstract class SocketsCloseContract extends ContractTest {

    @Test
    void close_endsAllOperationsAndThreads() throws Exception {
        SilentAddress silent = closing(new SilentAddress());
        converseNarrowly();
        AsyncServerSocket listener = listen();
        CompletableFuture<AsyncSocket> accept = listener.accept();
        CompletableFuture<AsyncSocket> connect = sockets.connect(silent.address());
        CompletableFuture<String> read = socket.readLine();
        CompletableFuture<Void> write = socket.write(megabytes(4));
        CompletableFuture<Boolean> readable = socket.readable();
        CompletableFuture<CloseReason> closed = socket.closed();
        sockets.close();
        for (CompletableFuture<?> each : List.of(accept, connect, read, write, readable, closed)) {
            assertTrue(each.isDone(), each.toString());
        }
        assertEquals(0, threads.alive(), "I/O threads");
        Await.failure(AsynchronousCloseException.class, accept);
        Await.failure(ClosedChannelException.class, connect);
        Await.failure(AsynchronousCloseException.class, read);
        Await.failure(AsynchronousCloseException.class, write);
        assertEquals(false, Await.value(readable));
        assertEquals(new CloseReason(CloseReason.Kind.ABORTED, null), Await.value(closed));
        peer.awaitOver();
        Await.failure(ClosedChannelException.class, listener.accept());
        Await.failure(ClosedChannelException.class, sockets.connect(silent.address()));
        assertThrows(IOException.class, () -> sockets.listen("127.0.0.1", 0));
        Await.failure(ClosedChannelException.class, socket.readLine());
        Await.failure(ClosedChannelException.class, socket.write("x"));
        sockets.close();
    }

    @Test
    void close_fromAnIoThreadDoesNotWait() {
        converse();
        CompletableFuture<CloseReason> closed = socket.closed();
        onIoThread(sockets::close);
        threads.awaitEnd();
        assertEquals(CloseReason.Kind.ABORTED, Await.value(closed).kind());
        sockets.close();
    }

    @Test
    void close_endsAnOrderlyCloseInProgress() {
        converse();
        socket.close();
        assertEquals(-1, peer.read());
        sockets.close();
        assertTrue(socket.closed().isDone());
        assertEquals(CloseReason.Kind.ABORTED, Await.value(socket.closed()).kind());
    }

    @Test
    void close_fromManyThreadsAtOnce() {
        converse();
        List<CompletableFuture<Long>> closers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            closers.add(Background.call(() -> {
                sockets.close();
                return threads.alive();
            }));
        }
        closers.forEach(each -> assertEquals(0L, Await.value(each), "each waits"));
    }

    @Test
    void close_againstConnectsAndAcceptsLeaksNothing() throws Exception {
        for (int round = 0; round < 20; round++) {
            open(builder -> builder);
            AsyncServerSocket listener = listen();
            List<CompletableFuture<AsyncSocket>> pending = new ArrayList<>();
            pending.add(listener.accept());
            CompletableFuture<Void> closer = Background.run(sockets::close);
            for (int i = 0; i < 10; i++) {
                pending.add(sockets.connect(listener.localAddress()));
            }
            Await.value(closer);
            for (CompletableFuture<AsyncSocket> each : pending) {
                Await.until("the end of every future", each::isDone);
                if (!each.isCompletedExceptionally()) {
                    Await.value(each.join().closed());
                }
            }
        }
    }

    @Test
    void close_againstListenLeaksNothing() {
        for (int round = 0; round < 40; round++) {
            open(builder -> builder);
            CompletableFuture<Void> closer = Background.run(sockets::close);
            IOException refused = null;
            while (refused == null) {
                try {
                    sockets.listen("127.0.0.1", 0).accept();
                } catch (IOException e) {
                    refused = e;
                }
            }
            Await.value(closer);
        }
    }

    @Test
    void close_leavesNoThreadOfAnyKind() {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        converse(builder -> builder.readTimeout(Duration.ofHours(1)));
        CompletableFuture<String> timed = socket.readLine();
        Await.failure(sockets.connect("no such host", 80));
        sockets.close();
        assertTrue(timed.isDone());
        Set<Thread> left = Thread.getAllStackTraces().keySet();
        left.removeAll(before);
        left.removeIf(thread -> !thread.getName().startsWith("futuresockets-"));
        Await.until(() -> "the end of " + left, () -> left.stream().noneMatch(Thread::isAlive));
    }

    @Test
    void close_withDependentsThatGoOn() {
        converse();
        CompletableFuture<Throwable> second = socket.readLine()
                .exceptionallyCompose(failure -> socket.readLine())
                .handle((line, failure) -> failure);
        CompletableFuture<Throwable> reconnect = socket.closed()
                .thenCompose(reason -> sockets.connect("127.0.0.1", 9))
                .handle((connected, failure) -> failure);
        sockets.close();
        assertTrue(Await.value(second) instanceof ClosedChannelException, "a read in the dependent of a failed one");
        assertTrue(Await.value(reconnect) instanceof ClosedChannelException, "a connect in the dependent of closed()");
    }

    @Test
    void close_ofSocketsThatWereNeverUsed() {
        open(builder -> builder);
        sockets.close();
        threads.awaitEnd();
        sockets.close();
    }
}
