package io.github.futuresockets.impl.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.codec.Decoder;
import io.github.futuresockets.codec.LineEnding;
import io.github.futuresockets.impl.support.Await;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Clause 7: lent buffers, and results owned by the caller. Clause 2: every form of a source of {@code write}. */
abstract class BuffersContract extends ContractTest {

    private static void assertOwn(String content, ByteBuffer result) {
        assertTrue(result.hasArray());
        assertFalse(result.isDirect());
        assertFalse(result.isReadOnly());
        assertEquals(ByteOrder.BIG_ENDIAN, result.order());
        assertEquals(0, result.position());
        assertEquals(0, result.arrayOffset());
        assertEquals(content.length(), result.limit());
        assertArrayEquals(content.getBytes(UTF_8), result.array());
    }

    @Test
    void clause07_resultsAreFreshHeapBuffersAndExactlyTheContent() {
        converse();
        peer.send("some;exactuntil;null;all of it").end();
        ByteBuffer peeked = Await.value(socket.peek(4));
        assertOwn("some", peeked);
        peeked.put(0, (byte) 'X');
        assertOwn("some", Await.value(socket.readSome(4)));
        assertOwn(";", Await.value(socket.readSome(1)));
        ByteBuffer exact = Await.value(socket.readExactly(5));
        assertOwn("exact", exact);
        exact.put(0, (byte) 'X');
        assertOwn("until;", Await.value(socket.readUntil(new byte[] {';'}, 10)));
        assertOwn("null;", Await.value(socket.readUntilOrNull(new byte[] {';'}, 10)));
        assertOwn("all of it", Await.value(socket.peek(9)));
        assertOwn("all of it", Await.value(socket.readAll(100)));
        assertOwn("", Await.value(socket.peek(0)));
        assertOwn("", Await.value(socket.readAll(100)));
        assertOwn("", Await.value(socket.readExactly(0)));
    }

    @Test
    void clause07_aPendingReadGivesAFreshBufferToo() {
        converse();
        CompletableFuture<ByteBuffer> some = socket.readSome(1_000);
        peer.send("abc");
        assertOwn("abc", Await.value(some));
        CompletableFuture<ByteBuffer> exact = socket.readExactly(6);
        peer.send("def");
        awaitBuffered(3);
        peer.send("ghijk");
        assertOwn("defghi", Await.value(exact));
        assertOwn("jk", Await.value(socket.readSome(10)));
    }

    @Test
    void clause07_write_succeeded_sourcePositionIsAtLimit() {
        converse();
        byte[] content = "0123456789".getBytes(UTF_8);
        ByteBuffer direct = ByteBuffer.allocateDirect(10).put(content);
        List<ByteBuffer> sources = List.of(
                ByteBuffer.wrap(content).position(2).limit(8),
                ByteBuffer.wrap(content).asReadOnlyBuffer().position(2).limit(8),
                ByteBuffer.wrap(content).position(2).limit(8).slice(),
                ByteBuffer.wrap(content).position(1).slice().position(1).limit(7),
                direct.duplicate().position(2).limit(8),
                direct.duplicate().position(2).limit(8).slice().asReadOnlyBuffer(),
                ByteBuffer.wrap(content)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .position(2)
                        .limit(8));
        for (ByteBuffer src : sources) {
            int limit = src.limit();
            Await.value(socket.write(src));
            assertEquals(limit, src.position());
            assertEquals(limit, src.limit());
            assertEquals("234567", peer.text(6));
        }
    }

    @Test
    void write_everyFormOfText() {
        converse();
        String text = "gr\u00fc\u00df \ud83d\ude00";
        Await.value(socket.write(text));
        assertEquals(text, peer.text(text.getBytes(UTF_8).length));
        StringBuilder changing = new StringBuilder("before");
        CompletableFuture<Void> write = socket.write(changing);
        changing.setLength(0);
        Await.value(write);
        assertEquals("before", peer.text(6));
        CompletableFuture<Void> line = socket.writeLine(changing.append("a line"));
        changing.setLength(0);
        Await.value(line);
        assertEquals("a line\n", peer.text(7));
        Await.value(socket.writeLine(""));
        Await.value(socket.write("\ud83d!\ude00"));
        assertEquals("\n?!?", peer.text(4));
    }

