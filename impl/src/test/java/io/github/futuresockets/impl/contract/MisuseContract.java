package io.github.futuresockets.impl.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncFlow;
import io.github.futuresockets.AsyncLoop;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.CloseReason;
import io.github.futuresockets.MessageSocket;
import io.github.futuresockets.codec.Decoder;
import io.github.futuresockets.codec.Encoder;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Background;
import io.github.futuresockets.impl.support.Peer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Lent buffers changed too early, and decoders without progress. Each misuse ends at most its own connection. */
abstract class MisuseContract extends ContractTest {
    private static final Encoder<String> ENCODER = message -> ByteBuffer.wrap(message.getBytes());
    private static final int HANDLED = 1_000;

    /** A decoder without progress. If 4 bytes are present, the decoder returns a message and takes no byte. */
    private static final Decoder<String> TAKES_NOTHING =
            (in, seen) -> in.remaining() < 4 ? null : "message " + in.get(in.position());

    private AsyncSocket bystander;
    private Peer bystanderPeer;

    /** Connects the bystander and {@link #socket} on a single I/O thread. A blocked I/O thread stops the bystander. */
    private void converseBesideAnother() {
        open(builder -> builder.threads(1).option(StandardSocketOptions.SO_SNDBUF, 16_384));
        connect(16_384);
        bystander = socket;
        bystanderPeer = peer;
        connect(16_384);
    }

    private void assertBystanderIsServed() {
        CompletableFuture<String> line = bystander.readLine();
        bystanderPeer.send("alive\n");
        assertEquals("alive", Await.value(line));
        Await.value(bystander.writeLine("yes"));
        assertEquals("yes\n", bystanderPeer.text(4));
    }

    private void assertNamed(Throwable failure, String... parts) {
        String message = failure.getMessage();
        assertTrue(message.contains(nameOf(socket.remoteAddress())), message);
        for (String each : parts) {
            assertTrue(message.contains(each), message);
        }
    }

    /** Reads all bytes at the peer, on a background thread, until the connection is over. */
    private void drain() {
        Peer mine = peer;
        Background.run(mine::awaitOver);
    }

    private void assertConversationFailed(CompletableFuture<Void> write) {
        IOException failure = Await.failure(IOException.class, write);
        assertNamed(failure, "write to", "the buffer was changed", "bytes");
        CloseReason why = Await.value(socket.closed());
        assertEquals(CloseReason.Kind.FAILED, why.kind());
        assertTrue(why.cause().getMessage().contains("the buffer was changed"), why.toString());
        Await.failure(ClosedChannelException.class, socket.readLine());
        assertBystanderIsServed();
    }

    @Test
    void write_ofOneBufferTwiceFailsTheSecond() {
        converseBesideAnother();
        ByteBuffer buffer = ByteBuffer.wrap(megabytes(2));
        CompletableFuture<Void> first = socket.write(buffer);
        CompletableFuture<Void> second = socket.write(buffer);
        assertArrayEquals(buffer.array(), peer.receive(2 << 20));
        Await.value(first);
        drain();
        assertConversationFailed(second);
    }

    @Test
    void write_ofABufferThatIsClearedTooEarlyFails() {
        converseBesideAnother();
        ByteBuffer buffer = ByteBuffer.wrap(megabytes(2));
        CompletableFuture<Void> write = socket.write(buffer);
        buffer.clear().limit(10);
        drain();
        assertConversationFailed(write);
    }

    @Test
    void write_ofADirectBufferThatIsClearedTooEarlyFails() {
        converseBesideAnother();
        ByteBuffer buffer = ByteBuffer.allocateDirect(2 << 20);
        CompletableFuture<Void> write = socket.write(buffer);
        buffer.position(buffer.limit());
        drain();
        assertConversationFailed(write);
    }

    @Test
    void write_ofABufferThatGrowsFails() {
        converseBesideAnother();
        ByteBuffer buffer = ByteBuffer.wrap(megabytes(2)).limit(1 << 20);
        CompletableFuture<Void> write = socket.write(buffer);
        buffer.limit(buffer.capacity());
        drain();
        assertConversationFailed(write);
    }

