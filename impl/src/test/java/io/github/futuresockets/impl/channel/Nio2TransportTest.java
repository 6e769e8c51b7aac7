package io.github.futuresockets.impl.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.github.futuresockets.impl.common.Supplies;
import io.github.futuresockets.impl.transport.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests the adapter from completions to readiness, over a channel that answers when the test says so. */
class Nio2TransportTest {
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final AsynchronousSocketChannel channel = mock(AsynchronousSocketChannel.class);
    private final Transport.Listener listener = mock(Transport.Listener.class);
    private boolean inLoop = true;
    private Transport transport;

    /** The operations of the channel that have not been answered. */
    private CompletionHandler<Integer, ?> reading;

    private ByteBuffer target;
    private CompletionHandler<Integer, ?> writing;
    private ByteBuffer source;

    /** Bytes that a read finds within its call, or null. */
    private String atOnce;

    /** A loop whose tasks run when the test says so. */
    private final class Loop extends ChannelLoop {
        Loop() {
            super(Supplies.Memory.JVM);
        }

        @Override
        AsynchronousSocketChannel openSocket(SocketAddress remote) {
            throw new UnsupportedOperationException();
        }

        @Override
        AsynchronousServerSocketChannel openListener(SocketAddress local) {
            throw new UnsupportedOperationException();
        }

        @Override
        void end() {}

        @Override
        void submit(Runnable task) {
            tasks.add(task);
        }

        @Override
        public boolean inLoop() {
            return inLoop;
        }

        @Override
        public void awaitTermination() {}
    }

    @BeforeEach
    void open() throws IOException {
        when(channel.getLocalAddress()).thenReturn(InetSocketAddress.createUnresolved("here", 1));
        when(channel.getRemoteAddress()).thenReturn(InetSocketAddress.createUnresolved("there", 2));
        doAnswer(call -> {
                    target = call.getArgument(0);
                    reading = call.getArgument(2);
                    if (atOnce != null) {
                        arrive(atOnce);
                    }
                    return null;
                })
                .when(channel)
                .read(any(ByteBuffer.class), any(), any());
        doAnswer(call -> {
                    source = call.getArgument(0);
                    writing = call.getArgument(2);
                    return null;
                })
                .when(channel)
                .write(any(ByteBuffer.class), any(), any());
        transport = new Nio2Transport(new Loop(), channel);
        transport.listen(listener);
    }

    private void arrive(String bytes) {
        CompletionHandler<Integer, ?> handler = reading;
        reading = null;
        for (char each : bytes.toCharArray()) {
            target.put((byte) each);
        }
        handler.completed(bytes.length(), null);
    }

    private void take(int bytes) {
        source.position(source.position() + bytes);
        writing.completed(bytes, null);
    }

    private void runTasks() {
        for (Runnable next = tasks.poll(); next != null; next = tasks.poll()) {
            next.run();
        }
    }

    private String read() throws IOException {
        ByteBuffer chunk = transport.read(100, false);
        if (chunk == null) {
            return null;
        }
        StringBuilder text = new StringBuilder();
        while (chunk.hasRemaining()) {
            text.append((char) chunk.get());
        }
        return text.toString();
    }

    @Test
    void read_bytesAreThere_returnsThemWithinCall() throws IOException {
        atOnce = "abc";
        assertEquals("abc", read());
        assertEquals("abc", read());
        verify(listener, never()).readable();
    }

    @Test
    void read_nothingThere_returnsNothingAndReadsOnce() throws IOException {
        assertSame(Transport.NOTHING, transport.read(100, false));
        assertSame(Transport.NOTHING, transport.read(100, false));
        verify(channel, times(1)).read(any(ByteBuffer.class), any(), any());
    }

    @Test
    void awaitReadable_bytesArriveLater_signalsOnce() throws IOException {
        read();
        transport.awaitReadable();
        verify(listener, never()).readable();
        arrive("ab");
        verify(listener).readable();
        assertEquals("ab", read());
        runTasks();
        verify(listener, times(1)).readable();
    }

