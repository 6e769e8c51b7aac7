package io.github.futuresockets.impl.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.IncompleteReadException;
import io.github.futuresockets.impl.support.Await;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clause 3: reads at the end of the stream. */
abstract class EndOfStreamContract extends ContractTest {
    private static final String START = "abc";

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void clause03_endOfStream_typeHasEndValue_givesValue(boolean alreadyThere) {
        converse();
        if (alreadyThere) {
            peer.end();
            assertEquals(false, Await.value(socket.readable()));
        }
        CompletableFuture<Integer> read = socket.read(ByteBuffer.allocate(8));
        if (!alreadyThere) {
            peer.end();
        }
        assertEquals(-1, Await.value(read));
        assertEquals(-1, Await.value(socket.read(ByteBuffer.allocate(8), ByteBuffer.allocate(8))));
        assertNull(Await.value(socket.readSome(8)));
        assertNull(Await.value(socket.readUntilOrNull(new byte[] {'\n'}, 8)));
        assertNull(Await.value(socket.readLine()));
        assertNull(Await.value(socket.readMessage(ReadMode.DECODER)));
        assertEquals(0, Await.value(socket.readAll(8)).remaining());
        assertEquals(0L, Await.value(socket.transferTo(socket)));
        assertEquals(false, Await.value(socket.readable()));
    }

    @Test
    void clause03_endOfStream_typeHasNoEndValue_fails() {
        converse();
        CompletableFuture<ByteBuffer> pending = socket.readExactly(8);
        peer.end();
        Await.failure(IncompleteReadException.class, pending);
        for (CompletableFuture<?> read : List.of(
                socket.readFully(ByteBuffer.allocate(8)),
                socket.readExactly(8),
                socket.readAtLeast(ByteBuffer.allocate(8), 1),
                socket.peek(1),
                socket.readUntil(new byte[] {'\n'}, 8),
                socket.expectLine(),
                socket.expectMessage(ReadMode.DECODER))) {
            IncompleteReadException failure = Await.failure(IncompleteReadException.class, read);
            assertEquals(0, failure.partial().remaining(), "nothing came");
        }
    }

    @Test
    void clause03_endOfStream_pendingReadGivesNullOrFails() {
        open(builder -> builder);
        connect(0);
        CompletableFuture<ByteBuffer> until = socket.readUntilOrNull(new byte[] {'\n'}, 8);
        peer.end();
        assertNull(Await.value(until));
        connect(0);
        CompletableFuture<String> message = socket.expectMessage(ReadMode.DECODER);
        peer.end();
        IncompleteReadException failure = Await.failure(IncompleteReadException.class, message);
        assertTrue(failure.getMessage().contains("expectMessage from"), failure.getMessage());
        assertEquals(-1, failure.expected());
    }

    @ParameterizedTest
    @EnumSource
    void clause03_endOfStream_withinMessage_partialStaysReadable(ReadMode mode) {
        open(builder -> builder);
        for (int offset = 1; offset < ReadMode.LENGTH; offset++) {
            connect(0);
            ReadMode.Reading reading = mode.start(socket);
            String start = ReadMode.MESSAGE.substring(0, offset);
            peer.send(start).end();
            if (mode == ReadMode.READ_LINE || mode == ReadMode.EXPECT_LINE) {
                assertEquals(start, Await.value(reading.future()), "a last line without its LF");
            } else {
                IncompleteReadException failure = Await.failure(IncompleteReadException.class, reading.future());
                assertEquals(start, ReadMode.string(failure.partial()));
                assertEquals(mode.expected(), failure.expected());
                assertTrue(failure.partial().isReadOnly());
                assertEquals(start, ReadMode.string(Await.value(socket.readExactly(offset))));
            }
            assertNull(Await.value(socket.readSome(1)));
            peer.close();
            socket.abort();
        }
    }

    @Test
    void clause03_endOfStream_isStickyAndComesAfterAllBytes() {
        converse();
        peer.send(START).end();
        Await.failure(IncompleteReadException.class, socket.readExactly(4));
        Await.failure(IncompleteReadException.class, socket.readFully(ByteBuffer.allocate(4)));
        Await.failure(IncompleteReadException.class, socket.readUntil(new byte[] {'\n'}, 10));
        Await.failure(IncompleteReadException.class, socket.readMessage(ReadMode.DECODER));
        assertEquals(START, ReadMode.string(Await.value(socket.readAll(3))));
        for (int i = 0; i < 3; i++) {
            assertNull(Await.value(socket.readSome(1)));
        }
    }

    @Test
    void clause03_doesNotCloseTheWriteSide() {
        onlyWhereOneEndMayGoOn();
        converse();
        peer.end();
        assertNull(Await.value(socket.readLine()));
        assertTrue(socket.isOpen());
        Await.value(socket.writable());
        Await.value(socket.write("still talking"));
        Await.value(socket.shutdownOutput());
        assertEquals("still talking", peer.textToEnd());
    }

    @Test
    void clause03_failedRead_leavesCallersBufferUnchanged() {
        converse();
        ByteBuffer dst = ByteBuffer.wrap("0123456789".getBytes(StandardCharsets.UTF_8))
                .position(2)
                .limit(8);
        CompletableFuture<Void> read = socket.readFully(dst);
        peer.send(START);
        awaitBuffered(3);
        peer.end();
        IncompleteReadException failure = Await.failure(IncompleteReadException.class, read);
        assertEquals(6, failure.expected());
        assertEquals(2, dst.position());
        assertEquals(8, dst.limit());
        assertEquals("0123456789", ReadMode.string(dst.clear()));
        assertEquals(START, ReadMode.string(Await.value(socket.readSome(10))));
    }

    @Test
    void clause15_theMessageSaysWhichReadWhichPeerAndHowManyBytes() {
        converse();
        peer.send(START).end();
        String message = Await.failure(socket.readExactly(10)).getMessage();
        assertTrue(message.contains("readExactly"), message);
        assertTrue(message.contains(nameOf(peer.address())), message);
        assertTrue(message.contains("3") && message.contains("10"), message);
    }
}
