package io.github.futuresockets.impl.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncLoop;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Background;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Coalesced writes of a callback while further input is present (clauses 6 to 8, 10 and 14). */
abstract class TogetherContract extends ContractTest {
    private static final int RECORDS = 5_000;

    /** Sends two lines in one piece. {@code step} handles the first line, and the second line stays unread. */
    private CompletableFuture<Void> withMoreAtHand(Consumer<String> step) {
        CompletableFuture<Void> handled = socket.readLine().thenAccept(step);
        peer.send("a\nb\n");
        return handled;
    }

    @Test
    void clause08_reply_noFurtherRead_isSent() {
        converse();
        CompletableFuture<CompletableFuture<Void>> write = new CompletableFuture<>();
        Await.value(withMoreAtHand(line -> write.complete(socket.writeLine(line))));
        assertEquals("a\n", peer.text(2));
        Await.value(Await.value(write));
        assertEquals("b", Await.value(socket.readLine()));
    }

    @Test
    void clause08_reply_callbackThrows_isSent() {
        converse();
        CompletableFuture<Void> handled = withMoreAtHand(line -> {
            socket.writeLine(line);
            throw new IllegalStateException("on purpose");
        });
        Await.failure(IllegalStateException.class, handled);
        assertEquals("a\n", peer.text(2));
    }

    @Test
    void clause08_write_ofOtherThread_isSentAfterWaitingWrites() {
        onlyOverTheKernel();
        converse();
        CompletableFuture<Boolean> replied = new CompletableFuture<>();
        CompletableFuture<Boolean> written = new CompletableFuture<>();
        CompletableFuture<Void> handled = withMoreAtHand(line -> {
            socket.writeLine(line);
            replied.complete(true);
            written.join();
        });
        Await.value(replied);
        CompletableFuture<Void> other = socket.writeLine("other");
        written.complete(true);
        assertEquals("a\nother\n", peer.text(8));
        Await.value(handled);
        Await.value(other);
    }

    @Test
    void clause10_write_joined_isSentAtOnce() {
        converse();
        Await.value(withMoreAtHand(line -> socket.writeLine(line).join()));
        assertEquals("a\n", peer.text(2));
    }

    @Test
    void clause10_write_joinedThroughOtherStages_isSentAtOnce() {
        converse();
        Await.value(withMoreAtHand(line -> {
            CompletableFuture<Void> write = socket.writeLine(line);
            write.thenApply(none -> line)
                    .thenCombine(write.copy(), (one, two) -> one)
                    .join();
            socket.writable().thenCompose(none -> socket.writeLine("c")).join();
        }));
        assertEquals("a\nc\n", peer.text(4));
    }

    @Test
    void clause08_closeAndHalfClose_comeAfterWaitingWrites() {
        converse();
        Await.value(withMoreAtHand(line -> {
            socket.writeLine(line);
            socket.shutdownOutput();
        }));
        assertEquals("a\n", peer.textToEnd());
        connect(0);
        Await.value(withMoreAtHand(line -> {
            socket.writeLine(line);
            socket.close();
        }));
        assertEquals("a\n", peer.textToEnd());
    }

    @Test
    void clause14_abort_failsWaitingWrites() {
        converse();
        CompletableFuture<CompletableFuture<Void>> write = new CompletableFuture<>();
        Await.value(withMoreAtHand(line -> {
            CompletableFuture<Void> waiting = socket.writeLine(line);
            assertFalse(waiting.isDone());
            socket.abort();
            write.complete(waiting);
        }));
        Await.failure(AsynchronousCloseException.class, Await.value(write));
        Await.value(socket.closed());
    }

    @Test
    void clause06_write_cancelledWhileWaiting_isNotTorn() {
        converse();
        Await.value(withMoreAtHand(line -> {
            assertTrue(socket.write("one,").cancel(false));
            socket.write("two");
        }));
        assertEquals("one,two", peer.text(7));
    }

    @Test
    void clause07_write_loopReusingBuffer_sendsEachContent() {
        onlyWhereOneEndMayGoOn();
        converseNarrowly();
        ByteBuffer buffer = ByteBuffer.allocate(8);
        CompletableFuture<Void> loop = AsyncLoop.forEach(() -> socket.readExactly(4), record -> {
                    buffer.clear()
                            .putInt(record.getInt(0))
                            .putInt(~record.getInt(0))
                            .flip();
                    return socket.write(buffer);
                })
                .handle((none, atTheEnd) -> null);
        ByteBuffer records = ByteBuffer.allocate(4 * RECORDS);
        for (int i = 0; i < RECORDS; i++) {
            records.putInt(i);
        }
        CompletableFuture<Void> sent =
                Background.run(() -> peer.send(records.array()).end());
        ByteBuffer replies = ByteBuffer.wrap(peer.receive(8 * RECORDS));
        for (int i = 0; i < RECORDS; i++) {
            assertEquals(i, replies.getInt());
            assertEquals(~i, replies.getInt());
        }
        Await.value(sent);
        Await.value(loop);
    }
}
