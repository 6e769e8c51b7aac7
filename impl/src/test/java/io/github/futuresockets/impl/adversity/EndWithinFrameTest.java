package io.github.futuresockets.impl.adversity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.CloseReason;
import io.github.futuresockets.IncompleteReadException;
import io.github.futuresockets.impl.stress.ConnectionPair;
import io.github.futuresockets.impl.support.Await;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests an end of stream and a reset after each possible number of bytes of a frame. */
class EndWithinFrameTest extends AdversityBase {

    @ParameterizedTest
    @EnumSource(Frame.class)
    void read_endOfStreamWithinFrame_givesExactlyReceivedBytes(Frame frame) {
        for (int count = 0; count <= frame.bytes.length; count++) {
            String when = frame + ", end after " + count + " of " + frame.bytes.length;
            try (ConnectionPair link = link()) {
                CompletableFuture<String> read = frame.read(link.near());
                link.far().send(frame.first(count)).end();
                Object due = frame.atEndAfter(count);
                if (due != Frame.INCOMPLETE) {
                    assertEquals(due, Await.value(read), when);
                    assertEquals(0, Await.value(link.near().readAll(100)).remaining(), when);
                } else {
                    IncompleteReadException failure = Await.failure(IncompleteReadException.class, read);
                    assertEquals(ByteBuffer.wrap(frame.first(count)), failure.partial(), when);
                    assertEquals(frame.expected, failure.expected(), when);
                    assertTrue(failure.partial().isReadOnly(), when);
                    ByteBuffer rest = Await.value(link.near().readAll(100));
                    assertArrayEquals(frame.first(count), rest.array(), when + ": what came stays readable");
                }
                assertTrue(link.near().isOpen(), when + ": the write side is open");
                Await.value(link.near().writeLine("bye"));
                assertEquals("bye\n", link.far().text(4), when);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Frame.class)
    void read_resetWithinFrame_failsAndKeepsReceivedBytes(Frame frame) {
        for (int count = 0; count < frame.bytes.length; count++) {
            String when = frame + ", reset after " + count + " of " + frame.bytes.length;
            try (ConnectionPair link = link()) {
                CompletableFuture<String> read = frame.read(link.near());
                link.far().send(frame.first(count));
                awaitBuffered(link.near(), count);
                link.far().reset();
                assertIsReset(Await.failure(read), when);
                if (count > 0) {
                    assertTrue(Await.value(link.near().readable()), when);
                    assertArrayEquals(
                            frame.first(count),
                            Await.value(link.near().readExactly(count)).array(),
                            when);
                }
                assertIsReset(Await.failure(link.near().readSome(1)), when);
                assertFalse(Await.value(link.near().readable()), when);
                assertFalse(link.near().isOpen(), when);
                link.near().close();
                CloseReason reason = Await.value(link.near().closed());
                assertEquals(CloseReason.Kind.RESET, reason.kind(), when);
                assertNotNull(reason.cause(), when);
            }
        }
    }

    /** Because no read was pending before the reset, the kernel may still hold the bytes of the frame. */
    @ParameterizedTest
    @EnumSource(Frame.class)
    void read_resetAfterFrame_returnsFrameFirst(Frame frame) {
        try (ConnectionPair link = link()) {
            link.far().send(frame.bytes).reset();
            assertEquals(frame.content(), Await.value(frame.read(link.near())));
            assertIsReset(Await.failure(frame.read(link.near())), frame + " behind it");
        }
    }

    private static void assertIsReset(Throwable failure, String when) {
        assertInstanceOf(IOException.class, failure, when);
        assertFalse(failure instanceof EOFException, when + ": a reset is no end of the stream: " + failure);
    }

    private static void awaitBuffered(AsyncSocket socket, int count) {
        Await.until(() -> count + " bytes in the buffer, not " + socket.buffered(), () -> socket.buffered() == count);
    }
}
