package io.github.futuresockets.impl;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.SocketStats;
import io.github.futuresockets.spi.IoContext;
import io.github.futuresockets.spi.Settings;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
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

    private static final AtomicReferenceFieldUpdater<Endpoint, OwnFailures> FAILURES =
            AtomicReferenceFieldUpdater.newUpdater(Endpoint.class, OwnFailures.class, "failures");

    /** Set once, with the first failure of a connection that was accepted. Without the monitor: the sides call under their locks. */
    private volatile @Nullable OwnFailures failures;

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
    final IoContext context() {
        return transport.loop().context();
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

    /** Notes what an operation of this connection fails with because of the connection, its peer or its time-outs. */
    final <E extends Throwable> E own(E failure) {
        if (from != null) {
            OwnFailures made = failures;
            if (made == null) {
                FAILURES.compareAndSet(this, null, new OwnFailures());
                made = Objects.requireNonNull(failures);
            }
            made.add(failure);
        }
        return failure;
    }

    /** Whether that comes from an operation of this connection. */
    final boolean isOwn(Throwable failure) {
        OwnFailures made = failures;
        return made != null && made.include(failure);
    }

    public final SocketStats stats() {
        return reads.state().stats(writes.state());
    }

    @Override
    final boolean isIdle() {
        return !(reads.state().isTaken() || reads.isWatched() || writes.isWaiting() || writes.isWatched());
    }
}
