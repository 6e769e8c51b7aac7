package io.github.futuresockets.impl;

import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.impl.channel.Nio2Loop;
import io.github.futuresockets.impl.common.Supplies;
import io.github.futuresockets.impl.common.SystemClock;
import io.github.futuresockets.impl.engine.Engine;
import io.github.futuresockets.spi.Settings;
import io.github.futuresockets.spi.SocketProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** The provider {@code "nio2"}: sockets over the asynchronous channels of the JDK, on every platform. */
public final class Nio2Provider implements SocketProvider {

    /** Creates the provider, for the service loader. */
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
        return open(settings, Supplies.at(new SystemClock(Supplies.Threads.JVM)));
    }

    /** Opens an engine that takes time, memory and helper threads from the supplies. */
    Engine open(Settings settings, Supplies supplies) {
        List<Nio2Loop> loops = new ArrayList<>();
        try {
            for (int i = 0; i < settings.threads(); i++) {
                loops.add(new Nio2Loop(settings.threadFactory(), supplies.memory()));
            }
        } catch (RuntimeException | Error e) {
            loops.forEach(Nio2Loop::shutdown);
            throw e;
        } catch (IOException e) {
            loops.forEach(Nio2Loop::shutdown);
            throw new UncheckedIOException("cannot start I/O thread " + (loops.size() + 1), e);
        }
        return Engine.over(loops, settings, supplies).checked();
    }
}
