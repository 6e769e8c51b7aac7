package io.github.futuresockets.impl.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.IncompleteReadException;
import io.github.futuresockets.codec.Decoder;
import io.github.futuresockets.codec.FrameTooLongException;
import io.github.futuresockets.impl.support.Await;
import java.io.IOException;
import java.nio.BufferOverflowException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** {@code readMessage}, and the rules for decoders. */
abstract class DecoderContract extends ContractTest {

    /** Decodes a length byte and a text of the announced length. An incomplete message moves the position, too. */
    private static final Decoder<String> PREFIXED = (in, seen) -> {
        byte[] text = new byte[in.get()];
        if (in.remaining() < text.length) {
            in.position(in.limit());
            return null;
        }
        in.get(text);
        return new String(text, UTF_8);
    };

    private static Decoder<String> limited(int limit) {
        return Decoder.limited(limit, PREFIXED);
    }

    @Test
    void readMessage_partialConsumptionIsPutBack() {
        converse();
        byte[] message = "\5hello".getBytes(UTF_8);
        CompletableFuture<String> read = socket.readMessage(PREFIXED);
        for (int i = 0; i < message.length; i++) {
            awaitBuffered(i);
            peer.send(message[i]);
        }
        assertEquals("hello", Await.value(read));
    }

    @Test
    void readMessage_positionStandsBehindTheMessage() {
        converse();
        peer.send("\2ab\0\3cde\1");
        assertEquals("ab", Await.value(socket.readMessage(PREFIXED)));
        assertEquals("", Await.value(socket.readMessage(PREFIXED)));
        assertEquals("cde", Await.value(socket.readMessage(PREFIXED)));
        peer.end();
        IncompleteReadException failure = Await.failure(IncompleteReadException.class, socket.readMessage(PREFIXED));
        assertEquals("\1", ReadMode.string(failure.partial()));
        assertEquals("\1", ReadMode.string(Await.value(socket.readSome(5))));
        assertNull(Await.value(socket.readMessage(PREFIXED)));
    }

    @Test
    void readMessage_partialMessage_passesSeenCount() {
        converse();
        List<String> calls = Collections.synchronizedList(new ArrayList<>());
        Decoder<String> noting = (in, seen) -> {
            calls.add(seen + "/" + in.remaining());
            assertEquals(ByteOrder.BIG_ENDIAN, in.order());
            if (in.remaining() < 4) {
                throw new BufferUnderflowException();
            }
            in.position(in.position() + 3);
            return "three";
        };
        CompletableFuture<String> read = socket.readMessage(noting);
        peer.send("ab");
        awaitBuffered(2);
        peer.send("c");
        awaitBuffered(3);
        peer.send("d");
        assertEquals("three", Await.value(read));
        assertEquals(List.of("0/2", "2/3", "3/4"), calls);
        peer.send("efg");
        assertEquals("three", Await.value(socket.readMessage(noting)));
        assertTrue(calls.get(3).startsWith("0/"), "the next message starts anew: " + calls);
    }

    @Test
    void readMessage_decoderThatOnlyLooksAndTakesNothing() {
        converse();
        peer.send("peek");
        Decoder<Byte> first = (in, seen) -> in.get(in.position());
        assertEquals((byte) 'p', Await.value(socket.readMessage(first)));
        assertEquals((byte) 'p', Await.value(socket.readMessage(first)));
        assertEquals("peek", ReadMode.string(Await.value(socket.readExactly(4))));
    }

    @Test
    void readMessage_otherExceptionsFailTheReadAndTheBytesStay() {
        converse();
        peer.send("bad!");
        for (Exception thrown : new Exception[] {
            new IOException("not a message"), new IllegalStateException("bug"), new BufferOverflowException()
        }) {
            Decoder<String> failing = (in, seen) -> {
                in.get();
                if (thrown instanceof IOException) {
                    throw (IOException) thrown;
                }
                throw (RuntimeException) thrown;
            };
            assertSame(thrown, Await.failure(socket.readMessage(failing)));
        }
        Error error = new AssertionError("an error");
        assertSame(error, Await.failure(socket.readMessage((in, seen) -> {
            throw error;
        })));
        assertTrue(socket.isOpen());
        assertEquals("bad!", ReadMode.string(Await.value(socket.readExactly(4))));
    }

