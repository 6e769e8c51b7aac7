package io.github.futuresockets.impl.stress;

import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.impl.support.Descriptors;

/** The one place that says which provider a test runs on; a subclass of the test says another. */
public abstract class ProviderTest {

    /** The name of the provider under test. */
    protected String provider() {
        return "nio2";
    }

    /** A builder of the sockets under test. */
    public final AsyncSockets.Builder builder() {
        return AsyncSockets.builder().provider(provider());
    }

    /** How many descriptors are open, after a first use: the JDK opens some once and keeps them. */
    protected final int descriptors() {
        try (AsyncSockets sockets = builder().build();
                ConnectionPair link = ConnectionPair.open(sockets)) {
            link.far().send((byte) 1).close();
        }
        return Descriptors.count();
    }
}
