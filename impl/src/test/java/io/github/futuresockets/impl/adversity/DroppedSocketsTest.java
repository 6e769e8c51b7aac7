package io.github.futuresockets.impl.adversity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.impl.support.Program;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests unreachable sockets. A socket without a close is logged and closed, but not during a pending read. */
class DroppedSocketsTest {

    @ParameterizedTest
    @ValueSource(strings = {"loop", "nio2"})
    void unreachableSocket_neverClosed_isClosedAndLogged(String provider) throws Exception {
        String said = new Program(DroppedSockets.class).run(provider);
        assertTrue(said.contains("0 open behind a close"), said);
        assertTrue(said.contains("idle: the peer has got -1"), said);
        assertTrue(said.contains("reading: 1 open") || said.contains("reading: 2 open"), said);
        assertTrue(said.contains("reading: late"), said);
        assertTrue(said.contains("reading: the peer has got -1"), said);
        assertTrue(said.contains("over"), said);
        assertEquals(3, said.split("collected without having been closed", -1).length - 1, said);
    }
}
