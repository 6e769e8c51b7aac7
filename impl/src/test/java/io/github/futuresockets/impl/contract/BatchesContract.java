package io.github.futuresockets.impl.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncLoop;
import io.github.futuresockets.IncompleteReadException;
import io.github.futuresockets.MessageSocket;
import io.github.futuresockets.codec.Codec;
import io.github.futuresockets.codec.Codecs;
import io.github.futuresockets.codec.Decoder;
import io.github.futuresockets.codec.Encoder;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Background;
import io.github.futuresockets.impl.support.TextLines;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** {@code MessageSocket.receiveMany} and {@code sendAll}: many messages in a single read and a single write. */
abstract class BatchesContract extends ContractTest {
    /** Asserts that the connection has ended without a byte, by a reset or otherwise. */
    private void assertNothingSent() {
        peer.awaitOver();
        assertEquals(0, socket.stats().bytesOut());
    }

    private MessageSocket<String, String> lines() {
        return socket.messages(TextLines.CODEC);
    }

    private void arrive(String text) {
        peer.send(text);
        Await.value(socket.readable());
        Await.until("all of it", () -> socket.stats().bytesIn() >= text.length() || socket.buffered() > 0);
    }

    @Test
    void receiveMany_severalMessages_comeTogether() {
        converse();
        List<String> all = new ArrayList<>();
        peer.send("a\nb\nc\npart");
        while (all.size() < 3) {
            List<String> batch = Await.value(lines().receiveMany(10));
            assertFalse(batch.isEmpty());
            all.addAll(batch);
        }
        assertEquals(List.of("a", "b", "c"), all);
        CompletableFuture<List<String>> next = lines().receiveMany(10);
        peer.send("ial\n");
        assertEquals(List.of("partial"), Await.value(next));
    }

    @Test
    void receiveMany_moreThanMax_leavesTheRest() {
        converse();
        arrive("a\nb\nc\n");
        assertEquals(List.of("a"), Await.value(lines().receiveMany(1)));
        assertEquals("b", Await.value(socket.readLine()));
        assertEquals("c", Await.value(socket.readLine()));
    }

    @Test
    void receiveMany_messageIsIncomplete_waitsForOne() {
        converse();
        CompletableFuture<List<String>> batch = lines().receiveMany(5);
        peer.send("a");
        Await.until("a part", () -> socket.buffered() == 1);
        assertFalse(batch.isDone());
        peer.send("b\n");
        assertEquals(List.of("ab"), Await.value(batch));
    }

    @Test
    void receiveMany_end_isNull() {
        onlyWhereOneEndMayGoOn();
        converse();
        peer.send("a\n").end();
        assertEquals(List.of("a"), Await.value(lines().receiveMany(5)));
        assertNull(Await.value(lines().receiveMany(5)));
        assertNull(Await.value(lines().receiveMany(5)));
    }

    @Test
    void receiveMany_endWithinMessage_fails() {
        onlyWhereOneEndMayGoOn();
        converse();
        peer.send("a\npart").end();
        assertEquals(List.of("a"), Await.value(lines().receiveMany(5)));
        IncompleteReadException failure = Await.failure(IncompleteReadException.class, lines().receiveMany(5));
        assertEquals(4, failure.partial().remaining());
        assertTrue(failure.getMessage().contains("receiveMany"), failure.getMessage());
    }

    @Test
    void receiveMany_secondMessageIsBroken_givesTheFirst() {
        converse();
        Decoder<String> picky = new Decoder<>() {
            @Override
            public String decode(ByteBuffer in, int seen) throws IOException {
                String line = TextLines.CODEC.decode(in, seen);
                if ("bad".equals(line)) {
                    throw new ProtocolException("a bad line");
                }
                return line;
            }
        };
        arrive("good\nbad\ngood\n");
        MessageSocket<String, String> messages = socket.messages(picky, TextLines.CODEC);
        assertEquals(List.of("good"), Await.value(messages.receiveMany(5)));
        for (int i = 0; i < 2; i++) {
            ProtocolException failure = Await.failure(ProtocolException.class, messages.receiveMany(5));
            assertTrue(failure.getMessage().contains("a bad line"), failure.getMessage());
        }
        assertEquals("bad", Await.value(socket.readLine()));
    }

    @Test
    void receiveMany_secondMessageThrowsAnError_givesTheFirst() {
        converse();
        AssertionError thrown = new AssertionError("a bad line");
        arrive("good\nbad\n");
        MessageSocket<String, String> messages = socket.messages(
                (in, seen) -> {
                    String line = TextLines.CODEC.decode(in, seen);
                    if ("bad".equals(line)) {
                        throw thrown;
                    }
                    return line;
                },
                TextLines.CODEC);
        assertEquals(List.of("good"), Await.value(messages.receiveMany(5)));
        assertSame(thrown, Await.failure(messages.receiveMany(5)));
        assertEquals("bad", Await.value(socket.readLine()));
    }

