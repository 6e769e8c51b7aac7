package io.github.futuresockets.impl.connection;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.SocketStats;
import io.github.futuresockets.future.IoContext;
import io.github.futuresockets.impl.common.Clock;
import io.github.futuresockets.impl.common.OwnFailures;
import io.github.futuresockets.impl.transport.IoLoop;
import io.github.futuresockets.impl.transport.Transport;
import io.github.futuresockets.spi.Settings;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a connection: the transport, the read side, the write side, and the failures of its own operations.
 *
 * <p>A superclass of the connection, and not a field, because each object costs memory in every connection.
 */
abstract class Endpoint extends Activity {
    final ConnectionHost engine;
    final Transport transport;
    final ReadSide reads;
    final WriteSide writes;

    private static final AtomicReferenceFieldUpdater<Endpoint, OwnFailures> FAILURES =
            AtomicReferenceFieldUpdater.newUpdater(Endpoint.class, OwnFailures.class, "failures");

    // set once by FAILURES, by any thread
    /**
     * The last failures of operations, for accepted connections only. Set without the monitor, because the read side
     * adds failures under its own lock.
     */
    private volatile @Nullable OwnFailures failures;

    /** The listener that accepted the connection, or null. */
    public final @Nullable Origin from;

    Endpoint(AsyncSocket socket, ConnectionHost engine, Transport transport, @Nullable Origin from) {
        super(socket, transport.loop().isWatched());
        this.engine = engine;
        this.from = from;
        this.transport = transport;
        Settings settings = engine.settings();
        this.reads = new ReadSide((Connection) this, transport, Clock.nanos(settings.readTimeout()));
        this.writes = new WriteSide((Connection) this, transport, Clock.nanos(settings.writeTimeout()));
        transport.listen((Connection) this);
    }

    @Override
    public final IoContext context() {
        return transport.loop().context();
    }

    @Override
    public final ConnectionHost engine() {
        return engine;
    }

    @Override
    public final IoLoop loop() {
        return transport.loop();
    }

    public final Transport transport() {
        return transport;
    }

    public final ReadSide reads() {
        return reads;
    }

    public final WriteSide writes() {
        return writes;
    }

    /** Returns true if {@code listener} accepted the connection. */
    public final boolean isFrom(Origin listener) {
        return from == listener;
    }

    /**
     * Notes a failure of an operation that comes from the connection, its peer or its time-outs. Returns the failure.
     */
    public final <E extends Throwable> E own(E failure) {
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

    /** Returns true if a failure, or a cause of the failure, was noted by {@link #own}. */
    public final boolean isOwn(Throwable failure) {
        OwnFailures made = failures;
        return made != null && made.include(failure);
    }

    /** Returns the bytes and operations of both sides so far. */
    public final SocketStats stats() {
        return reads.state().stats(writes.state());
    }

    @Override
    final boolean isIdle() {
        return !(reads.state().isTaken() || reads.hasWaiters() || writes.isWaiting() || writes.hasWaiters());
    }
}
