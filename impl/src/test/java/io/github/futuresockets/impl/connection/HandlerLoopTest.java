package io.github.futuresockets.impl.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.MessageHandler;
import io.github.futuresockets.Replies;
import io.github.futuresockets.codec.Decoder;
import io.github.futuresockets.codec.Encoder;
import io.github.futuresockets.impl.operation.MessageChannel;
import io.github.futuresockets.impl.view.Messages;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** Tests {@code handle} over a transport and a loop that the test drives. A message is a digit, and a reply is a text. */
class HandlerLoopTest {
    private static final Decoder<String> DIGITS = (in, seen) -> String.valueOf((char) in.get());

    private static final Encoder<String> TEXT = new Encoder<>() {
        @Override
        public ByteBuffer encode(String message) {
            return bytes(message);
        }

        @Override
        public ByteBuffer encode(String message, ByteBuffer out) {
            if (out.remaining() < message.length()) {
                return bytes(message);
            }
            out.put(bytes(message));
            return null;
        }
    };

    private ScriptedHost host = ScriptedHost.make();
    private final List<String> handled = new ArrayList<>();

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private Write write(String text) {
        return host.writes().start(new Write(host.writes(), bytes(text)));
    }

    private CompletableFuture<Void> handle(Encoder<String> encoder, MessageHandler<String, String> handler) {
        Messages<String, String> messages =
                new Messages<>(host.socket, new MessageChannel(host.connection), DIGITS, encoder);
        List<CompletableFuture<Void>> begun = new ArrayList<>();
        host.loop.onLoop(() -> begun.add(messages.handle((message, replies) -> {
            handled.add(message);
            return handler.message(message, replies);
        })));
        return begun.get(0);
    }

    private CompletableFuture<Void> handle(MessageHandler<String, String> handler) {
        return handle(TEXT, handler);
    }

    private void arrive(String bytes) {
        host.transport.arrive(bytes).readable();
    }

    private void roomFor(int bytes) {
        host.transport.room = bytes;
        host.transport.writable();
    }

    private static Throwable failure(CompletableFuture<?> future) {
        assertTrue(future.isCompletedExceptionally(), future::toString);
        try {
            future.join();
            throw new AssertionError("no failure");
        } catch (CompletionException e) {
            return e.getCause();
        }
    }

    @Test
    void replies_ofEachTurn_shareAWrite() {
        handle((message, replies) -> {
            replies.send(message);
            return null;
        });
        for (int turn = 1; turn <= 3; turn++) {
            arrive("1234");
            assertEquals(turn, host.transport.writes);
        }
        assertEquals("1234".repeat(3), host.transport.written());
    }

    @Test
    void reply_waitsAtTheEnd_isAwaited() {
        host.transport.room = 0;
        CompletableFuture<Void> done = handle((message, replies) -> {
            replies.send("reply");
            return null;
        });
        arrive("1");
        host.transport.end().readable();
        assertFalse(done.isDone());
        roomFor(100);
        assertNull(done.join());
        assertEquals("reply", host.transport.written());
    }

    @Test
    void reply_failsAfterTheEnd_failsTheConversation() {
        host.transport.room = 0;
        CompletableFuture<Void> done = handle((message, replies) -> {
            replies.send("reply");
            return null;
        });
        arrive("1");
        host.transport.end().readable();
        assertFalse(done.isDone());
        host.transport.broken = new IOException("reset");
        roomFor(100);
        assertTrue(failure(done).getMessage().contains("reset"), failure(done).toString());
    }

    @Test
    void output_isShutWhileTheLoopWaitsForRoom_goesOn() {
        host.transport.room = 0;
        CompletableFuture<Void> done = handle((message, replies) -> {
            if (message.equals("1")) {
                replies.send("r".repeat(100_000));
            }
            return null;
        });
        arrive("12");
        assertEquals(List.of("1"), handled);
        host.loop.onLoop(() -> host.writes().shutdownOutput());
        host.loop.runAll();
        assertEquals(List.of("1", "2"), handled);
        assertFalse(done.isDone());
        roomFor(200_000);
        host.transport.end().readable();
        assertNull(done.join());
    }

