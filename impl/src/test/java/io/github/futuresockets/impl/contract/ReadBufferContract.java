package io.github.futuresockets.impl.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.IncompleteReadException;
import io.github.futuresockets.codec.Decoder;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Background;
import io.github.futuresockets.impl.support.Seeds;
import java.nio.ByteBuffer;
import java.nio.channels.ReadPendingException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Clauses 4 and 9: the read buffer of the connection, shared by all reads. */
abstract class ReadBufferContract extends ContractTest {
    private static final byte[] SEMICOLON = {';'};

    @Test
    void clause04_allWaysOfReadingCanBeMixed() {
        converse();
        peer.send("line one\r\nuntil;exactfullyrd" + ReadMode.MESSAGE + "some and all")
                .end();
        assertEquals("line one", Await.value(socket.readLine()));
        assertEquals("until;", ReadMode.string(Await.value(socket.readUntil(SEMICOLON, 100))));
        assertEquals("exact", ReadMode.string(Await.value(socket.readExactly(5))));
        ByteBuffer fully = ByteBuffer.allocate(5);
        Await.value(socket.readFully(fully));
        assertEquals("fully", ReadMode.string(fully.flip()));
        ByteBuffer dst = ByteBuffer.allocate(2);
        assertEquals(2, Await.value(socket.read(dst)));
        assertEquals("rd", ReadMode.string(dst.flip()));
        assertEquals(ReadMode.MESSAGE, Await.value(socket.readMessage(ReadMode.DECODER)));
        assertEquals("some", ReadMode.string(Await.value(socket.peek(4))));
        ByteBuffer some = ByteBuffer.allocate(2);
        assertEquals(2, Await.value(socket.read(some.slice(0, 1), some.slice(1, 1))));
        assertEquals("so", ReadMode.string(some));
        assertEquals(2, Await.value(socket.readAtLeast(some, 1)));
        assertEquals("me", ReadMode.string(some.flip()));
        assertTrue(Await.value(socket.readable()));
        assertEquals(" and all", ReadMode.string(Await.value(socket.readAll(100))));
    }

    @Test
    void clause04_randomMixOfModesLosesNothing() {
        Random random = Seeds.random("randomMixOfModes");
        open(builder -> builder);
        for (int round = 0; round < 20; round++) {
            connect(0);
            CompletableFuture<Void> sent = Background.run(() -> {
                for (int i = 0; i < 60; i++) {
                    peer.send(ReadMode.MESSAGE);
                }
                peer.end();
            });
            StringBuilder got = new StringBuilder();
            ReadMode[] modes = ReadMode.values();
            for (int i = 0; i < 60; i++) {
                int mode = random.nextInt(modes.length + 1);
                if (mode < modes.length) {
                    got.append(modes[mode].start(socket).text());
                } else {
                    int split = 1 + random.nextInt(ReadMode.LENGTH - 1);
                    got.append(ReadMode.string(Await.value(socket.readExactly(split))));
                    got.append(ReadMode.string(Await.value(socket.readExactly(ReadMode.LENGTH - split))));
                }
            }
            assertEquals(ReadMode.MESSAGE.repeat(60), got.toString());
            assertEquals(-1, Await.value(socket.read(ByteBuffer.allocate(1))));
            Await.value(sent);
            socket.abort();
        }
    }

    @Test
    void clause04_bytesBehindAMessageAreKept() {
        converse();
        assertEquals(0, socket.buffered());
        peer.send("head\ntail");
        assertEquals("head", Await.value(socket.readLine()));
        assertEquals(4, socket.buffered());
        CompletableFuture<ByteBuffer> kept = socket.readExactly(4);
        assertTrue(kept.isDone());
        assertEquals("tail", ReadMode.string(kept.join()));
        assertEquals(0, socket.buffered());
    }

    @Test
    void clause04_memory_growsWithArrivedNotRequestedBytes() {
        open(builder -> builder);
        Decoder<String> greedy = Decoder.limited(Integer.MAX_VALUE, (in, seen) -> null);
        for (int i = 0; i < 5; i++) {
            connect(0);
            CompletableFuture<?> read = List.<Supplier<CompletableFuture<?>>>of(
                            () -> socket.readExactly(Integer.MAX_VALUE),
                            () -> socket.readSome(Integer.MAX_VALUE),
                            () -> socket.readAll(Integer.MAX_VALUE),
                            () -> socket.readUntil(SEMICOLON, Integer.MAX_VALUE),
                            () -> socket.readMessage(greedy))
                    .get(i)
                    .get();
            peer.send("abc").end();
            if (i == 1 || i == 2) {
                assertEquals("abc", ReadMode.string((ByteBuffer) Await.value(read)));
            } else {
                IncompleteReadException failure = Await.failure(IncompleteReadException.class, read);
                assertEquals("abc", ReadMode.string(failure.partial()));
                assertEquals(i == 0 ? Integer.MAX_VALUE : -1, failure.expected());
            }
        }
    }

