package io.github.futuresockets.impl.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.IncompleteReadException;
import io.github.futuresockets.codec.FrameTooLongException;
import io.github.futuresockets.impl.support.Await;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Clause 4: reads with a limit, for lines, delimiters and all bytes up to the end of the stream. */
abstract class LineContract extends ContractTest {
    private static final int LINE_LIMIT = 65_536;

    @Test
    void readLine_stripsLfAndCrLfAndNothingElse() {
        converse();
        peer.send("lf\ncrlf\r\n\n\r\na\rb\r\r\n \t \nlast\r").end();
        for (String line : new String[] {"lf", "crlf", "", "", "a\rb\r", " \t ", "last\r"}) {
            assertEquals(line, Await.value(socket.readLine()));
        }
        assertNull(Await.value(socket.readLine()));
    }

    @Test
    void readLine_decodesUtf8CutAnywhere() {
        converse();
        String text = "gr\u00fc\u00df Gott \u2014 \ud83d\ude00";
        byte[] bytes = (text + "\n").getBytes(UTF_8);
        for (int cut = 1; cut < bytes.length; cut++) {
            CompletableFuture<String> line = socket.readLine();
            peer.send(Arrays.copyOf(bytes, cut));
            awaitBuffered(cut);
            peer.send(Arrays.copyOfRange(bytes, cut, bytes.length));
            assertEquals(text, Await.value(line), "cut at " + cut);
        }
    }

    @Test
    void readLine_malformedInputIsReplaced() {
        converse();
        peer.send(new byte[] {'a', (byte) 0xff, 'b', (byte) 0xc3, '\n', (byte) 0xe2, (byte) 0x82});
        assertEquals("a\ufffdb\ufffd", Await.value(socket.readLine()));
        peer.end();
        assertEquals("\ufffd", Await.value(socket.readLine()));
    }

    @Test
    void expectLine_failsOnlyBeforeTheFirstByte() {
        converse();
        peer.send("one\ntwo").end();
        assertEquals("one", Await.value(socket.expectLine()));
        assertEquals("two", Await.value(socket.expectLine()));
        IncompleteReadException failure = Await.failure(IncompleteReadException.class, socket.expectLine());
        assertEquals(0, failure.partial().remaining());
    }

    @Test
    void clause04_lineOfExactlyTheLimit() {
        converse();
        String longest = "x".repeat(LINE_LIMIT - 1);
        peer.send(longest + "\n");
        assertEquals(longest, Await.value(socket.readLine()));
        String withCr = "y".repeat(LINE_LIMIT - 2);
        peer.send(withCr + "\r\n");
        assertEquals(withCr, Await.value(socket.readLine()));
    }

    @Test
    void clause04_lineOneByteTooLongStaysReadable() {
        converse();
        String tooLong = "x".repeat(LINE_LIMIT);
        peer.send(tooLong + "\nnext\n");
        for (boolean expect : new boolean[] {false, true}) {
            FrameTooLongException failure =
                    Await.failure(FrameTooLongException.class, expect ? socket.expectLine() : socket.readLine());
            assertEquals(LINE_LIMIT, failure.limit());
            assertTrue(failure.seen() >= LINE_LIMIT, "seen " + failure.seen());
            assertTrue(failure.getMessage().contains("Line"), failure.getMessage());
        }
        assertTrue(socket.isOpen());
        assertEquals(tooLong, ReadMode.string(Await.value(socket.readExactly(LINE_LIMIT))));
        assertEquals("", Await.value(socket.readLine()));
        assertEquals("next", Await.value(socket.readLine()));
    }

    @Test
    void clause04_untilAtTheLimitAndOneBeyond() {
        converse();
        byte[] delimiter = "--".getBytes(UTF_8);
        peer.send("12345678--");
        assertEquals("12345678--", ReadMode.string(Await.value(socket.readUntil(delimiter, 10))));
        peer.send("123456789--");
        FrameTooLongException failure = Await.failure(FrameTooLongException.class, socket.readUntil(delimiter, 10));
        assertEquals(10, failure.limit());
        assertEquals("123456789--", ReadMode.string(Await.value(socket.readUntil(delimiter, 11))));
    }

    @Test
    void readUntilOrNull_givesEachMessageAndThenNull() {
        converse();
        byte[] delimiter = "--".getBytes(UTF_8);
        peer.send("one--two--").end();
        assertEquals("one--", ReadMode.string(Await.value(socket.readUntilOrNull(delimiter, 5))));
        FrameTooLongException failure =
                Await.failure(FrameTooLongException.class, socket.readUntilOrNull(delimiter, 4));
        assertTrue(failure.getMessage().contains("readUntilOrNull from"), failure.getMessage());
        assertEquals("two--", ReadMode.string(Await.value(socket.readUntilOrNull(delimiter, 5))));
        for (int i = 0; i < 2; i++) {
            assertNull(Await.value(socket.readUntilOrNull(delimiter, 5)));
        }
        Await.failure(IncompleteReadException.class, socket.readUntil(delimiter, 5));
    }

    @Test
    void clause04_theLimitIsNoticedWithoutTheDelimiter() {
        converse();
        CompletableFuture<ByteBuffer> read = socket.readUntil(new byte[] {';'}, 4);
        peer.send("123");
        awaitBuffered(3);
        assertFalse(read.isDone());
        peer.send("4");
        Await.failure(FrameTooLongException.class, read);
        assertEquals("1234", ReadMode.string(Await.value(socket.readExactly(4))));
    }

    @Test
    void readUntil_selfOverlappingDelimiter_isFound() {
        converse();
        byte[] delimiter = "aab".getBytes(UTF_8);
        for (String message : new String[] {"aaab", "aaaaab", "abaab", "aab"}) {
            CompletableFuture<ByteBuffer> read = socket.readUntil(delimiter, 10);
            for (int i = 0; i < message.length(); i++) {
                awaitBuffered(i);
                peer.send((byte) message.charAt(i));
            }
            assertEquals(message, ReadMode.string(Await.value(read)));
        }
    }

    @Test
    void readAll_atTheLimitAndOneBeyond() {
        open(builder -> builder);
        connect(0);
        CompletableFuture<ByteBuffer> all = socket.readAll(5);
        peer.send("12345");
        awaitBuffered(5);
        assertFalse(all.isDone(), "done before the end of the stream");
        peer.end();
        assertEquals("12345", ReadMode.string(Await.value(all)));
        connect(0);
        peer.send("123456");
        FrameTooLongException failure = Await.failure(FrameTooLongException.class, socket.readAll(5));
        assertEquals(5, failure.limit());
        assertTrue(failure.seen() > 5, "seen " + failure.seen());
        peer.end();
        assertEquals("123456", ReadMode.string(Await.value(socket.readAll(6))));
    }
}
