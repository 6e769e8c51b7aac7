package io.github.futuresockets.impl.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.impl.support.Await;
import io.github.futuresockets.impl.transport.ListenSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests a {@link ConnectionSource} with a scripted listener and a scripted consumer. */
class ConnectionSourceTest {
    private final ScriptedNetwork network = new ScriptedNetwork();
    private final Consumer consumer = new Consumer();
    private CompletableFuture<Void> over;

    /** The listener that is told of the end of a source. */
    private DefaultServerSocket server;

    private static final class Consumer implements ConnectionConsumer {
        private final List<Arrival> arrivals = new ArrayList<>();
        private boolean wants = true;
        private boolean failing;
        private int closed;
        private Error refusal;

        @Override
        public boolean wants(boolean failing) {
            this.failing = failing;
            return wants;
        }

        @Override
        public void accept(Arrival arrival) {
            if (refusal != null) {
                throw refusal;
            }
            arrivals.add(arrival);
        }

        @Override
        public void closed() {
            closed++;
        }
    }

    @BeforeEach
    void listen() throws IOException {
        server = network.listen();
        over = server.stopping();
    }

    @AfterEach
    void close() {
        network.close();
    }

    private ConnectionSource source(int maxConnections) throws IOException {
        ListenSettings settings = new ListenSettings();
        settings.maxConnections(maxConnections);
        return new ConnectionSource(server, ScriptedNetwork.ANY, settings, consumer);
    }

    private boolean isEnded(AsyncSocket caller) {
        return Await.value(caller.readSome(1).handle((bytes, failure) -> bytes == null));
    }

    @Test
    void advance_consumerWants_asksAndPassesConnectionsOn() throws Exception {
        ConnectionSource source = source(10);
        assertEquals(0, network.requests);
        source.advance();
        assertEquals(1, network.requests);
        network.bring();
        assertEquals(1, consumer.arrivals.size());
        assertEquals(2, network.requests);
    }

    @Test
    void advance_consumerDoesNotWant_asksForNothing() throws Exception {
        ConnectionSource source = source(10);
        consumer.wants = false;
        source.advance();
        assertEquals(0, network.requests);
    }

    @Test
    void arrival_beyondLimit_waitsForAnEnd() throws Exception {
        source(2).advance();
        for (int i = 0; i < 4; i++) {
            network.bring();
        }
        assertEquals(2, consumer.arrivals.size());
        int before = network.requests;
        consumer.arrivals.get(0).reject();
        assertEquals(3, consumer.arrivals.size());
        consumer.arrivals.get(1).reject();
        assertEquals(4, consumer.arrivals.size());
        assertEquals(before, network.requests, "there is no room");
        consumer.arrivals.get(2).reject();
        assertEquals(before + 1, network.requests);
    }

    @Test
    void arrival_consumerThrows_isRejectedAndFreesThePlace() throws Exception {
        source(1).advance();
        consumer.refusal = new OutOfMemoryError("injected");
        assertTrue(isEnded(network.bring()));
        assertEquals(1, server.engine().stats().rejected());
        consumer.refusal = null;
        network.bring();
        assertEquals(1, consumer.arrivals.size());
    }

    @Test
    void arrival_dropFails_freesThePlace() throws Exception {
        source(1).advance();
        network.failDrops();
        network.bring();
        consumer.arrivals.get(0).reject();
        network.bring();
        assertEquals(2, consumer.arrivals.size());
    }

    @Test
    void close_dropFails_closesTheConsumerAndTheListener() throws Exception {
        ConnectionSource source = source(1);
        network.failDrops();
        network.bring();
        network.bring();
        source.close();
        assertEquals(1, consumer.closed);
        consumer.arrivals.get(0).reject();
        assertTrue(over.isDone());
    }

    @Test
    void failed_severalTimes_asksAfterGrowingPauses() throws Exception {
        ConnectionSource source = source(10);
        source.advance();
        assertFalse(consumer.failing);
        for (int pause = 5; pause <= 20; pause *= 2) {
            int before = network.requests;
            network.fail(new IOException("Too many open files"));
            network.advance(pause - 1);
            assertEquals(before, network.requests);
            network.advance(1);
            assertEquals(before + 1, network.requests);
            assertTrue(consumer.failing);
        }
        network.bring();
        assertFalse(consumer.failing);
        assertEquals(3, server.engine().stats().acceptFailures());
    }

    @Test
    void failed_twiceInAPause_keepsThePause() throws Exception {
        source(10).advance();
        network.fail(new IOException("Too many open files"));
        network.fail(new IOException("Too many open files"));
        network.advance(5);
        assertEquals(2, network.requests);
        assertEquals(2, server.engine().stats().acceptFailures());
    }

    @Test
    void ended_inAPause_asksAtOnce() throws Exception {
        source(10).advance();
        network.bring();
        network.fail(new IOException("Too many open files"));
        int before = network.requests;
        consumer.arrivals.get(0).reject();
        assertEquals(before + 1, network.requests);
    }

    @Test
    void want_listenerThrows_pauses() throws Exception {
        ConnectionSource source = source(10);
        network.refusal = new OutOfMemoryError("injected");
        source.advance();
        network.refusal = null;
        assertEquals(0, network.requests);
        network.advance(5);
        assertEquals(1, network.requests);
    }

    @Test
    void close_waitingAndLaterConnections_areDropped() throws Exception {
        ConnectionSource source = source(1);
        network.bring();
        AsyncSocket waiting = network.bring();
        network.heldClose = true;
        source.close();
        assertTrue(isEnded(waiting));
        assertTrue(isEnded(network.bring()), "a connection after the close");
        assertEquals(1, consumer.closed);
        assertEquals(1, consumer.arrivals.size());
        assertEquals(2, server.engine().stats().rejected());
        network.heldClose = false;
    }

    @Test
    void close_openConnection_reportsTheEndAfterItsEnd() throws Exception {
        ConnectionSource source = source(10);
        network.bring();
        source.close();
        source.close();
        assertTrue(source.isClosed());
        assertEquals(1, consumer.closed);
        assertFalse(over.isDone(), "a connection is open");
        consumer.arrivals.get(0).reject();
        assertTrue(over.isDone());
    }

    @Test
    void close_afterFailure_asksForNothing() throws Exception {
        ConnectionSource source = source(10);
        source.advance();
        network.fail(new IOException("Too many open files"));
        source.close();
        network.advance(1_000);
        assertEquals(1, network.requests);
        network.fail(new IOException("closed"));
        assertEquals(1, server.engine().stats().acceptFailures());
    }
}
