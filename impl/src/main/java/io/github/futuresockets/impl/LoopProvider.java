package io.github.futuresockets.impl;

import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.loop.LoopChannelGroup;
import io.github.futuresockets.loop.LoopChannelProvider;
import io.github.futuresockets.spi.Settings;
import io.github.futuresockets.spi.SocketProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Collectors;

/** Sockets over event loops of our own: Unix-domain sockets, real aborts, and no buffer for a connection that is idle. */
public final class LoopProvider implements SocketProvider {

    /** For the service loader. */
    public LoopProvider() {}

    @Override
    public String name() {
        return "loop";
    }

    /** The best where selectors are the native way; Windows completes natively. */
    @Override
    public int rank() {
        return System.getProperty("os.name").startsWith("Windows") ? 5 : 20;
    }

    @Override
    public AsyncSockets open(Settings settings) {
        return open(settings, Supplies.at(new SystemClock(Supplies.Threads.JVM)));
    }

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
