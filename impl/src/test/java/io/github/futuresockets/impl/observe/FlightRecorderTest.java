package io.github.futuresockets.impl.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.impl.support.Program;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the events seen by the flight recorder of the JDK, and sockets in a JVM without flight recorder. */
class FlightRecorderTest {

    @ParameterizedTest
    @ValueSource(strings = {"loop", "nio2"})
    void flightRecorder_conversation_isRecorded(String provider) throws Exception {
        String said = new Program(RecordedConversation.class).run(provider, "PT0S");
        assertTrue(said.contains("withdrawn: true"), said);
        assertEquals(2, count(said, "futuresockets.Connect failure=null\n") + count(said, "Connect failure=java.net"));
        assertEquals(1, count(said, "futuresockets.Connect failure=java.net.ConnectException: connect to 127.0.0.1:1"));
        assertEquals(1, count(said, "futuresockets.Accept\n"), said);
        assertEquals(2, count(said, "futuresockets.Write bytes=6 failure=null\n"), said);
        assertEquals(2, count(said, "Read operation=readLine arrived=6 failure=null\n"), said);
        assertEquals(1, count(said, "Read operation=readLine arrived=0 failure=java.util.concurrent.Cancel"), said);
        assertEquals(2, count(said, "futuresockets.Close bytesIn=6 bytesOut=6 reason="), said);
    }

    @Test
    void flightRecorder_belowThreshold_recordsNothing() throws Exception {
        String said = new Program(RecordedConversation.class).run("loop", "PT10S");
        assertEquals(0, count(said, "futuresockets.Read") + count(said, "futuresockets.Write"), said);
        assertEquals(2, count(said, "futuresockets.Close"), said);
    }

    @Test
    void conversation_withoutFlightRecorder_succeeds() throws Exception {
        String said = new Program(RecordedConversation.class)
                .options("--limit-modules", "java.base")
                .run("loop", "without");
        assertTrue(said.contains("recorder: false"), said);
        assertFalse(said.contains("Error"), said);
    }

    private static int count(String said, String what) {
        return said.split(java.util.regex.Pattern.quote(what), -1).length - 1;
    }
}