    @Test
    void stage_failsAfterAWaitForRoom_failsTheConversation() {
        host.transport.room = 0;
        CompletableFuture<Void> stage = new CompletableFuture<>();
        CompletableFuture<Void> done = handle((message, replies) -> {
            if (message.equals("1")) {
                replies.send("r".repeat(100_000));
                return null;
            }
            return stage;
        });
        arrive("12");
        roomFor(200_000);
        host.loop.runAll();
        assertEquals(List.of("1", "2"), handled);
        IOException cause = new IOException("a stage");
        host.loop.onLoop(() -> stage.completeExceptionally(cause));
        assertSame(cause, failure(done));
    }

    @Test
    void write_afterATurnWithARest_isSentAtOnce() {
        handle((message, replies) -> new CompletableFuture<>());
        arrive("12");
        write("a");
        assertEquals("a", host.transport.written());
    }

    @Test
    void conversation_withinAHandlerWithReplies_keepsTheOrder() {
        host = ScriptedHost.make(Duration.ZERO, Duration.ZERO, Duration.ZERO, 1 << 20, Runnable::run);
        handle((message, replies) -> {
            replies.send("a");
            CompletableFuture<Void> inner = handle((next, more) -> {
                more.send("b");
                return null;
            });
            replies.send("c");
            inner.cancel(false);
            return null;
        });
        arrive("12");
        assertEquals(List.of("1", "2"), handled);
        assertEquals("abc", host.transport.written());
    }

    @Test
    void completion_ofAWriteWithinASend_mayReply() {
        String large = "r".repeat(62_000);
        String small = "s".repeat(4_000);
        CompletableFuture<Void> done = handle((message, replies) -> {
            if (message.equals("1")) {
                write("w").thenRun(() -> replies.send(small));
                replies.send("x".repeat(4_000));
                replies.send(large);
            }
            return null;
        });
        arrive("12");
        assertFalse(done.isDone(), done::toString);
        assertEquals(1 + 4_000 + 62_000 + 4_000, host.transport.written().length());
    }

    @Test
    void encoder_repliesAndWrites_leavesBothWhole() {
        List<Replies<String>> all = new ArrayList<>();
        Encoder<String> encoder = new Encoder<>() {
            @Override
            public ByteBuffer encode(String message) {
                return bytes(message);
            }

            @Override
            public ByteBuffer encode(String message, ByteBuffer out) {
                out.put(bytes(message.substring(0, 1)));
                if (message.equals("ab")) {
                    all.get(0).send("cd");
                    write("w");
                }
                out.put(bytes(message.substring(1)));
                return null;
            }
        };
        CompletableFuture<Void> done = handle(encoder, (message, replies) -> {
            all.add(replies);
            replies.send("ab");
            return null;
        });
        arrive("1");
        assertFalse(done.isDone(), done::toString);
        assertEquals("cdwab", host.transport.written());
    }

    @Test
    void encoder_changesTheOrder_poolStaysBigEndian() {
        Encoder<String> encoder = new Encoder<>() {
            @Override
            public ByteBuffer encode(String message) {
                return bytes(message);
            }

            @Override
            public ByteBuffer encode(String message, ByteBuffer out) {
                assertSame(java.nio.ByteOrder.BIG_ENDIAN, out.order());
                out.order(java.nio.ByteOrder.LITTLE_ENDIAN).put(bytes(message));
                return null;
            }
        };
        CompletableFuture<Void> done = handle(encoder, (message, replies) -> {
            replies.send("a");
            replies.send("b");
            return null;
        });
        arrive("1");
        arrive("2");
        assertFalse(done.isDone(), done::toString);
        assertEquals("abab", host.transport.written());
    }

    @Test
    void cancel_stageCompletesRegardless_passesNoFurtherMessage() {
        CompletableFuture<Void> stubborn = new CompletableFuture<>() {
            @Override
            public boolean cancel(boolean mayInterrupt) {
                return complete(null);
            }
        };
        CompletableFuture<Void> done = handle((message, replies) -> stubborn);
        arrive("12");
        host.loop.onLoop(() -> done.cancel(false));
        assertEquals(List.of("1"), handled);
        Read<String> read = host.reads().start(new TextRead(host.reads(), 1));
        assertEquals("2", read.join());
    }
}
