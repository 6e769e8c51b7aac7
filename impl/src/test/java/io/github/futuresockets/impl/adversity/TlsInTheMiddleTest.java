package io.github.futuresockets.impl.adversity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.FaultPlan;
import io.github.futuresockets.MemoryNetwork;
import io.github.futuresockets.TlsOptions;
import io.github.futuresockets.impl.TestAccess;
import io.github.futuresockets.impl.support.Seeds;
import io.github.futuresockets.impl.support.TestCertificates;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests closes, aborts and cancels within a handshake or a record. All futures complete and nothing is left. */
class TlsInTheMiddleTest {

    /** The action within the handshake or the record. */
    enum Deed {
        CLOSE_CLIENT,
        ABORT_CLIENT,
        HALF_CLOSE_CLIENT,
        CANCEL_CONNECT,
        CLOSE_SERVER,
        ABORT_SERVER,
        CANCEL_READS,
        CLOSE_LISTENER,
        SHUTDOWN,
        NOTHING
    }

    private static final int LENGTH = 50_000;

    @ParameterizedTest
    @EnumSource(Deed.class)
    void tlsConnection_endedAtAnyByte_leavesNothing(Deed deed) throws IOException {
        Random random = Seeds.random("TlsInTheMiddle " + deed);
        for (int i = 0; i < 24; i++) {
            String protocol = i % 2 == 0 ? "TLSv1.2" : "TLSv1.3";
            long position = i % 4 < 2 ? random.nextInt(1_500) : random.nextInt(LENGTH);
            boolean toServer = random.nextBoolean();
            try {
                trial(deed, protocol, toServer, position);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(protocol + (toServer ? " to server" : " to client") + " at " + position, e);
            }
        }
    }

    private static void trial(Deed deed, String protocol, boolean toServer, long position) throws IOException {
        MemoryNetwork network = MemoryNetwork.create();
        FaultPlan plan = FaultPlan.NONE.stallAfter(position).capacity(20_000);
        network.faults(toServer ? FaultPlan.NONE : plan, toServer ? plan : FaultPlan.NONE);
        AsyncServerSocket server = network.listen(
                new InetSocketAddress("127.0.0.1", 0),
                chosen ->
                        chosen.tls(TlsOptions.server(TestCertificates.server()).protocols(protocol)));
        CompletableFuture<AsyncSocket> far = server.accept();
        CompletableFuture<AsyncSocket> near = network.connectTls(
                "localhost",
                server.port(),
                TlsOptions.client().context(TestCertificates.client()).protocols(protocol));
        CompletableFuture<?> nearSent = near.thenCompose(socket -> socket.write(new byte[LENGTH]));
        CompletableFuture<?> farSent = far.thenCompose(socket -> socket.write(new byte[LENGTH]));
        CompletableFuture<?> nearGot = near.thenCompose(socket -> socket.readExactly(LENGTH));
        CompletableFuture<?> farGot = far.thenCompose(socket -> socket.readExactly(LENGTH));
        act(deed, network, server, near, far, nearGot, farGot);
        network.advance(Duration.ofMinutes(1));
        near.thenAccept(AsyncSocket::close);
        far.thenAccept(AsyncSocket::close);
        server.close();
        network.advance(Duration.ofMinutes(1));
        for (CompletableFuture<?> each : new CompletableFuture<?>[] {near, far, nearSent, farSent, nearGot, farGot}) {
            assertTrue(each.isDone(), () -> "it hangs: " + each);
        }
        assertEquals(0, network.stats().open(), () -> "connections are left: " + TestAccess.open(network));
        network.close();
        assertEquals(0, TestAccess.alarms(network), "timers are left");
    }

    private static void act(
            Deed deed,
            MemoryNetwork network,
            AsyncServerSocket server,
            CompletableFuture<AsyncSocket> near,
            CompletableFuture<AsyncSocket> far,
            CompletableFuture<?> nearGot,
            CompletableFuture<?> farGot) {
        switch (deed) {
            case CLOSE_CLIENT:
                near.thenAccept(AsyncSocket::close);
                break;
            case ABORT_CLIENT:
                near.thenAccept(AsyncSocket::abort);
                break;
            case HALF_CLOSE_CLIENT:
                near.thenCompose(AsyncSocket::shutdownOutput);
                break;
            case CANCEL_CONNECT:
                near.cancel(false);
                break;
            case CLOSE_SERVER:
                far.thenAccept(AsyncSocket::close);
                break;
            case ABORT_SERVER:
                far.thenAccept(AsyncSocket::abort);
                break;
            case CANCEL_READS:
                nearGot.cancel(false);
                farGot.cancel(false);
                break;
            case CLOSE_LISTENER:
                server.close();
                break;
            case SHUTDOWN:
                network.shutdown(Duration.ofSeconds(1));
                break;
            default:
        }
    }
}
