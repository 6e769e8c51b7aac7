package io.github.futuresockets.impl.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncWriter;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Background;
import io.github.futuresockets.impl.support.Peer;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Clause 3 for {@code transferTo}. Bytes refused by the sink stay readable at the source. */
abstract class TransferRefusedContract extends ContractTest {
    private AsyncSocket source;
    private Peer giver;

    private void relay() {
        converse();
        source = socket;
        giver = peer;
        connect(0);
    }

    private void assertLineIsThere(CompletableFuture<Long> transfer) {
        Await.failure(IOException.class, transfer);
        assertTrue(source.isOpen());
        assertEquals("a line", Await.value(source.readLine()));
        giver.send("the next\n");
        assertEquals("the next", Await.value(source.readLine()));
    }

    @Test
    void transferTo_closedSink_losesNothing() {
        relay();
        socket.close();
        CompletableFuture<Long> transfer = source.transferTo(socket);
        giver.send("a line\n");
        Await.failure(ClosedChannelException.class, transfer);
        assertLineIsThere(transfer);
    }

    @Test
    void transferTo_sinkOutputShutDown_losesNothing() {
        relay();
        Await.value(socket.shutdownOutput());
        giver.send("a line\n");
        assertLineIsThere(source.transferTo(socket));
    }

    @Test
    void transferTo_sinkThatIsClosedMeanwhile_losesNothing() {
        relay();
        CompletableFuture<Long> transfer = source.transferTo(socket);
        giver.send("moved");
        assertEquals("moved", peer.text(5));
        socket.abort();
        giver.send("a line\n");
        assertLineIsThere(transfer);
    }

    @Test
    void transferTo_bytesBufferedBefore_losesNothing() {
        relay();
        giver.send("head\na line\n");
        assertEquals("head", Await.value(source.readLine()));
        socket.abort();
        assertLineIsThere(source.transferTo(socket));
    }

    @Test
    void transferTo_muchForAClosedSink_losesNothing() {
        relay();
        byte[] much = megabytes(3);
        CompletableFuture<Void> given = Background.run(() -> giver.send(much).end());
        assertEquals(true, Await.value(source.readable()));
        socket.abort();
        for (int i = 0; i < 20; i++) {
            Await.failure(ClosedChannelException.class, source.transferTo(socket));
        }
        assertArrayEquals(much, Await.value(source.readAll(4 << 20)).array());
        Await.value(given);
    }

    @Test
    void transferTo_sinkWithoutRoom_losesNothing() {
        converseNarrowly(builder -> builder.writeQueueLimit(1_000));
        source = socket;
        giver = peer;
        connect(16_384);
        CompletableFuture<Void> waiting = socket.write(megabytes(4));
        CompletableFuture<Void> behind = socket.write(new byte[1_000]);
        giver.send("a line\n");
        CompletableFuture<Long> transfer = source.transferTo(socket);
        Await.failure(IOException.class, transfer);
        Await.failure(IOException.class, waiting);
        Await.failure(IOException.class, behind);
        assertLineIsThere(transfer);
    }

    @Test
    void transferTo_queuedForASinkThatIsAborted_losesNothing() {
        converseNarrowly();
        source = socket;
        giver = peer;
        connect(16_384);
        CompletableFuture<Void> before = socket.write(megabytes(4));
        giver.send("a line\n");
        assertEquals(true, Await.value(source.readable()));
        CompletableFuture<Long> transfer = source.transferTo(socket);
        socket.abort();
        Await.failure(IOException.class, before);
        assertLineIsThere(transfer);
    }

    /** Returns a sink of another library. Each of its methods returns the result of {@code write}. */
    private static AsyncWriter writer(Supplier<CompletableFuture<Void>> write) {
        return (AsyncWriter) Proxy.newProxyInstance(
                AsyncWriter.class.getClassLoader(),
                new Class<?>[] {AsyncWriter.class},
                (proxy, method, arguments) -> write.get());
    }

    @Test
    void transferTo_foreignSinkThatThrowsOrRefuses_losesNothing() {
        relay();
        IOException refusal = new IOException("refused");
        giver.send("a line\n");
        Await.failure(IllegalStateException.class, source.transferTo(writer(() -> {
            throw new IllegalStateException("broken");
        })));
        Await.failure(NullPointerException.class, source.transferTo(writer(() -> null)));
        assertLineIsThere(source.transferTo(writer(() -> CompletableFuture.failedFuture(refusal))));
    }
}