    @Test
    void write_gatheredSameBufferTwice_failsSecondWrite() {
        converseBesideAnother();
        ByteBuffer buffer = ByteBuffer.wrap(megabytes(1));
        ByteBuffer empty = ByteBuffer.allocate(0);
        Await.value(socket.write(empty, empty));
        CompletableFuture<Void> first = socket.write(empty, buffer, empty);
        CompletableFuture<Void> second = socket.write(ByteBuffer.wrap(megabytes(1)), buffer, empty);
        drain();
        Await.value(first);
        assertConversationFailed(second);
    }

    @Test
    void write_thatIsCancelledAndWasChangedEndsTheConversation() {
        converseBesideAnother();
        ByteBuffer buffer = ByteBuffer.wrap(megabytes(2));
        CompletableFuture<Void> write = socket.write(buffer);
        CompletableFuture<Void> behind = socket.write("behind");
        buffer.position(buffer.limit());
        assertTrue(write.cancel(false));
        Peer mine = peer;
        CompletableFuture<String> received = Background.call(() -> {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try {
                mine.input().transferTo(bytes);
            } catch (IOException cut) {
                bytes.write('!');
            }
            return bytes.toString(StandardCharsets.ISO_8859_1);
        });
        assertConversationFailed(behind);
        assertFalse(Await.value(received).contains("behind"), "bytes came behind a gap");
    }

    @Test
    void read_intoABufferThatHasNoRoomAnyMoreFails() {
        converseBesideAnother();
        ByteBuffer buffer = ByteBuffer.allocate(10);
        CompletableFuture<Integer> read = socket.read(buffer);
        buffer.position(10);
        peer.send("a line\n");
        IllegalStateException failure = Await.failure(IllegalStateException.class, read);
        assertNamed(failure, "read from", "the buffer was changed", "bytes");
        assertEquals("a line", Await.value(socket.readLine()));
        assertBystanderIsServed();
    }

    @Test
    void readFully_intoABufferWithOtherRoomFails() {
        converseBesideAnother();
        for (int position : new int[] {0, 2}) {
            ByteBuffer buffer = ByteBuffer.allocate(8).position(1);
            CompletableFuture<Void> read = socket.readFully(buffer);
            buffer.position(position);
            peer.send("1234567\n");
            IllegalStateException failure = Await.failure(IllegalStateException.class, read);
            assertNamed(failure, "readFully from", "the buffer was changed", "7 bytes");
            assertEquals("1234567", Await.value(socket.readLine()));
        }
        assertBystanderIsServed();
    }

    @Test
    void readAtLeast_intoABufferWithOtherRoomFails() {
        converseBesideAnother();
        for (int position : new int[] {0, 2, 8}) {
            ByteBuffer buffer = ByteBuffer.allocate(8).position(1);
            CompletableFuture<Integer> read = socket.readAtLeast(buffer, 7);
            buffer.position(position);
            peer.send("123456\n");
            IllegalStateException failure = Await.failure(IllegalStateException.class, read);
            assertNamed(failure, "readAtLeast from", "the buffer was changed", "7 bytes");
            assertEquals(position, buffer.position());
            assertEquals("123456", Await.value(socket.readLine()));
        }
        assertBystanderIsServed();
    }

    @Test
    void read_intoSeveralBuffersThatHaveNoRoomAnyMoreFails() {
        converseBesideAnother();
        ByteBuffer first = ByteBuffer.allocate(4);
        ByteBuffer second = ByteBuffer.allocate(4);
        CompletableFuture<Integer> read = socket.read(first, second);
        first.position(4);
        second.limit(0);
        peer.send("a line\n");
        assertNamed(Await.failure(IllegalStateException.class, read), "read from", "the buffer was changed", "7 bytes");
        assertEquals("a line", Await.value(socket.readLine()));
        assertBystanderIsServed();
    }