    @Test
    void awaitReadable_bytesHaveArrivedBefore_signalsByTask() throws IOException {
        read();
        arrive("ab");
        verify(listener, never()).readable();
        transport.awaitReadable();
        verify(listener, never()).readable();
        runTasks();
        verify(listener).readable();
        assertEquals("ab", read());
    }

    @Test
    void read_withoutRequest_keepsTheBytesForTheNextRead() throws IOException {
        read();
        arrive("ab");
        assertEquals("ab", read());
        verify(listener, never()).readable();
    }

    @Test
    void handler_onOtherThread_signalsOnTheLoop() throws IOException {
        inLoop = false;
        read();
        transport.awaitReadable();
        arrive("ab");
        verify(listener, never()).readable();
        runTasks();
        verify(listener).readable();
    }

    @Test
    void read_endOfStream_returnsNull() throws IOException {
        read();
        reading.completed(-1, null);
        assertNull(read());
    }

    @Test
    void read_failure_isThrownOnce() throws IOException {
        read();
        reading.failed(new IOException("reset"), null);
        assertEquals("reset", assertThrows(IOException.class, this::read).getMessage());
    }

    @Test
    void read_startThrows_isTheOutcome() {
        doAnswer(call -> {
                    throw new OutOfMemoryError("none");
                })
                .when(channel)
                .read(any(ByteBuffer.class), any(), any());
        assertTrue(assertThrows(IOException.class, this::read).getMessage().contains("none"));
    }

    @Test
    void read_movesNoByte_fails() throws IOException {
        read();
        reading.completed(0, null);
        assertTrue(assertThrows(IOException.class, this::read).getMessage().contains("moved none"));
    }

    @Test
    void write_pending_returnsItsCountToTheNextCall() throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap("abcd".getBytes());
        assertEquals(0, transport.write(bytes));
        transport.awaitWritable();
        take(3);
        verify(listener).writable();
        assertEquals(3, transport.write(bytes));
        assertEquals(0, transport.write(bytes));
        verify(channel, times(2)).write(any(ByteBuffer.class), any(), any());
    }

    @Test
    void write_failure_isThrownByTheNextCall() throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap("abcd".getBytes());
        transport.write(bytes);
        transport.awaitWritable();
        writing.failed(new IOException("pipe"), null);
        verify(listener).writable();
        assertThrows(IOException.class, () -> transport.write(bytes));
    }

    @Test
    void close_withoutOperations_endsWithinCall() {
        Runnable closed = mock(Runnable.class);
        transport.close(false, closed);
        verify(closed).run();
    }

    @Test
    void close_withOperations_endsAfterTheirHandlers() throws IOException {
        read();
        transport.write(ByteBuffer.wrap("abcd".getBytes()));
        transport.awaitReadable();
        transport.awaitWritable();
        Runnable closed = mock(Runnable.class);
        transport.close(false, closed);
        inOrder(channel).verify(channel).close();
        reading.failed(new AsynchronousCloseException(), null);
        verify(closed, never()).run();
        writing.failed(new AsynchronousCloseException(), null);
        verify(closed).run();
        runTasks();
        verify(listener, never()).readable();
        verify(listener, never()).writable();
        transport.released();
    }

    @Test
    void close_afterRequest_noSignalComes() throws IOException {
        read();
        arrive("ab");
        transport.awaitReadable();
        transport.awaitWritable();
        transport.close(false, () -> {});
        runTasks();
        verify(listener, never()).readable();
        verify(listener, never()).writable();
        transport.released();
    }

    @Test
    void read_afterClose_failsAndStartsNothing() {
        Runnable closed = mock(Runnable.class);
        transport.close(false, closed);
        assertThrows(AsynchronousCloseException.class, this::read);
        verify(channel, never()).read(any(ByteBuffer.class), any(), any());
        verify(closed, times(1)).run();
    }

    @Test
    void settles_runsAfterTwoTasks() {
        Runnable then = mock(Runnable.class);
        assertFalse(transport.settles(then));
        tasks.remove().run();
        verify(then, never()).run();
        tasks.remove().run();
        verify(then).run();
    }
}
