package io.github.futuresockets.impl.observe;

import io.github.futuresockets.CloseReason;
import io.github.futuresockets.SocketStats;
import java.net.SocketAddress;
import java.util.function.Supplier;

/**
 * The receiver of events about sockets. This class ignores all events. The subclass {@link FlightRecording} is used if
 * the JVM has a flight recorder. Thread-safe.
 */
public class Recorder {
    /** The recorder of this JVM. */
    public static final Recorder HERE = isAvailable() ? new FlightRecording() : new Recorder();

    private static boolean isAvailable() {
        try {
            Class.forName("jdk.jfr.FlightRecorder", false, Recorder.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException | LinkageError absent) {
            return false;
        }
    }

    /** Reports the start of a connect. */
    public void connecting(Recorded connect) {}

    /** Reports an accepted connection. */
    public void accepted(SocketAddress local, SocketAddress remote) {}

    /** Reports the end of a socket, after its release. The statistics are read only for a recorded event. */
    public void closed(SocketAddress local, SocketAddress remote, CloseReason reason, Supplier<SocketStats> stats) {}

    /** Reports the start of a user's read. */
    public void reading(Recorded read) {}

    /** Reports the start of a user's write. */
    public void writing(Recorded write) {}
}
