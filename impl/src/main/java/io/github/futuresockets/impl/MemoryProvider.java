package io.github.futuresockets.impl;

import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.MemoryNetwork;
import io.github.futuresockets.impl.common.Supplies;
import io.github.futuresockets.impl.common.SystemClock;
import io.github.futuresockets.impl.memory.MemoryPorts;
import io.github.futuresockets.impl.memory.VirtualClock;
import io.github.futuresockets.spi.Settings;
import io.github.futuresockets.spi.SocketProvider;

/** The provider {@code "memory"}: sockets that connect within this JVM. For tests, and never the default. */
public final class MemoryProvider implements SocketProvider {

    /** Creates the provider, for the service loader. */
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
        return MemoryEngine.open(settings, MemoryPorts.SHARED, Supplies.at(new SystemClock(Supplies.Threads.JVM)))
                .checked();
    }

    @Override
    public MemoryNetwork simulate(Settings settings) {
        MemoryEngine made = MemoryEngine.open(settings, new MemoryPorts(), Supplies.at(new VirtualClock()));
        made.checked();
        return made;
    }
}
