package io.github.futuresockets.impl.adversity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.CloseReason;
import io.github.futuresockets.impl.stress.ConnectionPair;
import io.github.futuresockets.impl.support.Await;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests calls after a close or an abort. Calls that return a future fail in the future, and other calls do nothing. */
class AfterCloseTest extends AdversityBase {

    /** The state of the socket at the close. */
    enum Doing {
        NOTHING,
        READING,
        WATCHING,
        WRITING,
        CLOSING,
        HALF_CLOSED,
        WITHDRAWN
    }

    @ParameterizedTest
    @EnumSource(Doing.class)
    void everyCall_afterClose_isHarmless(Doing doing) throws IOException {
        ConnectionPair link = doing == Doing.WRITING ? narrow(builder -> builder) : link();
        AsyncServerSocket listener = sockets.listen("127.0.0.1", 0);
        begin(doing, link.near());
        sockets.close();
        use(link.near());
        Await.failure(ClosedChannelException.class, listener.accept());
        listener.close();
        Await.failure(ClosedChannelException.class, sockets.connect(listener.localAddress()));
        sockets.close();
        link.close();
    }

    @ParameterizedTest
    @EnumSource(Doing.class)
    void everyCall_afterAbort_isHarmless(Doing doing) {
        try (ConnectionPair link = doing == Doing.WRITING ? narrow(builder -> builder) : link()) {
            begin(doing, link.near());
            link.near().abort();
            use(link.near());
        }
    }

    private static void begin(Doing doing, AsyncSocket socket) {
        switch (doing) {
            case READING:
                socket.readLine();
                break;
            case WATCHING:
                socket.readable();
                break;
            case WRITING:
                socket.write(new byte[4 << 20]);
                break;
            case CLOSING:
                socket.close();
                break;
            case HALF_CLOSED:
                socket.shutdownInput();
                Await.value(socket.shutdownOutput());
                break;
            case WITHDRAWN:
                assertTrue(socket.readLine().cancel(false));
                break;
            default:
        }
    }

    private static void use(AsyncSocket socket) {
        socket.shutdownInput();
        socket.readTimeout(Duration.ofSeconds(1));
        socket.writeTimeout(Duration.ofSeconds(1));
        List<CompletableFuture<?>> refused = List.of(
                socket.read(ByteBuffer.allocate(1)),
                socket.readSome(1),
                socket.readFully(ByteBuffer.allocate(1)),
                socket.readExactly(1),
                socket.readUntil(new byte[1], 10),
                socket.readLine(),
                socket.expectLine(),
                socket.readAll(1),
                socket.readMessage(new Frame.Prefixed()),
                socket.transferTo(socket),
                socket.write(new byte[1]),
                socket.writeLine("line"),
                socket.write(ByteBuffer.allocate(1), ByteBuffer.allocate(1)),
                socket.writable());
        for (CompletableFuture<?> each : refused) {
            Await.failure(ClosedChannelException.class, each);
        }
        assertFalse(Await.value(socket.readable()));
        assertTrue(Await.value(socket.closed()).kind() != CloseReason.Kind.FAILED);
        assertFalse(socket.isOpen());
        assertEquals(0, socket.buffered());
        Await.failure(ClosedChannelException.class, socket.shutdownOutput().thenCompose(done -> socket.readSome(1)));
        socket.shutdownInput();
        socket.close();
        socket.abort();
    }
}
