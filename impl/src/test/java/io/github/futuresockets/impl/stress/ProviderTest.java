package io.github.futuresockets.impl.stress;

import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.impl.support.Descriptors;

/** The base of tests that run on several providers. A subclass of the test overrides the provider. */
public abstract class ProviderTest {

    /** Returns the name of the provider under test. */
    protected String provider() {
        return "nio2";
    }

    /** Returns a builder of the sockets under test. */
    public final AsyncSockets.Builder builder() {
        return AsyncSockets.builder().provider(provider());
    }

    /** Returns the number of open descriptors after a first use, because the JDK opens some once and keeps them. */
    protected final int descriptors() {
        try (AsyncSockets sockets = builder().build();
                ConnectionPair link = ConnectionPair.open(sockets)) {
            link.far().send((byte) 1).close();
        }
        return Descriptors.count();
    }
}