    private void assertTakesNothing(CompletableFuture<?> operation) {
        IllegalStateException failure = Await.failure(IllegalStateException.class, operation);
        assertNamed(failure, MisuseContract.class.getName(), "took none of the 4 bytes");
        assertBystanderIsServed();
        assertEquals("abcd", ReadMode.string(Await.value(socket.readExactly(4))));
    }

    @Test
    void messages_ofADecoderThatTakesNothingFailAtOnce() {
        converseBesideAnother();
        MessageSocket<String, String> messages = socket.messages(TAKES_NOTHING, ENCODER);
        AtomicInteger handled = new AtomicInteger();
        CompletableFuture<Void> each = messages.forEach(message -> {
            handled.incrementAndGet();
            return null;
        });
        peer.send("abcd");
        assertTakesNothing(each);
        CompletableFuture<Void> answers = messages.answer(
                message -> {
                    handled.incrementAndGet();
                    return CompletableFuture.completedFuture(message);
                },
                2);
        peer.send("abcd");
        assertTakesNothing(answers);
        CompletableFuture<String> one = messages.receive();
        peer.send("abcd");
        assertTakesNothing(one);
        assertEquals(0, handled.get());
    }

    @Test
    void requests_withADecoderThatTakesNothingFail() {
        converseBesideAnother();
        CompletableFuture<String> reply =
                socket.requests(ENCODER, TAKES_NOTHING, 2).request("?");
        assertEquals('?', peer.read());
        peer.send("abcd");
        assertTakesNothing(reply);
    }

    @Test
    void publisher_ofADecoderThatTakesNothingFails() {
        converseBesideAnother();
        CompletableFuture<Void> failed = new CompletableFuture<>();
        AsyncFlow.publisher(socket, TAKES_NOTHING).subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(String message) {
                failed.complete(null);
            }

            @Override
            public void onError(Throwable failure) {
                failed.completeExceptionally(failure);
            }

            @Override
            public void onComplete() {
                failed.complete(null);
            }
        });
        peer.send("abcd");
        assertTakesNothing(failed);
    }

    @Test
    void readMessage_ofADecoderThatTakesNothingEndsALoop() {
        converseBesideAnother();
        AtomicInteger handled = new AtomicInteger();
        CompletableFuture<Void> loop = AsyncLoop.forEach(() -> socket.readMessage(TAKES_NOTHING), message -> {
            handled.incrementAndGet();
            return null;
        });
        peer.send("abcd");
        assertTakesNothing(loop);
        assertTrue(handled.get() < HANDLED, "handled " + handled);
    }

    @Test
    void peek_inALoopThatTakesNothing_fails() {
        converseBesideAnother();
        AtomicInteger handled = new AtomicInteger();
        CompletableFuture<Void> loop = AsyncLoop.forEach(() -> socket.peek(2), bytes -> {
            handled.incrementAndGet();
            return null;
        });
        peer.send("abcd");
        IllegalStateException failure = Await.failure(IllegalStateException.class, loop);
        assertNamed(failure, "peek from", "took one of the");
        assertEquals(100, handled.get());
        assertBystanderIsServed();
        assertEquals("a", ReadMode.string(Await.value(socket.readExactly(1))));
        assertEquals("bcd", ReadMode.string(Await.value(socket.peek(3))));
    }

    @Test
    void readMessage_mayLookAheadOnceForEachMessage() {
        converseBesideAnother();
        byte[] bytes = new byte[HANDLED];
        Arrays.fill(bytes, (byte) 7);
        Peer mine = peer;
        Background.run(() -> mine.send(bytes));
        for (int i = 0; i < HANDLED; i++) {
            byte kind = Await.value(socket.readMessage((in, seen) -> in.get(in.position())));
            assertEquals(7, kind);
            assertEquals(7, Await.value(socket.readExactly(1)).get());
        }
        assertFalse(socket.closed().isDone());
    }
}
