package io.github.futuresockets.impl.observe;

import io.github.futuresockets.CloseReason;
import io.github.futuresockets.SocketStats;
import java.net.SocketAddress;
import java.util.function.Supplier;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import org.jspecify.annotations.Nullable;

/**
 * The events for the flight recorder of the JDK. The event classes are loaded only after the first use of the recorder,
 * because their load would take an I/O thread a tenth of a second. While nothing is recorded, the compiler removes the
 * allocation of the event.
 *
 * <p>An event with a duration ends when the operation ends. The event is no waiter of the operation, so a cancel still
 * withdraws the operation.
 */
final class FlightRecording extends Recorder {

    @Override
    public void connecting(Recorded connect) {
        if (!FlightRecorder.isInitialized()) {
            return;
        }
        ConnectEvent event = new ConnectEvent();
        if (event.isEnabled()) {
            event.begin();
            connect.observe(failure -> {
                event.end();
                if (event.shouldCommit()) {
                    event.remote = connect.peer();
                    event.failure = text(failure);
                    event.commit();
                }
            });
        }
    }

    @Override
    public void accepted(SocketAddress local, SocketAddress remote) {
        if (!FlightRecorder.isInitialized()) {
            return;
        }
        AcceptEvent event = new AcceptEvent();
        if (event.shouldCommit()) {
            event.local = local.toString();
            event.remote = remote.toString();
            event.commit();
        }
    }

    @Override
    public void closed(SocketAddress local, SocketAddress remote, CloseReason reason, Supplier<SocketStats> stats) {
        if (!FlightRecorder.isInitialized()) {
            return;
        }
        CloseEvent event = new CloseEvent();
        if (event.shouldCommit()) {
            event.local = local.toString();
            event.remote = remote.toString();
            event.reason = reason.kind().name();
            event.failure = text(reason.cause());
            SocketStats counted = stats.get();
            event.bytesIn = counted.bytesIn();
            event.bytesOut = counted.bytesOut();
            event.commit();
        }
    }

    @Override
    public void reading(Recorded read) {
        if (!FlightRecorder.isInitialized()) {
            return;
        }
        ReadEvent event = new ReadEvent();
        if (event.isEnabled()) {
            long before = read.bytes();
            event.begin();
            read.observe(failure -> {
                event.end();
                if (event.shouldCommit()) {
                    event.remote = read.peer();
                    event.operation = read.name();
                    event.arrived = read.bytes() - before;
                    event.failure = text(failure);
                    event.commit();
                }
            });
        }
    }

    @Override
    public void writing(Recorded write) {
        if (!FlightRecorder.isInitialized()) {
            return;
        }
        WriteEvent event = new WriteEvent();
        if (event.isEnabled()) {
            long bytes = write.bytes();
            event.begin();
            write.observe(failure -> {
                event.end();
                if (event.shouldCommit()) {
                    event.remote = write.peer();
                    event.bytes = bytes;
                    event.failure = text(failure);
                    event.commit();
                }
            });
        }
    }

    private static @Nullable String text(@Nullable Throwable failure) {
        return failure == null ? null : failure.toString();
    }

    @Name("futuresockets.Connect")
    @Label("Connect")
    @Category("Future Sockets")
    @StackTrace(false)
    static final class ConnectEvent extends Event {
        @Label("Remote Address")
        @Nullable String remote;

        @Label("Failure")
        @Nullable String failure;
    }

    @Name("futuresockets.Accept")
    @Label("Accept")
    @Category("Future Sockets")
    @StackTrace(false)
    static final class AcceptEvent extends Event {
        @Label("Local Address")
        @Nullable String local;

        @Label("Remote Address")
        @Nullable String remote;
    }

    @Name("futuresockets.Close")
    @Label("Close")
    @Category("Future Sockets")
    @StackTrace(false)
    static final class CloseEvent extends Event {
        @Label("Local Address")
        @Nullable String local;

        @Label("Remote Address")
        @Nullable String remote;

        @Label("Reason")
        @Nullable String reason;

        @Label("Failure")
        @Nullable String failure;

        @Label("Bytes In")
        @DataAmount
        long bytesIn;

        @Label("Bytes Out")
        @DataAmount
        long bytesOut;
    }

    @Name("futuresockets.Read")
    @Label("Read")
    @Category("Future Sockets")
    @Threshold("20 ms")
    @StackTrace(false)
    static final class ReadEvent extends Event {
        @Label("Remote Address")
        @Nullable String remote;

        @Label("Operation")
        @Nullable String operation;

        @Label("Bytes Arrived")
        @Description("What has come on the connection since the read began")
        @DataAmount
        long arrived;

        @Label("Failure")
        @Nullable String failure;
    }

    @Name("futuresockets.Write")
    @Label("Write")
    @Category("Future Sockets")
    @Threshold("20 ms")
    @StackTrace(false)
    static final class WriteEvent extends Event {
        @Label("Remote Address")
        @Nullable String remote;

        @Label("Bytes")
        @DataAmount
        long bytes;

        @Label("Failure")
        @Nullable String failure;
    }
}
