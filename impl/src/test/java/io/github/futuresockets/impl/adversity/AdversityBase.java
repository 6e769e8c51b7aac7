package io.github.futuresockets.impl.adversity;

import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.impl.stress.ConnectionPair;
import io.github.futuresockets.impl.stress.ProviderTest;
import io.github.futuresockets.impl.support.Descriptors;
import io.github.futuresockets.impl.support.PeerServer;
import io.github.futuresockets.impl.support.RecordingThreads;
import java.net.StandardSocketOptions;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;

/** The base of the tests against bad peers. After each test, no thread and no descriptor is left. */
public abstract class AdversityBase extends ProviderTest {
    private final RecordingThreads threads = new RecordingThreads();
    private int descriptorsBefore;
    AsyncSockets sockets;

    @BeforeEach
    final void begin() {
        descriptorsBefore = descriptors();
    }

    @AfterEach
    final void leaveNothing() {
        if (sockets != null) {
            sockets.close();
        }
        threads.awaitEnd();
        Descriptors.awaitAtMost(descriptorsBefore);
        Assertions.assertEquals(List.of(), threads.escaped(), "escaped from an I/O thread");
    }

    final void open(UnaryOperator<AsyncSockets.Builder> settings) {
        sockets = settings.apply(builder().threads(2).threadFactory(threads)).build();
    }

    /** Returns a new connection to a peer. */
    final ConnectionPair link() {
        if (sockets == null) {
            open(builder -> builder);
        }
        return ConnectionPair.open(sockets);
    }

    /**
     * Returns a connection with small kernel buffers, so that a write of some megabytes stays pending while the peer
     * does not read.
     */
    final ConnectionPair narrow(UnaryOperator<AsyncSockets.Builder> settings) {
        open(builder -> settings.apply(builder.option(StandardSocketOptions.SO_SNDBUF, 16_384)));
        try (PeerServer server = new PeerServer(16_384)) {
            return ConnectionPair.open(sockets, server);
        }
    }
}
