package io.github.futuresockets.impl.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Background;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Clause 11: stack use of recursion, and of long chains of dependents. */
abstract class StackContract extends ContractTest {
    private static final int LINES = 100_000;

    private CompletableFuture<Integer> count(int before) {
        return socket.readLine()
                .thenCompose(line -> line == null ? CompletableFuture.completedFuture(before) : count(before + 1));
    }

    private CompletableFuture<Integer> echo(int before) {
        return socket.readLine()
                .thenCompose(line -> line == null
                        ? CompletableFuture.completedFuture(before)
                        : socket.write("y").thenCompose(done -> echo(before + 1)));
    }

    private CompletableFuture<Void> writeMany(int left) {
        return left == 0
                ? CompletableFuture.completedFuture(null)
                : socket.write("x").thenCompose(done -> writeMany(left - 1));
    }

    @Test
    void clause11_recursionOverReadsDoesNotOverflow() {
        converse();
        CompletableFuture<Void> sent =
                Background.run(() -> peer.send("x\n".repeat(LINES)).end());
        assertEquals(LINES, Await.value(count(0)));
        Await.value(sent);
    }

    @Test
    void clause11_recursionOverReadsAndWritesDoesNotOverflow() {
        onlyWhereOneEndMayGoOn();
        converse();
        CompletableFuture<Void> sent =
                Background.run(() -> peer.send("x\n".repeat(LINES)).end());
        CompletableFuture<String> echoed = Background.call(peer::textToEnd);
        assertEquals(LINES, Await.value(echo(0)));
        Await.value(sent);
        socket.close();
        assertEquals(LINES, Await.value(echoed).length());
    }

    @Test
    void clause11_recursionOverWritesDoesNotOverflow() {
        converse();
        CompletableFuture<String> received = Background.call(peer::textToEnd);
        Await.value(writeMany(LINES));
        Await.value(socket.shutdownOutput());
        assertEquals(LINES, Await.value(received).length());
    }

    @Test
    void clause11_recursionOverReadableDoesNotOverflow() {
        converse();
        peer.send("!");
        Await.value(socket.readable());
        Await.value(look(LINES));
    }

    private CompletableFuture<Boolean> look(int left) {
        return left == 0 ? socket.readable() : socket.readable().thenCompose(is -> look(left - 1));
    }

    @Test
    void clause11_recursionOverWritableDoesNotOverflow() {
        converse();
        CompletableFuture<String> received = Background.call(peer::textToEnd);
        Await.value(pump(LINES));
        Await.value(socket.shutdownOutput());
        assertEquals(LINES, Await.value(received).length());
    }

    /** Writes {@code left} times. After each write, waits for {@code writable} instead of the write's future. */
    private CompletableFuture<Void> pump(int left) {
        if (left == 0) {
            return socket.writable();
        }
        socket.write("x");
        return socket.writable().thenCompose(done -> pump(left - 1));
    }

    @Test
    void clause11_the33rdOperationInARowIsCompletedByTheIoThread() {
        converse(builder -> builder.threads(1));
        AtomicReference<CompletableFuture<?>> pending = new AtomicReference<>();
        CompletableFuture<Integer> counted = socket.readLine().thenApply(line -> {
            int atOnce = 0;
            CompletableFuture<?> next = socket.readExactly(1);
            while (next.isDone() && atOnce < 199) {
                atOnce++;
                next = socket.readExactly(1);
            }
            pending.set(next);
            return atOnce;
        });
        peer.send("line\n" + "x".repeat(200));
        assertEquals(32, Await.value(counted), "were complete on return");
        Await.value(pending.get());
        assertTrue(socket.readExactly(1).isDone(), "the row begins anew");
    }

    @Test
    void clause11_chainOfDependentsDoesNotOverflow() {
        converse();
        CompletableFuture<String> read = socket.readLine();
        CompletableFuture<String> last = read;
        for (int i = 0; i < LINES; i++) {
            last = last.thenApply(line -> line);
        }
        peer.send("through\n");
        assertEquals("through", Await.value(last));
    }

    @Test
    void clause11_manyReadsInALoop_lookAtEachByteOnce() {
        converse();
        CompletableFuture<Void> sent =
                Background.run(() -> peer.send("line\n" + "x".repeat(300_000)).end());
        assertEquals("line", Await.value(socket.readLine()));
        int count = 0;
        while (Await.value(socket.readSome(1)) != null) {
            count++;
        }
        assertEquals(300_000, count);
        Await.value(sent);
    }
}
