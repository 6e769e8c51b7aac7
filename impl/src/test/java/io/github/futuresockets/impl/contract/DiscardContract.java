package io.github.futuresockets.impl.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.IncompleteReadException;
import io.github.futuresockets.codec.Codecs;
import io.github.futuresockets.codec.FrameTooLongException;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Background;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadPendingException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** {@code discardUntil}. Bytes up to and including a delimiter are counted and dropped. */
abstract class DiscardContract extends ContractTest {
    private static final byte[] DASHES = {'-', '-'};
    private static final int CHUNK = 64 << 10;

    private CompletableFuture<Long> discard(String delimiter) {
        return socket.discardUntil(delimiter.getBytes(UTF_8));
    }

    @Test
    void discardUntil_dropsAndCountsDelimiter() {
        converse();
        peer.send("abc;--def--\ntail");
        assertEquals(4L, Await.value(discard(";")));
        assertEquals(2L, Await.value(discard("--")));
        assertEquals(6L, Await.value(discard("--\n")));
        assertEquals("tail", ReadMode.string(Await.value(socket.readExactly(4))));
        assertEquals(0, socket.buffered());
    }

    @Test
    void discardUntil_findsADelimiterCutAnywhere() {
        converse();
        for (String delimiter : new String[] {";", "--", "\r\n\r\n", "aab", "abab"}) {
            String content = "x\r\n-aabb\r\r-aababa".replace(delimiter, "") + delimiter;
            content = content.substring(0, content.indexOf(delimiter) + delimiter.length());
            byte[] bytes = content.getBytes(UTF_8);
            for (int cut = 1; cut < bytes.length; cut++) {
                CompletableFuture<Long> discard = discard(delimiter);
                peer.send(Arrays.copyOf(bytes, cut));
                awaitBuffered(begun(content.substring(0, cut), delimiter));
                assertFalse(discard.isDone());
                peer.send(Arrays.copyOfRange(bytes, cut, bytes.length));
                assertEquals(bytes.length, Await.value(discard), content + " cut at " + cut);
            }
        }
    }

    /** Returns the number of characters at the end of {@code content} that may begin {@code delimiter}. */
    private static int begun(String content, String delimiter) {
        int length = delimiter.length() - 1;
        while (!content.endsWith(delimiter.substring(0, length))) {
            length--;
        }
        return length;
    }

    @Test
    void discardUntil_findsADelimiterOutOfSingleBytes() {
        converse();
        CompletableFuture<Long> discard = discard("--\n");
        String content = "a-b--c---\n";
        for (int i = 0; i < content.length(); i++) {
            awaitBuffered(begun(content.substring(0, i), "--\n"));
            assertFalse(discard.isDone());
            peer.send((byte) content.charAt(i));
        }
        assertEquals(content.length(), Await.value(discard));
    }

    @Test
    void clause04_theWayOnBehindAMessageThatIsTooLong() {
        converse();
        peer.send("x".repeat(200) + "\nnext\n" + "y".repeat(300) + "\nlast\n");
        Await.failure(FrameTooLongException.class, socket.readUntil(new byte[] {'\n'}, 100));
        assertEquals(201L, Await.value(discard("\n")));
        assertEquals("next", Await.value(socket.readMessage(Codecs.lines(UTF_8, 100))));
        Await.failure(FrameTooLongException.class, socket.readMessage(Codecs.lines(UTF_8, 100)));
        assertEquals(301L, Await.value(discard("\n")));
        assertEquals("last", Await.value(socket.readMessage(Codecs.lines(UTF_8, 100))));
    }