    @Test
    void writeLine_addsTheLineEndingAskedFor() {
        converse();
        StringBuilder changing = new StringBuilder("gr\u00fc\u00df");
        CompletableFuture<Void> line = socket.writeLine(changing, LineEnding.CRLF);
        changing.setLength(0);
        Await.value(line);
        Await.value(socket.writeLine("", LineEnding.CRLF));
        Await.value(socket.writeLine("lf", LineEnding.LF));
        assertEquals("gr\u00fc\u00df\r\n\r\nlf\n", peer.text(13));
    }

    @Test
    void write_empty_completesInOrder() {
        converseNarrowly();
        Await.value(socket.write(ByteBuffer.allocate(0)));
        Await.value(socket.write(new byte[0]));
        Await.value(socket.write(""));
        Await.value(socket.write(ByteBuffer.allocate(0), ByteBuffer.allocate(0)));
        byte[] big = megabytes(4);
        CompletableFuture<Void> first = socket.write(big);
        CompletableFuture<Void> empty = socket.write("");
        assertEquals(big[0], (byte) peer.read());
        assertFalse(empty.isDone(), "before its turn");
        peer.receive(big.length - 1);
        Await.value(first);
        Await.value(empty);
    }

    @Test
    void write_gathersSeveralBuffersInOrder() {
        converse();
        ByteBuffer[] more = new ByteBuffer[2_000];
        StringBuilder expected = new StringBuilder("first");
        for (int i = 0; i < more.length; i++) {
            String part = i % 7 == 0 ? "" : i + ",";
            more[i] = i % 2 == 0
                    ? ByteBuffer.wrap(part.getBytes(UTF_8))
                    : ByteBuffer.allocateDirect(part.length())
                            .put(part.getBytes(UTF_8))
                            .flip();
            expected.append(part);
        }
        ByteBuffer first = ByteBuffer.wrap("first".getBytes(UTF_8));
        ByteBuffer[] lent = more.clone();
        CompletableFuture<Void> write = socket.write(first, lent);
        Arrays.fill(lent, null);
        Await.value(write);
        assertEquals(expected.toString(), peer.text(expected.length()));
        assertFalse(first.hasRemaining());
        for (ByteBuffer each : more) {
            assertFalse(each.hasRemaining());
        }
        Await.value(socket.write(ByteBuffer.wrap("alone".getBytes(UTF_8)), new ByteBuffer[0]));
        assertEquals("alone", peer.text(5));
    }

    @Test
    void clause07_oneArrayInManyWritesAndOneContentToManySockets() {
        converse();
        byte[] shared = "shared".getBytes(UTF_8);
        CompletableFuture<?>[] writes = new CompletableFuture<?>[50];
        for (int i = 0; i < writes.length; i++) {
            writes[i] = i % 2 == 0
                    ? socket.write(shared)
                    : socket.write(ByteBuffer.wrap(shared).duplicate());
        }
        Await.value(CompletableFuture.allOf(writes));
        assertEquals("shared".repeat(50), peer.text(300));
    }

    @Test
    void write_megabytesFromHeapAndDirect() {
        converse();
        byte[] content = megabytes(3);
        for (ByteBuffer src : new ByteBuffer[] {
            ByteBuffer.wrap(content),
            ByteBuffer.allocateDirect(content.length).put(content).flip()
        }) {
            CompletableFuture<Void> write = socket.write(src);
            assertArrayEquals(content, peer.receive(content.length));
            Await.value(write);
            assertFalse(src.hasRemaining());
        }
    }

    @Test
    void encoder_lentBuffer_isWrittenFromPositionToLimit() {
        converse();
        ByteBuffer encoded =
                ByteBuffer.wrap("<message>".getBytes(UTF_8)).position(1).limit(8);
        Thread caller = Thread.currentThread();
        Await.value(socket.writeMessage(42, (Integer number) -> {
            assertEquals(42, number);
            assertEquals(caller, Thread.currentThread());
            return encoded;
        }));
        assertEquals("message", peer.text(7));
        assertEquals(8, encoded.position());
        assertTrue(socket.isOpen());
    }

    @Test
    void decode_bufferIsOnlyLentSoAMessageIsACopy() {
        converse();
        Decoder<byte[]> two = (in, seen) -> {
            byte[] copy = new byte[2];
            in.get(copy);
            return copy;
        };
        peer.send("abcd");
        byte[] first = Await.value(socket.readMessage(two));
        byte[] second = Await.value(socket.readMessage(two));
        assertArrayEquals("ab".getBytes(UTF_8), first);
        assertArrayEquals("cd".getBytes(UTF_8), second);
    }
}
