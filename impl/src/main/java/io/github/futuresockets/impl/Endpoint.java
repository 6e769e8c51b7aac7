package io.github.futuresockets.impl;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.SocketStats;
import io.github.futuresockets.spi.Settings;
import org.jspecify.annotations.Nullable;

/**
 * What a connection is made of: a transport and its two sides.
 *
 * <p>A superclass of the connection and no part of it, since each connection pays for each object.
 */
abstract class Endpoint extends Activity {
    final Engine engine;
    final Transport transport;
    final ReadSide reads;
    final WriteSide writes;

    /** The listener that has accepted it. */
    final @Nullable FutureServerSocket from;

    Endpoint(AsyncSocket socket, Engine engine, Transport transport, @Nullable FutureServerSocket from) {
        super(socket, transport.loop() instanceof ChannelLoop);
        this.engine = engine;
        this.from = from;
        this.transport = transport;
        Settings settings = engine.settings();
        this.reads = new ReadSide((Connection) this, transport, Engine.nanos(settings.readTimeout()));
        this.writes = new WriteSide((Connection) this, transport, Engine.nanos(settings.writeTimeout()));
        transport.connect(reads, writes);
    }

    @Override
    public final Engine engine() {
        return engine;
    }

    @Override
    public final Loop loop() {
        return transport.loop();
    }

    final Transport transport() {
        return transport;
    }

    final ReadSide reads() {
        return reads;
    }

    final WriteSide writes() {
        return writes;
    }

    final boolean isFrom(FutureServerSocket listener) {
        return from == listener;
    }

    public final SocketStats stats() {
        return reads.state().stats(writes.state());
    }

    @Override
    final boolean isIdle() {
        return !(reads.state().isTaken() || reads.isWatched() || writes.isWaiting() || writes.isWatched());
    }
}
