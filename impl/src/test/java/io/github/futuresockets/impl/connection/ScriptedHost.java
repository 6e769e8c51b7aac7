package io.github.futuresockets.impl.connection;

import static org.mockito.Mockito.mock;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.impl.common.FileThreads;
import io.github.futuresockets.impl.memory.VirtualClock;
import io.github.futuresockets.spi.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

/** The owner of a connection in a test: a manual loop, a virtual clock, and a connection over a scripted transport. */
final class ScriptedHost extends CompletionContext implements ConnectionHost {
    private final Settings settings;
    private final VirtualClock clock;

    final ManualLoop loop;
    final ScriptedTransport transport;

    /** The connections that are registered. */
    final List<Resource> registered = new ArrayList<>();

    /** Runs within each registration, after the resource was added. */
    Runnable duringRegister = () -> {};

    /** Runs within each request for the file threads. */
    Runnable duringFiles = () -> {};

    /** A socket that stays reachable as long as the host. */
    final AsyncSocket socket = mock(AsyncSocket.class);

    final Connection connection;

    private ScriptedHost(ManualLoop loop, Executor executor, VirtualClock clock, Settings settings) {
        super(List.of(loop), executor, clock);
        this.loop = loop;
        this.clock = clock;
        this.settings = settings;
        this.transport = new ScriptedTransport(loop);
        this.connection = new Connection(socket, this, transport, null);
    }

    /** Makes a host without time-outs, with a queue limit of 1 MiB. */
    static ScriptedHost make() {
        return make(Duration.ZERO, Duration.ZERO, Duration.ZERO, 1 << 20, null);
    }

    static ScriptedHost make(Duration read, Duration write, Duration close, long queueLimit, Executor executor) {
        Settings settings = new Settings(
                1,
                Thread::new,
                executor,
                Duration.ZERO,
                read,
                write,
                Duration.ZERO,
                close,
                queueLimit,
                null,
                null,
                Map.of());
        return new ScriptedHost(new ManualLoop(), executor, new VirtualClock(), settings);
    }

    ReadSide reads() {
        return connection.reads();
    }

    WriteSide writes() {
        return connection.writes();
    }

    /** Moves the time, and runs the alarms and the tasks of the loop. */
    void advance(Duration time) {
        clock.advance(time.toNanos());
        loop.runAll();
    }

    /** Returns the number of alarms that are set. */
    int pendingAlarms() {
        return clock.pending();
    }

    @Override
    public Settings settings() {
        return settings;
    }

    @Override
    public void register(Resource resource) {
        registered.add(resource);
        duringRegister.run();
    }

    @Override
    public void unregister(Resource resource) {
        registered.remove(resource);
    }

    @Override
    public FileThreads files() {
        duringFiles.run();
        throw new UnsupportedOperationException("files");
    }
}
