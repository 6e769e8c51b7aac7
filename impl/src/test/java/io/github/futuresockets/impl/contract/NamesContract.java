package io.github.futuresockets.impl.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncLoop;
import io.github.futuresockets.AsyncScope;
import io.github.futuresockets.Deadline;
import io.github.futuresockets.codec.Codec;
import io.github.futuresockets.codec.Codecs;
import io.github.futuresockets.codec.Decoder;
import io.github.futuresockets.codec.Encoder;
import io.github.futuresockets.codec.FrameTooLongException;
import io.github.futuresockets.impl.support.Await;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** Clause 15: failure messages name the operation, the peer and the bytes. */
abstract class NamesContract extends ContractTest {

    private void assertNames(String message, String... parts) {
        assertTrue(message.contains(nameOf(peer.address())), message);
        for (String part : parts) {
            assertTrue(message.contains(part), message);
        }
        assertFalse(message.contains("[pending]") || message.contains("cancelled"), message);
    }

    private String late(CompletableFuture<?> future) {
        return Await.failure(TimeoutException.class, future.orTimeout(20, TimeUnit.MILLISECONDS))
                .getMessage();
    }

    @Test
    void codec_thatRefusesAMessage_namesThePeer() {
        converse();
        peer.send("\177\177\177\177abcd");
        awaitRead(8);
        for (Codec<?> codec : List.of(Codecs.lengthPrefixed(4, ByteOrder.BIG_ENDIAN, 100), Codecs.varintPrefixed(10))) {
            FrameTooLongException failure = Await.failure(FrameTooLongException.class, socket.readMessage(codec));
            assertNames(failure.getMessage(), "readMessage from", "is announced", "8 bytes unread");
            assertInstanceOf(FrameTooLongException.class, failure.getCause());
            assertEquals(((FrameTooLongException) failure.getCause()).limit(), failure.limit());
            assertEquals(((FrameTooLongException) failure.getCause()).seen(), failure.seen());
        }
        Codec<Integer> tooShort = Codecs.fixedLength(1).map(bytes -> bytes.getInt(), number -> ByteBuffer.allocate(1));
        assertNames(
                Await.failure(ProtocolException.class, socket.readMessage(tooShort))
                        .getMessage(),
                "readMessage from",
                "shorter",
                "8 bytes unread");
    }

    private void awaitRead(int bytes) {
        Await.value(socket.readable());
        CompletableFuture<String> ahead = socket.readMessage((in, seen) -> in.remaining() < bytes ? null : "");
        Await.value(ahead);
    }

    @Test
    void write_connectionFails_isNamedOnce() {
        converseNarrowly(builder -> builder.writeTimeout(Duration.ofMillis(20)));
        CompletableFuture<Void> begun = socket.write(new byte[4 << 20]);
        CompletableFuture<Void> waiting = socket.write("waiting");
        for (CompletableFuture<Void> write : List.of(begun, waiting)) {
            String message = Await.failure(SocketTimeoutException.class, write).getMessage();
            assertNames(message, "write to", "bytes left");
            assertEquals(message.indexOf("write to"), message.lastIndexOf("write to"), message);
        }
    }

    @Test
    void decoder_throwsOtherException_namesReadAsSuppressed() {
        converse();
        peer.send("bad!");
        awaitRead(4);
        for (Exception thrown : new Exception[] {new IOException("bad magic"), new IllegalStateException("a bug")}) {
            Decoder<String> failing = (in, seen) -> {
                if (thrown instanceof IOException) {
                    throw (IOException) thrown;
                }
                throw (RuntimeException) thrown;
            };
            for (int i = 0; i < 2; i++) {
                assertSame(thrown, Await.failure(socket.readMessage(failing)));
                assertEquals(1, thrown.getSuppressed().length);
                assertNames(thrown.getSuppressed()[0].toString(), "readMessage from", "4 bytes unread", "limit 65536");
            }
        }
    }

    /** An exception of a user's own type. */
    private static final class OwnException extends ProtocolException {
        private static final long serialVersionUID = 1L;
    }

    @Test
    void decoder_throwsOwnType_staysTheSameObjectWithOneNote() {
        converse();
        peer.send("bad!");
        awaitRead(4);
        OwnException thrown = new OwnException();
        Throwable first = new Throwable("an attempt");
        thrown.addSuppressed(first);
        Decoder<String> failing = Decoder.limited(17, (in, seen) -> {
            throw thrown;
        });
        for (int i = 0; i < 100; i++) {
            assertSame(thrown, Await.failure(socket.expectMessage(failing)));
            assertEquals(2, thrown.getSuppressed().length);
        }
        assertSame(first, thrown.getSuppressed()[0]);
        assertNames(thrown.getSuppressed()[1].toString(), "expectMessage from", "4 bytes unread", "limit 17");
    }

