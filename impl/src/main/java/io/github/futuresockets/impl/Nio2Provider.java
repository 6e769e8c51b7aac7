package io.github.futuresockets.impl;

import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.spi.Settings;
import io.github.futuresockets.spi.SocketProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Sockets over the asynchronous channels of the JDK: runs everywhere. */
public final class Nio2Provider implements SocketProvider {

    /** For the service loader. */
    public Nio2Provider() {}

    @Override
    public String name() {
        return "nio2";
    }

    @Override
    public int rank() {
        return 10;
    }

    @Override
    public AsyncSockets open(Settings settings) {
        return open(settings, new SystemClock());
    }

    Engine open(Settings settings, Clock clock) {
        List<Nio2Loop> loops = new ArrayList<>();
        try {
            for (int i = 0; i < settings.threads(); i++) {
                loops.add(new Nio2Loop(settings.threadFactory()));
            }
        } catch (RuntimeException | Error e) {
            loops.forEach(Nio2Loop::shutdown);
            throw e;
        } catch (IOException e) {
            loops.forEach(Nio2Loop::shutdown);
            throw new UncheckedIOException("cannot start I/O thread " + (loops.size() + 1), e);
        }
        LoopWatch.watch(loops);
        return new Engine(settings, new AsyncChannels(loops, settings.options()), loops, clock);
    }
}