    @Test
    void receiveMany_cancelledWhilePending_takesNothing() {
        converse();
        CompletableFuture<List<String>> batch = lines().receiveMany(5);
        peer.send("a");
        Await.until("a part", () -> socket.buffered() == 1);
        assertTrue(batch.cancel(false));
        CompletableFuture<String> line = socket.readLine();
        peer.send("\n");
        assertEquals("a", Await.value(line));
    }

    @Test
    void receiveMany_messagesOfFixedLength_fillTheBatch() {
        converse();
        peer.send("abcdefghij".repeat(400));
        Await.value(socket.readable());
        MessageSocket<ByteBuffer, ByteBuffer> tens = socket.messages(Codecs.fixedLength(10));
        int most = 0;
        for (int count = 0; count < 400; ) {
            List<ByteBuffer> batch = Await.value(tens.receiveMany(100));
            count += batch.size();
            most = Math.max(most, batch.size());
        }
        assertTrue(most > 1, "no batch has more than a message");
    }

    @Test
    void receiveMany_lessThanOne_isIllegal() {
        converse();
        assertThrows(IllegalArgumentException.class, () -> lines().receiveMany(0));
    }

    @Test
    void receiveMany_sendAll_echoEverything() {
        onlyWhereOneEndMayGoOn();
        converse();
        int count = 20_000;
        CompletableFuture<Void> echo = AsyncLoop.forEach(() -> lines().receiveMany(64), lines()::sendAll);
        String all = IntStream.range(0, count).mapToObj(i -> i + "\n").collect(Collectors.joining());
        CompletableFuture<Void> sent = Background.run(() -> peer.send(all).end());
        assertEquals(all, peer.text(all.length()));
        Await.value(echo);
        Await.value(sent);
    }

    @Test
    void sendAll_messages_areSentInOrder() {
        converse();
        Await.value(lines().sendAll(List.of("a", "b", "c")));
        assertEquals("a\nb\nc\n", peer.text(6));
    }

    @Test
    void sendAll_nothing_isDone() {
        converse();
        Await.value(lines().sendAll(List.of()));
        assertTrue(socket.isOpen());
    }

    @Test
    void sendAll_longMessages_arriveWhole() {
        converse();
        List<String> messages = IntStream.of(1, 65_536, 3, 200_000, 70_000)
                .mapToObj("m"::repeat)
                .collect(Collectors.toList());
        CompletableFuture<Void> sent = lines().sendAll(messages);
        for (String message : messages) {
            assertEquals(message + "\n", peer.text(message.length() + 1));
        }
        Await.value(sent);
    }

    @Test
    void sendAll_encoderThrows_sendsNothing() {
        converse();
        IllegalStateException broken = new IllegalStateException("broken");
        Encoder<String> encoder = message -> {
            if (message.equals("c")) {
                throw broken;
            }
            return TextLines.CODEC.encode(message);
        };
        CompletableFuture<Void> sent =
                socket.messages(Codec.of(TextLines.CODEC, encoder)).sendAll(List.of("a", "b", "c"));
        assertSame(broken, Await.failure(sent));
        assertTrue(List.of(broken.getSuppressed()).toString().contains("sendAll"), "no note of the operation");
        assertNothingSent();
        Await.value(socket.closed());
    }

    @Test
    void sendAll_iterationThrows_sendsNothing() {
        converse();
        IllegalStateException broken = new IllegalStateException("broken");
        Iterator<String> some = List.of("a").iterator();
        Iterable<String> messages = () -> new Iterator<>() {
            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public String next() {
                if (!some.hasNext()) {
                    throw broken;
                }
                return some.next();
            }
        };
        assertSame(broken, Await.failure(lines().sendAll(messages)));
        assertNothingSent();
    }

    @Test
    void sendAll_nullMessage_sendsNothing() {
        converse();
        assertTrue(Await.failure(lines().sendAll(Collections.singletonList(null))) instanceof NullPointerException);
        assertNothingSent();
    }

    @Test
    void sendAll_closed_fails() {
        converse();
        socket.close();
        assertTrue(Await.failure(lines().sendAll(List.of("a"))) instanceof ClosedChannelException);
        assertTrue(Await.failure(lines().sendAll(List.of())) instanceof ClosedChannelException);
    }
}