    @Test
    void decoder_throwsError_staysUnchanged() {
        converse();
        peer.send("bad!");
        AssertionError thrown = new AssertionError("a bug");
        assertSame(thrown, Await.failure(socket.readMessage((in, seen) -> {
            throw thrown;
        })));
        assertEquals(0, thrown.getSuppressed().length);
    }

    @Test
    void decoder_throwsInEndOrLimit_namesTheRead() {
        converse();
        IOException atEnd = new IOException("cut off");
        IllegalStateException noLimit = new IllegalStateException("no limit");
        Decoder<String> failing = new Decoder<>() {
            @Override
            public String decode(ByteBuffer in, int seen) {
                return null;
            }

            @Override
            public String end(ByteBuffer rest) throws IOException {
                throw atEnd;
            }
        };
        Decoder<String> unlimited = new Decoder<>() {
            @Override
            public String decode(ByteBuffer in, int seen) {
                return null;
            }

            @Override
            public int limit() {
                throw noLimit;
            }
        };
        peer.send("bad!").end();
        assertSame(atEnd, Await.failure(socket.readMessage(failing)));
        assertNames(atEnd.getSuppressed()[0].toString(), "readMessage from", "4 bytes unread", "limit 65536");
        assertSame(noLimit, Await.failure(socket.expectMessage(unlimited)));
        assertNames(noLimit.getSuppressed()[0].toString(), "expectMessage from");
    }

    @Test
    void encoder_throwsOtherException_namesTheOperationAsSuppressed() {
        converse();
        IOException thrown = new IOException("too hot");
        Encoder<String> failing = message -> {
            throw thrown;
        };
        assertSame(
                thrown,
                Await.failure(socket.requests(failing, (in, seen) -> null, 1).request("tea")));
        assertNames(thrown.getSuppressed()[0].toString(), "request to");
        IllegalArgumentException refused = new IllegalArgumentException("too cold");
        assertSame(refused, Await.failure(socket.writeMessage("tea", message -> {
            throw refused;
        })));
        assertEquals(1, refused.getSuppressed().length);
        assertNames(refused.getSuppressed()[0].toString(), "writeMessage to");
        assertNames(Await.value(socket.closed()).cause().getMessage(), "writeMessage to", "too cold");
    }

    @Test
    void encoder_thatRefusesAMessage_namesThePeer() {
        converse();
        FrameTooLongException failure = Await.failure(
                FrameTooLongException.class,
                socket.writeMessage(ByteBuffer.allocate(10), Codecs.lengthPrefixed(4, ByteOrder.BIG_ENDIAN, 3)));
        assertNames(failure.getMessage(), "writeMessage to", "10 bytes");
    }

    @Test
    void compositions_timedOut_namePendingOperation() {
        converse();
        assertNames(
                late(AsyncScope.using(CompletableFuture.completedFuture(() -> {}), any -> socket.readLine())),
                "using: readLine from");
        assertNames(late(AsyncLoop.forEach(socket::readLine, line -> null)), "forEach: readLine from");
        assertNames(late(AsyncLoop.whileTrue(() -> socket.readable())), "whileTrue: readable of");
        assertNames(late(AsyncScope.all(socket.readLine(), new CompletableFuture<>())), "all: ", "1 more");
        assertNames(late(AsyncScope.race(socket.readLine(), new CompletableFuture<>())), "race: readLine", "1 more");
        CompletableFuture<?> chain =
                Deadline.after(Duration.ofMillis(20)).limit(socket.readLine().thenApply(x -> x));
        assertNames(Await.failure(TimeoutException.class, chain).getMessage(), "readLine from");
    }

    @Test
    void stage_ofOtherClass_isNamedByItsToString() {
        converse();
        CompletableFuture<String> foreign = new CompletableFuture<>();
        CompletableFuture<String> chain = socket.write("x").thenCompose(none -> foreign);
        Await.until("the write", () -> foreign.getNumberOfDependents() == 1);
        String message = late(chain);
        assertTrue(message.contains("stage of java.util.concurrent.CompletableFuture"), message);
    }

    @Test
    void await_thatIsLate_namesTheOperation() {
        converse();
        CompletableFuture<String> line = socket.readLine();
        assertNames(
                assertThrows(SocketTimeoutException.class, () -> AsyncScope.await(line, Duration.ofMillis(20)))
                        .getMessage(),
                "readLine from",
                "not done after PT0.02S");
    }
}
