package io.github.futuresockets.impl;

import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.impl.channel.ReadinessLoop;
import io.github.futuresockets.impl.common.Supplies;
import io.github.futuresockets.impl.common.SystemClock;
import io.github.futuresockets.impl.engine.Engine;
import io.github.futuresockets.loop.LoopChannelGroup;
import io.github.futuresockets.loop.LoopChannelProvider;
import io.github.futuresockets.spi.Settings;
import io.github.futuresockets.spi.SocketProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The provider {@code "loop"}: sockets over the event loops of {@link LoopChannelProvider}. Supports Unix-domain
 * sockets, aborts a connection with a reset, and holds no buffer for an idle connection.
 */
public final class LoopProvider implements SocketProvider {

    /** Creates the provider, for the service loader. */
    public LoopProvider() {}

    @Override
    public String name() {
        return "loop";
    }

    /** Returns 20. Returns 5 on Windows, because asynchronous channels of the JDK are native there. */
    @Override
    public int rank() {
        return System.getProperty("os.name").startsWith("Windows") ? 5 : 20;
    }

    @Override
    public AsyncSockets open(Settings settings) {
        return open(settings, Supplies.at(new SystemClock(Supplies.Threads.JVM)));
    }

    /** Opens an engine that takes time, memory and helper threads from the supplies. */
    Engine open(Settings settings, Supplies supplies) {
        LoopChannelGroup group;
        try {
            group = new LoopChannelProvider().openEventLoops(settings.threads(), settings.threadFactory());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start the I/O threads", e);
        }
        List<ReadinessLoop> loops = group.loops().stream()
                .map(each -> new ReadinessLoop(group, each, supplies.memory()))
                .collect(Collectors.toList());
        return Engine.over(loops, settings, supplies).checked();
    }
}
