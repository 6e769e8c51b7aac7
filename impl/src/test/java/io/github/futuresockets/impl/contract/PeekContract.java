package io.github.futuresockets.impl.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.IncompleteReadException;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Background;
import io.github.futuresockets.impl.support.Seeds;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code peek}: a read that takes no byte. */
abstract class PeekContract extends ContractTest {
    private static final int LIMIT = 65_536;

    private String peek(int n) {
        return ReadMode.string(Await.value(socket.peek(n)));
    }

    @ParameterizedTest
    @EnumSource
    void peek_thenEveryMode_readsTheSameBytes(ReadMode mode) {
        converse();
        peer.send(ReadMode.MESSAGE + ReadMode.MESSAGE);
        assertEquals("hello", peek(5));
        assertEquals(ReadMode.MESSAGE, peek(ReadMode.LENGTH));
        assertEquals(ReadMode.MESSAGE, mode.start(socket).text());
        assertEquals("h", peek(1));
        assertEquals(ReadMode.MESSAGE, mode.start(socket).text());
    }

    @Test
    void peek_bytesInTheBuffer_stayCountedAndReadable() {
        converse();
        peer.send("abcdef");
        assertEquals("abcdef", peek(6));
        assertEquals(6, socket.buffered());
        assertEquals("abc", peek(3));
        assertEquals(6, socket.buffered());
        assertTrue(Await.value(socket.readable()));
        assertEquals("abcdef", ReadMode.string(Await.value(socket.readExactly(6))));
        assertFalse(socket.readable().isDone());
    }

    @Test
    void peek_moreThanIsThere_waitsForAllOfIt() {
        converse();
        peer.send("abc");
        assertEquals("abc", peek(3));
        CompletableFuture<ByteBuffer> more = socket.peek(6);
        CompletableFuture<Boolean> readable = socket.readable();
        peer.send("de");
        awaitBuffered(5);
        assertFalse(more.isDone());
        peer.send("f");
        assertEquals("abcdef", ReadMode.string(Await.value(more)));
        assertTrue(Await.value(readable), "the bytes of a peek are there for a waiter");
        assertEquals("abcdef", peek(6));
    }

    @Test
    void peek_ofNothing_isThereAtOnce() {
        converse();
        assertTrue(socket.peek(0).isDone());
        peer.end();
        assertNull(Await.value(socket.readSome(1)));
        assertEquals(0, Await.value(socket.peek(0)).remaining());
    }

    @Test
    void peek_atTheLimit_givesAllBytes() {
        converse();
        byte[] content = Seeds.bytes("peek", 2 * LIMIT);
        CompletableFuture<Void> sent = Background.run(() -> peer.send(content).end());
        assertArrayEquals(
                Arrays.copyOf(content, LIMIT), Await.value(socket.peek(LIMIT)).array());
        assertTrue(socket.buffered() <= 2 * LIMIT, "buffered " + socket.buffered());
        assertArrayEquals(content, Await.value(socket.readAll(2 * LIMIT)).array());
        Await.value(sent);
    }

    @Test
    void peek_streamEndsBefore_failsAndTheBytesStay() {
        converse();
        peer.send("abc").end();
        for (int i = 0; i < 2; i++) {
            IncompleteReadException failure = Await.failure(IncompleteReadException.class, socket.peek(4));
            assertEquals("abc", ReadMode.string(failure.partial()));
            assertEquals(4, failure.expected());
            assertTrue(failure.getMessage().contains("peek from"), failure.getMessage());
        }
        assertEquals("abc", peek(3));
        assertEquals("abc", ReadMode.string(Await.value(socket.readAll(3))));
        assertEquals(
                0,
                Await.failure(IncompleteReadException.class, socket.peek(1))
                        .partial()
                        .remaining());
    }

    @Test
    void peek_ofAPrefix_choosesTheRead() {
        converse();
        peer.send("+OK\n\u0003abc");
        for (int i = 0; i < 2; i++) {
            CompletableFuture<String> message = socket.peek(1)
                    .thenCompose(first -> first.get(0) == '+'
                            ? socket.expectLine()
                            : socket.readExactly(1 + first.get(0)).thenApply(ReadMode::string));
            assertEquals(i == 0 ? "+OK" : "\u0003abc", Await.value(message));
        }
        assertEquals(0, socket.buffered());
    }

    @Test
    void peek_beforeEachRead_isNeverRefused() {
        converse();
        byte[] content = "x".repeat(1_000).getBytes(UTF_8);
        peer.send(content);
        Await.value(socket.peek(content.length));
        for (int i = 0; i < content.length; i++) {
            assertEquals("x", peek(1));
            Await.value(socket.readExactly(1));
        }
        assertFalse(socket.closed().isDone());
    }
}
