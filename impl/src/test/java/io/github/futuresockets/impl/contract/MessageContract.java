package io.github.futuresockets.impl.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.IncompleteReadException;
import io.github.futuresockets.MessageSocket;
import io.github.futuresockets.codec.Decoder;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Background;
import io.github.futuresockets.impl.support.Heap;
import io.github.futuresockets.impl.support.Stalled;
import io.github.futuresockets.impl.support.TextLines;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** {@code send}, {@code receive} and {@code forEach} of {@code MessageSocket}, for a single message at a time. */
abstract class MessageContract extends ContractTest {
    private static final int MANY = 500_000;

    private MessageSocket<String, String> messages() {
        return socket.messages(TextLines.CODEC);
    }

    @Test
    void sendAndReceive_areMessagesInBothDirections() {
        converse();
        MessageSocket<String, Integer> messages =
                socket.messages(TextLines.CODEC, number -> ByteBuffer.wrap(new byte[] {number.byteValue()}));
        Await.value(messages.send(7));
        assertEquals(7, peer.read());
        peer.send("one\ntwo\n").end();
        assertEquals("one", Await.value(messages.receive()));
        assertEquals("two", Await.value(messages.receive()));
        assertNull(Await.value(messages.receive()));
        assertSame(socket, messages.socket());
        messages.close();
        assertFalse(socket.isOpen());
    }

    @Test
    void messages_mixWithTheReadsOfTheSocket() {
        converse();
        peer.send("one\ntwo\nthree\nfo").end();
        assertEquals("one", Await.value(messages().receive()));
        assertEquals("two", Await.value(socket.readLine()));
        assertEquals("three", Await.value(messages().receive()));
        Await.failure(IncompleteReadException.class, messages().receive());
        assertEquals("fo", Await.value(socket.readLine()));
    }

    @Test
    void messages_refusesALimitThatLetsNothingThrough() {
        converse();
        Decoder<String> nothing = new Decoder<>() {
            @Override
            public String decode(ByteBuffer in, int seen) {
                return null;
            }

            @Override
            public int limit() {
                return 0;
            }
        };
        assertThrows(IllegalArgumentException.class, () -> socket.messages(nothing, TextLines.CODEC));
        assertThrows(IllegalArgumentException.class, () -> socket.requests(TextLines.CODEC, nothing, 1));
    }

    @Test
    void forEach_endsAtTheCleanEndAndLeavesTheSocketOpen() {
        onlyWhereOneEndMayGoOn();
        converse();
        List<String> seen = new ArrayList<>();
        CompletableFuture<Void> each = messages().forEach(message -> {
            seen.add(message);
            return message.equals("b") ? null : socket.write("!");
        });
        peer.send("a\nb\nc\n").end();
        Await.value(each);
        assertEquals(List.of("a", "b", "c"), seen);
        assertEquals("!!", peer.text(2));
        assertTrue(socket.isOpen());
    }

    @Test
    void forEach_failsBareWithTheHandlerAndTheNextMessageStays() {
        converse();
        IOException cause = new IOException("on purpose");
        CompletableFuture<Void> each = messages().forEach(message -> CompletableFuture.failedFuture(cause));
        peer.send("a\nb\n");
        assertSame(cause, Await.failure(each));
        assertEquals("b", Await.value(messages().receive()));
    }

    @Test
    void forEach_aCancelWithdrawsThePendingReceive() {
        converse();
        CompletableFuture<Void> each = messages().forEach(message -> null);
        assertTrue(each.cancel(false));
        peer.send("mine\n");
        assertEquals("mine", Await.value(messages().receive()));
    }

    @Test
    void forEach_aSlowHandlerHoldsThePeerUp() {
        converse();
        int total = 64 << 20;
        String kib = "x".repeat(1_023) + "\n";
        AtomicLong sent = new AtomicLong();
        AtomicLong handled = new AtomicLong();
        CompletableFuture<Void> slow = new CompletableFuture<>();
        CompletableFuture<Void> each = messages().forEach(message -> {
            handled.addAndGet(message.length() + 1);
            return slow;
        });
        CompletableFuture<Void> sender = Background.run(() -> {
            while (sent.get() < total) {
                peer.send(kib);
                sent.addAndGet(kib.length());
            }
            peer.end();
        });
        long stalled = Stalled.at(sent::get);
        System.out.println("slow handler: the peer is held up after " + (stalled >> 10) + " KiB, of which "
                + (socket.buffered() >> 10) + " KiB are read ahead");
        assertFalse(sender.isDone());
        assertTrue(stalled <= 32 << 20, stalled + " bytes were taken from the peer");
        assertTrue(socket.buffered() <= TextLines.CODEC.limit(), socket.buffered() + " bytes read ahead");
        assertEquals(kib.length(), handled.get());
        slow.complete(null);
        Await.value(each);
        assertEquals(total, handled.get());
    }

    @Test
    void forEach_hundredsOfThousandsOfMessagesTakeNoStackAndNoMemory() {
        converse();
        AtomicInteger count = new AtomicInteger();
        AtomicInteger deepest = new AtomicInteger();
        AtomicLong most = new AtomicLong();
        CompletableFuture<Void> sent = Background.run(() -> {
            String thousand = "message\n".repeat(1_000);
            for (int i = 0; i < MANY / 1_000; i++) {
                peer.send(thousand);
            }
            peer.end();
        });
        long before = Heap.used();
        Await.value(messages().forEach(message -> {
            if (count.incrementAndGet() % 100_000 == 0) {
                deepest.accumulateAndGet(Heap.depth(), Math::max);
                most.accumulateAndGet(Heap.used(), Math::max);
            }
            return CompletableFuture.completedFuture(null);
        }));
        Await.value(sent);
        assertEquals(MANY, count.get());
        assertTrue(deepest.get() <= 100, deepest + " frames");
        assertTrue(most.get() - before < 8 << 20, "kept " + (most.get() - before));
    }
}
