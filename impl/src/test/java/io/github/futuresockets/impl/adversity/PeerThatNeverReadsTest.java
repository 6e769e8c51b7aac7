package io.github.futuresockets.impl.adversity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.CloseReason;
import io.github.futuresockets.impl.stress.ConnectionPair;
import io.github.futuresockets.impl.support.Await;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Tests peers with late reads or no reads. No byte is lost, no queue grows without limit, and each operation ends. */
class PeerThatNeverReadsTest extends AdversityBase {
    private static final byte[] MEGABYTES = new byte[8 << 20];

    @Test
    void abort_whileWritesWait_failsWrites() {
        try (ConnectionPair link = narrow(builder -> builder)) {
            CompletableFuture<Void> first = link.near().write(MEGABYTES);
            CompletableFuture<Void> second = link.near().writeLine("behind");
            CompletableFuture<Void> writable = link.near().writable();
            link.far().send("reading goes on\n");
            assertEquals("reading goes on", Await.value(link.near().readLine()));
            assertFalse(first.isDone() || second.isDone() || writable.isDone());
            link.near().abort();
            assertInstanceOf(AsynchronousCloseException.class, Await.failure(first));
            assertInstanceOf(AsynchronousCloseException.class, Await.failure(second));
            assertInstanceOf(ClosedChannelException.class, Await.failure(writable));
            assertEquals(
                    CloseReason.Kind.ABORTED, Await.value(link.near().closed()).kind());
        }
    }

    @Test
    void write_beyondQueueLimit_endsConnection() {
        try (ConnectionPair link = narrow(builder -> builder.writeQueueLimit(1 << 20))) {
            CompletableFuture<ByteBuffer> read = link.near().readExactly(10);
            link.far().send("four");
            Await.until("four bytes", () -> link.near().buffered() == 4);
            CompletableFuture<Void> first = link.near().write(MEGABYTES);
            assertFalse(first.isDone(), "an empty queue takes a write of any size");
            CompletableFuture<Void> second = link.near().write(new byte[1]);
            assertTrue(second.isDone(), "the limit is known at once");
            IOException refused = Await.failure(IOException.class, second);
            assertNotNull(Await.failure(first));
            Throwable unread = Await.failure(read);
            assertInstanceOf(ClosedChannelException.class, unread);
            assertNotNull(unread.getCause(), "a read says which write ended the conversation");
            assertEquals("four", Frame.text(Await.value(link.near().readSome(10))), "what has arrived comes first");
            assertInstanceOf(
                    ClosedChannelException.class, Await.failure(link.near().readSome(10)));
            CloseReason reason = Await.value(link.near().closed());
            assertEquals(CloseReason.Kind.FAILED, reason.kind(), "after " + refused);
        }
    }

    @Test
    void writeTimeout_peerNeverReads_failsAllPendingWrites() {
        try (ConnectionPair link = narrow(builder -> builder.writeTimeout(Duration.ofMillis(200)))) {
            CompletableFuture<Void> first = link.near().write(MEGABYTES);
            CompletableFuture<Void> second = link.near().write(MEGABYTES);
            Await.failure(SocketTimeoutException.class, first);
            Await.failure(SocketTimeoutException.class, second);
            assertEquals(
                    CloseReason.Kind.TIMED_OUT,
                    Await.value(link.near().closed()).kind());
            assertFalse(link.near().isOpen());
        }
    }

    @Test
    void close_beyondCloseTimeout_becomesAbort() {
        try (ConnectionPair link = narrow(builder -> builder.closeTimeout(Duration.ofMillis(200)))) {
            CompletableFuture<Void> write = link.near().write(MEGABYTES);
            link.near().close();
            assertNotNull(Await.failure(write));
            assertEquals(
                    CloseReason.Kind.TIMED_OUT,
                    Await.value(link.near().closed()).kind());
        }
    }

    @Test
    void closeSockets_peerNeverReads_endsEverythingAtOnce() {
        try (ConnectionPair link = narrow(builder -> builder.closeTimeout(Duration.ofHours(1)))) {
            CompletableFuture<Void> write = link.near().write(MEGABYTES);
            CompletableFuture<Integer> read = link.near().read(ByteBuffer.allocate(1));
            link.near().close();
            long start = System.nanoTime();
            sockets.close();
            assertTrue(System.nanoTime() - start < Await.LIMIT.toNanos(), "close() waits for a peer that never reads");
            assertTrue(write.isDone() && read.isDone(), "a future is pending after close(): " + write + ", " + read);
            assertTrue(link.near().closed().isDone());
        }
    }

    @Test
    void close_peerReadsLate_deliversEveryByteAndEnd() {
        try (ConnectionPair link = narrow(builder -> builder)) {
            byte[] sent = new byte[3 << 20];
            for (int i = 0; i < sent.length; i++) {
                sent[i] = (byte) (i * 31 >> 3);
            }
            CompletableFuture<Void> write = link.near().write(sent);
            link.near().close();
            assertEquals(ByteBuffer.wrap(sent), ByteBuffer.wrap(link.far().receiveAll()));
            Await.value(write);
            link.far().close();
            assertEquals(
                    CloseReason.Kind.CLOSED, Await.value(link.near().closed()).kind());
        }
    }
}
