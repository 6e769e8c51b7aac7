package io.github.futuresockets.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.InterruptedByTimeoutException;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What our channels do beyond NIO.2. */
class LoopChannelTest extends ProviderFixture {
    @Override
    AsynchronousChannelProvider provider() {
        return new LoopChannelProvider();
    }

    @Test
    void aReadCanFollowOneThatTimedOut() throws Exception {
        AsynchronousSocketChannel channel = connect();
        Outcome<Integer> late = new Outcome<>();
        channel.read(ByteBuffer.allocate(8), 20, TimeUnit.MILLISECONDS, null, late);
        assertInstanceOf(InterruptedByTimeoutException.class, late.failure());
        peer.write(ByteBuffer.wrap(new byte[] {5}));
        ByteBuffer next = ByteBuffer.allocate(8);
        assertEquals(1, channel.read(next).get(PATIENCE, TimeUnit.SECONDS));
        assertEquals(5, next.get(0));
    }

    @Test
    void aCancelledReadTakesNothingAndTheNextOneTakesAll() throws Exception {
        AsynchronousSocketChannel channel = connect();
        ByteBuffer abandoned = ByteBuffer.allocate(8);
        Future<Integer> cancelled = channel.read(abandoned);
        assertEquals(true, cancelled.cancel(false));
        peer.write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        ByteBuffer next = ByteBuffer.allocate(8);
        assertEquals(3, channel.read(next).get(PATIENCE, TimeUnit.SECONDS));
        assertEquals(0, abandoned.position());
    }

    @Test
    void aLingerTimeOfZeroMakesCloseAReset() throws Exception {
        AsynchronousSocketChannel channel = connect();
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        channel.close();
        IOException reset = assertThrows(IOException.class, () -> peer.read(ByteBuffer.allocate(1)));
        assertEquals(false, reset instanceof InterruptedIOException);
    }

    @Test
    void aListenerCanBeOpenedAgainAtOnceAfterItsClose() throws Exception {
        for (int i = 0; i < 200; i++) {
            var address = listener.getLocalAddress();
            listener.close();
            listener = provider.openAsynchronousServerSocketChannel(group).bind(address);
        }
    }

    @Test
    void aConnectToNobodyClosesTheChannel() throws Exception {
        var address = listener.getLocalAddress();
        listener.close();
        AsynchronousSocketChannel channel = provider.openAsynchronousSocketChannel(group);
        assertThrows(ExecutionException.class, () -> channel.connect(address).get(PATIENCE, TimeUnit.SECONDS));
        assertEquals(false, channel.isOpen());
    }

    @Test
    void unixDomainSocketsConnect() throws Exception {
        EventLoop loop = ((LoopChannelGroup) group).loops().get(0);
        var path = java.nio.file.Files.createTempDirectory("loop").resolve("socket");
        var address = java.net.UnixDomainSocketAddress.of(path);
        try (var server = loop.openServerSocketChannel(StandardProtocolFamily.UNIX)
                        .bind(address);
                var client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            var accept = server.accept();
            client.connect(address);
            try (var accepted = accept.get(PATIENCE, TimeUnit.SECONDS)) {
                assertEquals(1, accepted.write(ByteBuffer.wrap(new byte[1])).get(PATIENCE, TimeUnit.SECONDS));
                assertEquals(1, client.read(ByteBuffer.allocate(4)));
            }
        } finally {
            java.nio.file.Files.deleteIfExists(path);
        }
    }
}