    @Test
    void readMessage_exceptionForBytesThatComeLater() {
        converse();
        IOException thrown = new IOException("not a message");
        CompletableFuture<String> read = socket.readMessage((in, seen) -> {
            throw thrown;
        });
        peer.send("bad!");
        assertSame(thrown, Await.failure(read));
        assertEquals("bad!", ReadMode.string(Await.value(socket.readExactly(4))));
    }

    @Test
    void clause04_messageOfExactlyTheLimitAndOneBeyond() {
        converse();
        peer.send("\4abcd\5abcdetail");
        assertEquals("abcd", Await.value(socket.readMessage(limited(5))));
        FrameTooLongException failure = Await.failure(FrameTooLongException.class, socket.readMessage(limited(5)));
        assertEquals(5, failure.limit());
        assertTrue(failure.seen() >= 5);
        assertTrue(socket.isOpen());
        assertEquals("abcde", Await.value(socket.readMessage(limited(6))));
        assertEquals("tail", ReadMode.string(Await.value(socket.readExactly(4))));
    }

    @Test
    void decode_limited_neverSeesMoreThanLimit() {
        converse();
        peer.send("x".repeat(100));
        Decoder<Integer> all = Decoder.limited(7, (in, seen) -> {
            int count = in.remaining();
            in.position(in.limit());
            return count;
        });
        int total = 0;
        while (total < 100) {
            int count = Await.value(socket.readMessage(all));
            assertTrue(count >= 1 && count <= 7, "shown " + count);
            total += count;
        }
    }

    @Test
    void end_makesALastMessageOfTheRest() {
        converse();
        AtomicReference<String> rest = new AtomicReference<>();
        Decoder<String> lastCounts = new Decoder<>() {
            @Override
            public String decode(ByteBuffer in, int seen) throws IOException {
                return PREFIXED.decode(in, seen);
            }

            @Override
            public String end(ByteBuffer bytes) throws IOException {
                rest.set(ReadMode.string(bytes));
                bytes.position(bytes.limit());
                return "the end";
            }
        };
        peer.send("\1a\5bcd").end();
        assertEquals("a", Await.value(socket.readMessage(lastCounts)));
        assertEquals("the end", Await.value(socket.readMessage(lastCounts)));
        assertEquals("\5bcd", rest.get());
        assertNull(Await.value(socket.readMessage(lastCounts)), "null before the first byte of a message");
    }

    @Test
    void end_thatThrowsFailsTheReadAndTheBytesStay() {
        converse();
        IOException thrown = new IOException("cut off");
        Decoder<String> strict = new Decoder<>() {
            @Override
            public String decode(ByteBuffer in, int seen) {
                return null;
            }

            @Override
            public String end(ByteBuffer bytes) throws IOException {
                throw thrown;
            }
        };
        peer.send("abc").end();
        assertSame(thrown, Await.failure(socket.readMessage(strict)));
        assertEquals("abc", ReadMode.string(Await.value(socket.readAll(3))));
    }

    @Test
    void clause05_cancel_whileDecoderRuns_dropsDecodedMessage() {
        converse();
        AtomicReference<CompletableFuture<String>> running = new AtomicReference<>();
        CompletableFuture<Boolean> cancelled = new CompletableFuture<>();
        running.set(socket.readMessage((in, seen) -> {
            String whole = PREFIXED.decode(in, seen);
            if (whole != null) {
                cancelled.complete(running.get().cancel(false));
            }
            return whole;
        }));
        peer.send("\2ok");
        assertEquals(true, Await.value(cancelled), "cancel wins while the decoder runs");
        Await.failure(CancellationException.class, running.get());
        assertEquals("ok", Await.value(socket.readMessage(PREFIXED)));
    }

    @Test
    void readMessage_bytesBuffered_decoderRunsOnCaller() {
        converse();
        peer.send("\1a\1b\1c");
        AtomicReference<Thread> where = new AtomicReference<>();
        Decoder<String> noting = (in, seen) -> {
            where.set(Thread.currentThread());
            return PREFIXED.decode(in, seen);
        };
        assertEquals("a", Await.value(socket.readMessage(PREFIXED)));
        Await.value(socket.readMessage(noting));
        assertSame(Thread.currentThread(), where.get());
        Await.value(socket.readMessage(noting));
        CompletableFuture<String> later = socket.readMessage(noting);
        peer.send("\1d");
        Await.value(later);
        assertTrue(isIoThread(where.get()), "on an I/O thread");
    }
}
