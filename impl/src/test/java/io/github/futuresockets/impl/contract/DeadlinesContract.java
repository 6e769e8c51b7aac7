package io.github.futuresockets.impl.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncLoop;
import io.github.futuresockets.AsyncScope;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.CloseReason;
import io.github.futuresockets.Deadline;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Background;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Time-outs of a connection, the {@code Deadline} of a chain, {@code AsyncLoop} and {@code AsyncScope}. */
abstract class DeadlinesContract extends ContractTest {
    private static final Duration LONG = Duration.ofMillis(400);

    private static void pause(long millis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    @Test
    void idleTimeout_abortsAConnectionOnWhichNothingMoves() {
        converse(builder -> builder.idleTimeout(Duration.ofMillis(100)));
        CompletableFuture<String> read = socket.readLine();
        CloseReason reason = Await.value(socket.closed());
        assertEquals(CloseReason.Kind.TIMED_OUT, reason.kind());
        assertInstanceOf(SocketTimeoutException.class, reason.cause());
        Await.failure(IOException.class, read);
        assertAborted(peer);
    }

    @Test
    void idleTimeout_bytesInEitherDirection_keepSocketOpen() {
        converse();
        socket.idleTimeout(LONG);
        for (int i = 0; i < 6; i++) {
            pause(LONG.toMillis() / 4);
            peer.send("in\n");
            assertEquals("in", Await.value(socket.readLine()));
        }
        for (int i = 0; i < 6; i++) {
            pause(LONG.toMillis() / 4);
            Await.value(socket.write("out"));
            assertEquals("out", peer.text(3));
        }
        assertTrue(socket.isOpen());
        socket.idleTimeout(Duration.ZERO);
        pause(LONG.toMillis() + 100);
        assertTrue(socket.isOpen());
        assertThrows(IllegalArgumentException.class, () -> socket.idleTimeout(Duration.ofSeconds(-1)));
    }

    @Test
    void readTimeout_isNeverEarly() {
        converse();
        List<Long> late = new ArrayList<>();
        Duration asked = Duration.ofMillis(60);
        for (int i = 0; i < 30; i++) {
            long begun = System.nanoTime();
            socket.readTimeout(asked);
            Await.failure(SocketTimeoutException.class, socket.readLine());
            late.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun - asked.toNanos()));
            socket.readTimeout(Duration.ZERO);
        }
        Collections.sort(late);
        assertTrue(late.get(0) >= 0, "early by " + -late.get(0) + " ms");
    }

    @Test
    void deadline_expiredDuringChain_cancelsPendingStageWithoutLoss() {
        converse();
        Deadline deadline = Deadline.after(LONG);
        CompletableFuture<String> chain =
                socket.readLine().thenCompose(first -> socket.readLine()).thenCompose(second -> socket.readLine());
        assertSame(chain, deadline.limit(chain));
        peer.send("one\ntwo\nthr");
        Throwable failure = Await.failure(TimeoutException.class, chain);
        assertTrue(failure.getMessage().contains("PT0.4S"), failure.getMessage());
        assertTrue(deadline.isExpired());
        assertEquals(Duration.ZERO, deadline.remaining());
        peer.send("ee\n");
        assertEquals("three", Await.value(socket.readLine()));
    }

    @Test
    void deadline_expiredOrMet_cancelsAtOnceOrNever() {
        converse();
        CompletableFuture<String> late = Deadline.after(Duration.ZERO).limit(socket.readLine());
        Await.failure(TimeoutException.class, late);
        Deadline far = Deadline.after(Duration.ofDays(200_000_000));
        CompletableFuture<String> met = far.limit(socket.readLine());
        peer.send("in time\n");
        assertEquals("in time", Await.value(met));
        assertFalse(far.isExpired());
        CompletableFuture<String> plain = new CompletableFuture<>();
        Await.failure(
                TimeoutException.class, Deadline.after(Duration.ofMillis(20)).limit(plain));
    }

    @Test
    void await_withATimeThatIsOverByFarGivesUpAtOnce() {
        converse();
        for (Duration over : List.of(Duration.ZERO, Duration.ofNanos(-1), Duration.ofSeconds(Long.MIN_VALUE))) {
            CompletableFuture<String> read = socket.readLine();
            Await.failure(SocketTimeoutException.class, Background.call(() -> AsyncScope.await(read, over)));
            assertTrue(read.isCancelled(), over + ": " + read);
        }
    }

    @Test
    void loops_echoUntilTheEndAndACancelReachesTheRead() {
        onlyWhereOneEndMayGoOn();
        converse();
        CompletableFuture<Void> echo = AsyncLoop.forEach(socket::readLine, socket::writeLine);
        peer.send("a\nb\n");
        assertEquals("a\nb\n", peer.text(4));
        assertTrue(echo.cancel(false));
        peer.send("c\n");
        assertEquals("c", Await.value(socket.readLine()), "the place and the bytes are free");
        CompletableFuture<Void> again = AsyncLoop.forEach(socket::readLine, socket::writeLine);
        peer.send("d\n").end();
        Await.value(again);
        assertEquals("d\n", peer.text(2));
    }

    @Test
    void scopes_useAndCloseSocket() {
        converse();
        AsyncSocket first = socket;
        CompletableFuture<String> line =
                AsyncScope.using(CompletableFuture.completedFuture(first), each -> each.expectLine());
        peer.send("a line\n");
        assertEquals("a line", Await.value(line));
        assertFalse(first.isOpen());
        peer.close();
        connect(0);
        CompletableFuture<String> raced =
                AsyncScope.race(socket.readLine(), first.closed().thenApply(why -> "closed"));
        assertEquals("closed", Await.value(raced));
        peer.send("still here\n");
        assertEquals("still here", Await.value(socket.readLine()), "the loser was withdrawn without a loss");
    }
}
