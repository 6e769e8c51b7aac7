package io.github.futuresockets.impl.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.impl.common.Supplies;
import io.github.futuresockets.impl.memory.MemoryFabric;
import io.github.futuresockets.impl.memory.MemoryLoop;
import io.github.futuresockets.impl.memory.MemoryPorts;
import io.github.futuresockets.impl.memory.VirtualClock;
import io.github.futuresockets.impl.transport.BufferPool;
import io.github.futuresockets.impl.transport.ConnectSettings;
import io.github.futuresockets.impl.transport.ListenSettings;
import io.github.futuresockets.impl.transport.Network;
import io.github.futuresockets.impl.transport.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests the transport by readiness, over a connection in memory. */
class ReadinessTransportTest {
    private final MemoryLoop loop = new MemoryLoop(Supplies.Memory.JVM);

    private Transport transport;
    private Transport peer;
    private int readable;
    private int writable;
    private boolean closed;
    private int late;

    @BeforeEach
    void connect() throws IOException {
        Network network = new MemoryFabric(new MemoryPorts(), loop, new VirtualClock(), Map.of());
        Network.Listener listener = network.listen(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new ListenSettings(),
                (accepted, failure) -> peer = accepted);
        listener.want();
        network.connect(
                listener.localAddress(),
                new ConnectSettings(Duration.ZERO),
                (connected, failure) -> transport = connected);
        transport.listen(new Transport.Listener() {
            @Override
            public void readable() {
                readable++;
                late += closed ? 1 : 0;
            }

            @Override
            public void writable() {
                writable++;
                late += closed ? 1 : 0;
            }

            @Override
            public void received() {}

            @Override
            public void sent() {}
        });
    }

    private void close(boolean reset) {
        transport.close(reset, () -> {});
        closed = true;
    }

    private void fill() throws IOException {
        ByteBuffer bytes = ByteBuffer.allocateDirect(BufferPool.LARGE);
        while (transport.write(bytes.clear()) > 0) {
            continue;
        }
    }

    @Test
    void await_thenEvent_sendsASignal() throws IOException {
        transport.awaitReadable();
        peer.write(ByteBuffer.allocate(1));
        transport.awaitWritable();
        assertEquals(1, readable);
        assertEquals(1, writable);
    }

    @Test
    void awaitWritable_largerBufferOfThePeer_sendsASignal() throws IOException {
        fill();
        transport.awaitWritable();
        peer.setOption(StandardSocketOptions.SO_RCVBUF, 100 << 10);
        assertEquals(0, writable, "no room");
        peer.setOption(StandardSocketOptions.SO_RCVBUF, 1 << 20);
        assertEquals(1, writable);
        assertTrue(transport.write(ByteBuffer.allocate(1)) > 0);
    }

    @Test
    void close_signalsRequested_sendsNone() throws IOException {
        fill();
        transport.awaitReadable();
        transport.awaitWritable();
        loop.execute(() -> close(true));
        assertEquals(0, late);
    }

    @Test
    void close_signalOnItsWay_sendsNone() {
        loop.execute(() -> {
            transport.awaitWritable();
            close(false);
        });
        assertEquals(0, late);
    }
}
