package io.github.futuresockets.impl;

import io.github.futuresockets.CloseReason;

/** What is told of sockets as it happens: nothing, unless this JVM has a flight recorder. */
class Recorder {
    static final Recorder HERE = isAvailable() ? new FlightRecording() : new Recorder();

    private static boolean isAvailable() {
        try {
            Class.forName("jdk.jfr.FlightRecorder", false, Recorder.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException | LinkageError absent) {
            return false;
        }
    }

    /** A connect begins. */
    void connecting(Connect connect) {}

    /** A connection was accepted. */
    void accepted(Connection connection) {}

    /** A socket is closed and released. */
    void closed(Connection connection, CloseReason reason) {}

    /** A read of a user begins. */
    void reading(Read<?> read) {}

    /** A write of a user begins. */
    void writing(Write write) {}
}
