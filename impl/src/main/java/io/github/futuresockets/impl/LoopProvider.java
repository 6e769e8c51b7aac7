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
        return open(settings, new SystemClock());
    }

    Engine open(Settings settings, Clock clock) {
        LoopChannelGroup group;
        try {
            group = new LoopChannelProvider()
                    .openAsynchronousChannelGroup(settings.threads(), settings.threadFactory());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start the I/O threads", e);
        }
        List<ReadinessLoop> loops = group.loops().stream()
                .map(each -> new ReadinessLoop(group, each))
                .collect(Collectors.toList());
        LoopWatch.watch(loops);
        return new Engine(settings, new AsyncChannels(loops, settings.options()), loops, clock);
    }
}