    @Test
    void discardUntil_manyBytes_buffersAtMostOneChunk() {
        converse();
        byte[] content = megabytes(16);
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) Math.max(content[i], 0);
        }
        CompletableFuture<Long> discard = socket.discardUntil(new byte[] {-1, -2});
        CompletableFuture<Void> sent = Background.run(
                () -> peer.send(content).send((byte) -1, (byte) -2).send("tail"));
        while (!discard.isDone()) {
            int buffered = socket.buffered();
            assertTrue(buffered <= CHUNK, "buffered " + buffered);
        }
        assertEquals(content.length + 2, Await.value(discard));
        Await.value(sent);
        assertEquals("tail", ReadMode.string(Await.value(socket.readExactly(4))));
    }

    @Test
    void clause03_ofAStreamThatEndsBeforeNothingIsLeft() {
        for (String content : new String[] {"", "-", "abc", "abc-"}) {
            converse();
            peer.send(content).end();
            IncompleteReadException failure = Await.failure(IncompleteReadException.class, discard("--"));
            assertEquals(0, failure.partial().remaining());
            assertEquals(-1, failure.expected());
            String message = String.valueOf(failure.getMessage());
            assertTrue(message.contains("discardUntil") && message.contains(" " + content.length() + " "), message);
            assertEquals(0, socket.buffered());
            assertNull(Await.value(socket.readSome(10)));
            assertTrue(socket.isOpen());
        }
    }

    @Test
    void clause03_theEndThatComesLater() {
        converse();
        CompletableFuture<Long> discard = discard("--");
        peer.send("abc-");
        awaitBuffered(1);
        socket.shutdownInput();
        Await.failure(IncompleteReadException.class, discard);
        assertNull(Await.value(socket.readSome(10)));
    }

    @Test
    void discardUntil_reset_fails() {
        onlyOverTcp();
        converse();
        CompletableFuture<Long> discard = discard("--");
        peer.send("abc-");
        awaitBuffered(1);
        peer.reset();
        Throwable failure = Await.failure(IOException.class, discard);
        assertFalse(failure instanceof IncompleteReadException, failure.toString());
        assertEquals(0, socket.buffered());
        Await.failure(IOException.class, socket.readSome(10));
    }

    @Test
    void clause05_discardUntilCancelled_keepsPartialDelimiter() {
        converse();
        CompletableFuture<Long> first = discard("--");
        peer.send("abc-");
        awaitBuffered(1);
        assertTrue(first.cancel(false));
        Await.failure(CancellationException.class, first);
        assertEquals(1, socket.buffered());
        CompletableFuture<Long> second = discard("--");
        peer.send("-tail");
        assertEquals(2L, Await.value(second));
        assertEquals("tail", ReadMode.string(Await.value(socket.readExactly(4))));
    }

    @Test
    void clause05_discardUntil_derivedFutureCancelled_isWithdrawn() {
        converse();
        CompletableFuture<String> derived = discard("--").thenApply(count -> "dropped " + count);
        peer.send("abc-");
        awaitBuffered(1);
        assertTrue(derived.cancel(false));
        peer.send("!\n");
        assertEquals("-!", Await.value(socket.readLine()));
    }

    @Test
    void discardUntil_isUnderTheReadTimeout() {
        converse();
        socket.readTimeout(Duration.ofMillis(50));
        CompletableFuture<Long> discard = discard("--");
        peer.send("abc-");
        Await.failure(SocketTimeoutException.class, discard);
        socket.readTimeout(Duration.ZERO);
        peer.send("-tail");
        assertEquals(2L, Await.value(discard("--")));
        assertEquals("tail", ReadMode.string(Await.value(socket.readExactly(4))));
    }

    @Test
    void clause08_isARead() {
        converse();
        CompletableFuture<Long> discard = discard("--");
        Throwable failure = Await.failure(ReadPendingException.class, socket.readLine());
        assertTrue(String.valueOf(failure.getMessage()).contains("discardUntil"), failure.toString());
        Await.failure(ReadPendingException.class, discard("--"));
        peer.send("--");
        assertEquals(2L, Await.value(discard));
        CompletableFuture<String> line = socket.readLine();
        peer.send("abc");
        awaitBuffered(3);
        Await.failure(ReadPendingException.class, discard("b"));
        peer.send("\n");
        assertEquals("abc", Await.value(line));
    }

    @Test
    void clause14_closedMeanwhileAndBefore() {
        converse();
        CompletableFuture<Long> discard = discard("--");
        socket.close();
        Await.failure(AsynchronousCloseException.class, discard);
        Await.failure(ClosedChannelException.class, discard("--"));
    }

    @Test
    void clause01_illegalArguments() {
        converse();
        assertThrows(IllegalArgumentException.class, () -> socket.discardUntil(new byte[0]));
        assertThrows(NullPointerException.class, () -> socket.discardUntil(null));
        byte[] delimiter = DASHES.clone();
        CompletableFuture<Long> discard = socket.discardUntil(delimiter);
        delimiter[0] = 'b';
        peer.send("ab--");
        assertEquals(4L, Await.value(discard), "the delimiter is copied");
    }
}
