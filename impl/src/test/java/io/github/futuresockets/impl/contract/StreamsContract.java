package io.github.futuresockets.impl.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.support.Background;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** {@code inputStream} and {@code outputStream} of a socket. */
abstract class StreamsContract extends ContractTest {

    /** Interrupts a new thread blocked in {@code step}. Returns its failure and sets its interrupt {@code status}. */
    private static Throwable interrupted(ThrowingStep step, AtomicReference<Boolean> status) throws Exception {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread thread = new Thread(() -> {
            try {
                step.run();
            } catch (Throwable e) {
                failure.set(e);
            }
            status.set(Thread.currentThread().isInterrupted());
        });
        thread.start();
        Await.until(
                () -> "blocked, not " + thread.getState() + " " + failure.get(),
                () -> thread.getState() == Thread.State.WAITING);
        thread.interrupt();
        thread.join(Await.LIMIT.toMillis());
        return failure.get();
    }

    @Test
    void inputStream_readsBytesArraysAndTheEnd() throws Exception {
        converse();
        InputStream in = socket.inputStream();
        peer.send("abcdefgh\u00ff".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        assertEquals('a', in.read());
        awaitBuffered(in.available());
        byte[] dst = "........".getBytes(UTF_8);
        assertEquals(0, in.read(dst, 3, 0));
        assertEquals(3, in.readNBytes(dst, 2, 3));
        assertEquals("..bcd...", new String(dst, UTF_8));
        assertEquals(2, in.skip(2));
        assertEquals("gh", new String(in.readNBytes(2), UTF_8));
        assertEquals(0xFF, in.read());
        peer.end();
        assertEquals(-1, in.read());
        assertEquals(-1, in.read(dst));
        assertEquals(0, in.read(dst, 0, 0));
        assertEquals(0, in.available());
        assertThrows(IndexOutOfBoundsException.class, () -> in.read(dst, 6, 3));
    }

    @Test
    void inputStream_mixedWithSocketReads_readsBufferedBytes() throws Exception {
        converse();
        peer.send("one\ntwo");
        assertEquals("one", Await.value(socket.readLine()));
        assertEquals(3, socket.buffered());
        assertEquals(3, socket.inputStream().available());
        assertEquals(3, socket.inputStream().read(new byte[100]));
        peer.send("three\n").end();
        assertEquals("three", new BufferedReader(new InputStreamReader(socket.inputStream())).readLine());
    }

    @Test
    void streams_wrappedByJdkStreams_work() throws Exception {
        converse();
        try (DataOutputStream out = new DataOutputStream(socket.outputStream())) {
            out.writeInt(42);
            out.writeUTF("h\u00e9");
            DataInputStream theirs = new DataInputStream(peer.input());
            assertEquals(42, theirs.readInt());
            assertEquals("h\u00e9", theirs.readUTF());
            peer.send(new byte[] {0, 0, 0, 7});
            assertEquals(7, new DataInputStream(socket.inputStream()).readInt());
        }
        assertFalse(socket.isOpen(), "closed with its stream");
    }

    @Test
    void outputStream_returnsWhenTheKernelHasEveryByte() throws Exception {
        converseNarrowly();
        byte[] bytes = megabytes(2);
        CompletableFuture<byte[]> received = Background.call(() -> peer.receive(bytes.length));
        OutputStream out = socket.outputStream();
        out.write(bytes, 0, 1_000_000);
        out.write(bytes, 1_000_000, bytes.length - 1_000_000);
        out.flush();
        assertArrayEquals(bytes, Await.value(received));
        assertThrows(IndexOutOfBoundsException.class, () -> out.write(bytes, -1, 1));
    }

    @Test
    void inputStream_aTimeOutIsThatOfTheSocketAndLosesNothing() throws Exception {
        converse();
        socket.readTimeout(Duration.ofMillis(10));
        InputStream in = socket.inputStream();
        assertThrows(SocketTimeoutException.class, in::read);
        peer.send("x");
        socket.readTimeout(Duration.ZERO);
        assertEquals('x', in.read());
    }

    @Test
    void inputStream_anInterruptWithdrawsTheReadAndIsKept() throws Exception {
        converse();
        AtomicReference<Boolean> status = new AtomicReference<>();
        Throwable failure = interrupted(() -> socket.inputStream().read(), status);
        assertInstanceOf(InterruptedIOException.class, failure);
        assertEquals(true, status.get());
        peer.send("x");
        assertEquals('x', socket.inputStream().read());
    }

    @Test
    void outputStream_anInterruptTearsNoWrite() throws Exception {
        converseNarrowly();
        byte[] bytes = megabytes(2);
        byte[] lent = bytes.clone();
        AtomicReference<Boolean> status = new AtomicReference<>();
        Throwable failure = interrupted(() -> socket.outputStream().write(lent), status);
        assertInstanceOf(InterruptedIOException.class, failure);
        assertEquals(true, status.get());
        java.util.Arrays.fill(lent, (byte) 0xEE);
        assertArrayEquals(bytes, peer.receive(bytes.length), "it had begun");
    }

    @Test
    void close_ofEitherStream_closesSocket() throws Exception {
        open(builder -> builder);
        connect(0);
        socket.inputStream().close();
        assertFalse(socket.isOpen());
        assertThrows(ClosedChannelException.class, () -> socket.inputStream().read());
        assertThrows(ClosedChannelException.class, () -> socket.outputStream().write(1));
        connect(0);
        CountDownLatch reading = new CountDownLatch(1);
        CompletableFuture<Integer> read = Background.call(() -> {
            reading.countDown();
            return socket.inputStream().read();
        });
        reading.await();
        // The read may begin before or after the close, so the failure is either class for a closed socket.
        socket.outputStream().close();
        assertInstanceOf(ClosedChannelException.class, Await.failure(read));
    }

    @Test
    void streams_refuseToBlockAnIoThread() throws Exception {
        converse();
        onIoThread(() -> {
            assertThrows(IllegalStateException.class, () -> socket.inputStream().read());
            socket.outputStream().write('!');
        });
        assertEquals('!', peer.read());
        peer.send("x");
        assertEquals('x', socket.inputStream().read(), "no read is left behind");
    }
}