    @Test
    void clause09_readsAheadNoMoreThanTheLargestReadAskedForSoFar() {
        converse();
        peer.send("x".repeat(1_000));
        Await.value(socket.readExactly(10));
        assertTrue(socket.buffered() <= 10, "read ahead: " + socket.buffered());
        Await.value(socket.readSome(100));
        assertTrue(socket.buffered() <= 100, "read ahead: " + socket.buffered());
        assertEquals(
                1_000 - 10 - 100,
                Await.value(socket.readExactly(1_000 - 10 - 100)).remaining());
    }

    @Test
    void clause01_illegalArgumentThrowsAndTakesNothing() {
        converse();
        peer.send("abc");
        Await.value(socket.readable());
        Decoder<String> noLimit = new Decoder<>() {
            @Override
            public String decode(ByteBuffer in, int seen) {
                return "never";
            }

            @Override
            public int limit() {
                return 0;
            }
        };
        List<Executable> calls = List.of(
                () -> socket.read(ByteBuffer.allocate(4).asReadOnlyBuffer()),
                () -> socket.read(ByteBuffer.allocate(0)),
                () -> socket.read(ByteBuffer.allocate(4).position(4)),
                () -> socket.read(ByteBuffer.allocate(4), ByteBuffer.allocate(4).asReadOnlyBuffer()),
                () -> socket.read(ByteBuffer.allocate(0), ByteBuffer.allocate(4).position(4)),
                () -> socket.readAtLeast(ByteBuffer.allocate(4), 0),
                () -> socket.readAtLeast(ByteBuffer.allocate(4).position(1), 4),
                () -> socket.readAtLeast(ByteBuffer.allocate(4).asReadOnlyBuffer(), 1),
                () -> socket.peek(-1),
                () -> socket.peek(65_537),
                () -> socket.readSome(0),
                () -> socket.readSome(-1),
                () -> socket.readFully(ByteBuffer.allocate(4).asReadOnlyBuffer()),
                () -> socket.readExactly(-1),
                () -> socket.readUntil(new byte[0], 10),
                () -> socket.readUntil(new byte[] {'\r', '\n'}, 1),
                () -> socket.readUntil(SEMICOLON, 0),
                () -> socket.readUntilOrNull(new byte[0], 10),
                () -> socket.readUntilOrNull(SEMICOLON, 0),
                () -> socket.readAll(0),
                () -> socket.readAll(-1),
                () -> socket.readMessage(noLimit),
                () -> socket.expectMessage(noLimit),
                () -> socket.readTimeout(Duration.ofNanos(-1)),
                () -> socket.writeTimeout(Duration.ofNanos(-1)));
        for (int i = 0; i < calls.size(); i++) {
            assertThrows(IllegalArgumentException.class, calls.get(i), "call " + i);
        }
        assertEquals("abc", ReadMode.string(Await.value(socket.readExactly(3))));
    }

    @Test
    void readUntil_delimiterChangedLater_usesCopy() {
        converse();
        byte[] delimiter = ";".getBytes(UTF_8);
        CompletableFuture<ByteBuffer> read = socket.readUntil(delimiter, 10);
        delimiter[0] = 'b';
        peer.send("abc;");
        assertEquals("abc;", ReadMode.string(Await.value(read)));
    }

    @Test
    void clause08_secondReadFailsAndNamesTheFirst() {
        converse();
        CompletableFuture<String> first = socket.readLine();
        for (CompletableFuture<?> second : List.of(
                socket.read(ByteBuffer.allocate(1)),
                socket.read(ByteBuffer.allocate(1), ByteBuffer.allocate(1)),
                socket.readAtLeast(ByteBuffer.allocate(1), 1),
                socket.peek(0),
                socket.peek(1),
                socket.readSome(1),
                socket.readFully(ByteBuffer.allocate(1)),
                socket.readExactly(1),
                socket.readUntil(SEMICOLON, 1),
                socket.readUntilOrNull(SEMICOLON, 1),
                socket.readLine(),
                socket.expectLine(),
                socket.readAll(1),
                socket.readMessage(ReadMode.DECODER),
                socket.expectMessage(ReadMode.DECODER),
                socket.transferTo(socket))) {
            Throwable failure = Await.failure(ReadPendingException.class, second);
            assertTrue(String.valueOf(failure.getMessage()).contains("readLine"), failure.toString());
        }
        assertFalse(first.isDone());
        peer.send("first\nsecond\n");
        assertEquals("first", Await.value(first));
        assertEquals("second", Await.value(socket.readLine()));
    }
}
