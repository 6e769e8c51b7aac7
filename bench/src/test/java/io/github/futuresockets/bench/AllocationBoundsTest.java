package io.github.futuresockets.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.bench.AllocationBounds.Subject;
import io.github.futuresockets.bench.micro.AllocatedBytes;
import io.github.futuresockets.bench.peer.Protocol;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the bounds of allocation, the parser of the bounds, and the counter of allocated bytes. */
class AllocationBoundsTest {
    private static final Subject LOOP = new Subject(Protocol.ECHO, "futuresockets-loop");
    private static final Subject NIO2 = new Subject(Protocol.FRAMES, "futuresockets-nio2");
    private static final List<String> TABLE = List.of(
            "# a remark",
            "",
            "protocol peer 17 25",
            "echo futuresockets-loop 200 300",
            "frames futuresockets-nio2 500.5 600");

    @Test
    void exceeded_subjectsOverBound_areListed() throws IOException {
        AllocationBounds bounds = new AllocationBounds(TABLE, 17);
        assertEquals(List.of(), bounds.exceeded(Map.of(LOOP, 200.0, NIO2, 500.5)));
        assertEquals(List.of(LOOP), bounds.exceeded(Map.of(LOOP, 200.01, NIO2, 500.5)));
        assertEquals(List.of(NIO2), bounds.exceeded(Map.of(LOOP, 0.0, NIO2, 550.6)));
    }

    @Test
    void exceeded_subjectNotMeasured_isListed() throws IOException {
        AllocationBounds bounds = new AllocationBounds(TABLE, 17);
        assertEquals(List.of(NIO2), bounds.exceeded(Map.of(LOOP, 200.0)));
        assertEquals(List.of(LOOP), bounds.exceeded(Map.of(LOOP, Double.NaN, NIO2, 1.0)));
    }

    @Test
    void bound_ofJdkBetweenColumns_isThatOfEarlierColumn() throws IOException {
        assertEquals(200, new AllocationBounds(TABLE, 17).of(LOOP));
        assertEquals(200, new AllocationBounds(TABLE, 24).of(LOOP));
        assertEquals(300, new AllocationBounds(TABLE, 25).of(LOOP));
        assertEquals(300, new AllocationBounds(TABLE, 26).of(LOOP));
        assertThrows(IOException.class, () -> new AllocationBounds(TABLE, 11));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "echo futuresockets-loop",
                "echo futuresockets-loop much",
                "echo nobody 200",
                "talk futuresockets-loop 200",
                "frames futuresockets-loop-transfer 200"
            })
    void parse_malformedLine_failsNamingLine(String line) {
        IOException failure =
                assertThrows(IOException.class, () -> new AllocationBounds(List.of("protocol peer 17", line), 17));
        assertTrue(failure.getMessage().endsWith(": " + line), failure.getMessage());
    }

    @Test
    void parse_noBounds_fails() {
        assertThrows(IOException.class, () -> new AllocationBounds(List.of("protocol peer 17"), 17));
    }

    @Test
    void read_bundledBounds_succeeds() throws IOException {
        assertFalse(AllocationBounds.read("").subjects().isEmpty());
    }

    @Test
    void allocatedBytes_ofThread_areCounted() throws InterruptedException {
        AllocatedBytes allocated = new AllocatedBytes();
        byte[][] kept = new byte[2][];
        allocated.mark();
        kept[0] = new byte[1 << 20];
        long atLeast = allocated.sinceMark();
        assertTrue(atLeast >= 1 << 20, atLeast + " bytes");
        allocated.mark();
        long nothing = allocated.sinceMark();
        assertTrue(nothing < 1 << 18, nothing + " bytes for nothing");
    }
}
