package io.github.futuresockets.impl.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Background;
import io.github.futuresockets.impl.support.Seeds;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clause 2: a read is all or nothing, for every division of the arriving bytes. */
abstract class ReadModesContract extends ContractTest {

    @ParameterizedTest
    @EnumSource
    void clause02_wholeMessage(ReadMode mode) {
        converse();
        peer.send(ReadMode.MESSAGE);
        assertEquals(ReadMode.MESSAGE, mode.start(socket).text());
        assertEquals(0, socket.buffered());
    }

    @ParameterizedTest
    @EnumSource
    void clause02_message_readIssuedBeforeArrival_isWhole(ReadMode mode) {
        converse();
        ReadMode.Reading reading = mode.start(socket);
        assertFalse(reading.future().isDone());
        peer.send(ReadMode.MESSAGE);
        assertEquals(ReadMode.MESSAGE, reading.text());
    }

    @ParameterizedTest
    @EnumSource
    void clause02_byteByByte(ReadMode mode) {
        converse();
        ReadMode.Reading reading = mode.start(socket);
        for (int i = 0; i < ReadMode.LENGTH; i++) {
            awaitBuffered(i);
            assertFalse(reading.future().isDone(), "done after " + i + " bytes");
            peer.send((byte) ReadMode.MESSAGE.charAt(i));
        }
        assertEquals(ReadMode.MESSAGE, reading.text());
    }

    @ParameterizedTest
    @EnumSource
    void clause02_cutAtEachOffset(ReadMode mode) {
        converse();
        for (int cut = 1; cut < ReadMode.LENGTH; cut++) {
            ReadMode.Reading reading = mode.start(socket);
            peer.send(ReadMode.MESSAGE.substring(0, cut));
            awaitBuffered(cut);
            assertFalse(reading.future().isDone(), "done after " + cut + " bytes");
            peer.send(ReadMode.MESSAGE.substring(cut));
            assertEquals(ReadMode.MESSAGE, reading.text(), "cut at " + cut);
        }
    }

    @ParameterizedTest
    @EnumSource
    void clause02_manyInOnePiece(ReadMode mode) {
        converse();
        peer.send(ReadMode.MESSAGE.repeat(100)).end();
        for (int i = 0; i < 100; i++) {
            assertEquals(ReadMode.MESSAGE, mode.start(socket).text(), "message " + i);
        }
        assertEquals(-1, Await.value(socket.read(ByteBuffer.allocate(1))));
    }

    @Test
    void clause02_onlyReadAndReadSomeArePartial() {
        converse();
        peer.send("abc");
        ByteBuffer dst = ByteBuffer.allocate(10);
        assertEquals(3, Await.value(socket.read(dst)));
        assertEquals("abc", ReadMode.string(dst.flip()));
        peer.send("de");
        assertEquals("de", ReadMode.string(Await.value(socket.readSome(10))));
    }

    @Test
    void read_buffer_takesNoMoreThanRemaining() {
        converse();
        peer.send("abcdefgh");
        ByteBuffer dst = ByteBuffer.allocateDirect(10);
        dst.position(3).limit(7);
        assertEquals(4, Await.value(socket.read(dst)));
        assertEquals(7, dst.position());
        assertEquals(7, dst.limit());
        assertEquals("abcd", ReadMode.string(dst.position(3)));
        assertEquals("ef", ReadMode.string(Await.value(socket.readSome(2))));
        assertEquals("gh", ReadMode.string(Await.value(socket.readExactly(2))));
    }

    @Test
    void readFully_fillsSlicesAndDirectBuffers() {
        converse();
        peer.send("abcdef");
        ByteBuffer slice = ByteBuffer.allocate(10).position(4).slice().limit(3);
        Await.value(socket.readFully(slice));
        assertFalse(slice.hasRemaining());
        assertEquals("abc", ReadMode.string(slice.flip()));
        ByteBuffer direct = ByteBuffer.allocateDirect(3);
        Await.value(socket.readFully(direct));
        assertEquals("def", ReadMode.string(direct.flip()));
    }

    @Test
    void readFully_aFullBufferIsFullAtOnce() {
        converse();
        assertTrue(socket.readFully(ByteBuffer.allocate(0)).isDone());
        Await.value(socket.readFully(ByteBuffer.allocate(4).position(4)));
        peer.end();
        assertEquals(-1, Await.value(socket.read(ByteBuffer.allocate(1))));
        Await.value(socket.readFully(ByteBuffer.allocate(0)));
    }

    @Test
    void readExactly_ofNothingIsThereAtOnce() {
        converse();
        assertTrue(socket.readExactly(0).isDone());
        peer.end();
        assertEquals(-1, Await.value(socket.read(ByteBuffer.allocate(1))));
        assertEquals(0, Await.value(socket.readExactly(0)).remaining());
    }

    @Test
    void clause02_megabytesInEveryMode() throws Exception {
        converse();
        byte[] content = Seeds.bytes("megabytesInEveryMode", 5 << 20);
        CompletableFuture<Void> sent = Background.run(() -> peer.send(content).end());
        ByteArrayOutputStream got = new ByteArrayOutputStream();
        got.write(Await.value(socket.readExactly(1 << 20)).array());
        ByteBuffer dst = ByteBuffer.allocate(1 << 20);
        Await.value(socket.readFully(dst));
        got.write(dst.array());
        while (got.size() < 3 << 20) {
            ByteBuffer some = Await.value(socket.readSome((3 << 20) - got.size()));
            got.write(some.array());
        }
        ByteBuffer direct = ByteBuffer.allocateDirect(100_000);
        while (got.size() < 4 << 20) {
            direct.clear().limit(Math.min(100_000, (4 << 20) - got.size()));
            int count = Await.value(socket.read(direct));
            byte[] bytes = new byte[count];
            direct.flip().get(bytes);
            got.write(bytes);
        }
        got.write(Await.value(socket.readAll(1 << 20)).array());
        Await.value(sent);
        assertArrayEquals(content, got.toByteArray());
    }
}
