package io.github.futuresockets.impl;

import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.MemoryNetwork;
import io.github.futuresockets.spi.Settings;
import io.github.futuresockets.spi.SocketProvider;

/** Sockets that talk to each other within this JVM: for tests, and never the default. */
public final class MemoryProvider implements SocketProvider {

    /** For the service loader. */
    public MemoryProvider() {}

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public int rank() {
        return 0;
    }

    @Override
    public AsyncSockets open(Settings settings) {
        return MemorySockets.open(settings, MemoryPorts.SHARED, Supplies.at(new SystemClock(Supplies.Threads.JVM)))
                .checked();
    }

    @Override
    public MemoryNetwork simulate(Settings settings) {
        MemorySockets made = MemorySockets.open(settings, new MemoryPorts(), Supplies.at(new VirtualClock()));
        made.checked();
        return made;
    }
}
