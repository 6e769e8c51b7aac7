package io.github.futuresockets.impl;

import io.github.futuresockets.CloseReason;
import io.github.futuresockets.SocketStats;
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
 * Events of the JDK's flight recorder. NIO.2 has none of its own. As long as the recorder has never been used, its events are
 * not even loaded, which would take an I/O thread a tenth of a second; while nothing is recorded an event is an object that the
 * compiler takes away.
 *
 * <p>An event that takes time is ended on the side of its operation, and keeps that from no cancel.
 */
final class FlightRecording extends Recorder {

    @Override
    void connecting(Connect connect) {
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
    void accepted(Connection connection) {
        if (!FlightRecorder.isInitialized()) {
            return;
        }
        AcceptEvent event = new AcceptEvent();
        if (event.shouldCommit()) {
            event.local = connection.transport().localAddress().toString();
            event.remote = connection.transport().remoteAddress().toString();
            event.commit();
        }
    }

    @Override
    void closed(Connection connection, CloseReason reason) {
        if (!FlightRecorder.isInitialized()) {
            return;
        }
        CloseEvent event = new CloseEvent();
        if (event.shouldCommit()) {
            SocketStats stats = connection.stats();
            event.local = connection.transport().localAddress().toString();
            event.remote = connection.transport().remoteAddress().toString();
            event.reason = reason.kind().name();
            event.failure = text(reason.cause());
            event.bytesIn = stats.bytesIn();
            event.bytesOut = stats.bytesOut();
            event.commit();
        }
    }

    @Override
    void reading(Read<?> read) {
        if (!FlightRecorder.isInitialized()) {
            return;
        }
        ReadEvent event = new ReadEvent();
        if (event.isEnabled()) {
            long before = read.side.state().bytesIn();
            event.begin();
            read.observe(failure -> {
                event.end();
                if (event.shouldCommit()) {
                    event.remote = read.side.peer().toString();
                    event.operation = read.name();
                    event.arrived = read.side.state().bytesIn() - before;
                    event.failure = text(failure);
                    event.commit();
                }
            });
        }
    }

    @Override
    void writing(Write write) {
        if (!FlightRecorder.isInitialized()) {
            return;
        }
        WriteEvent event = new WriteEvent();
        if (event.isEnabled()) {
            long bytes = write.left();
            event.begin();
            write.observe(failure -> {
                event.end();
                if (event.shouldCommit()) {
                    event.remote = write.side.peer().toString();
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
