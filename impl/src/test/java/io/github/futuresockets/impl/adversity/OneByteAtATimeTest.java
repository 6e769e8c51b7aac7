package io.github.futuresockets.impl.adversity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.futuresockets.impl.stress.ConnectionPair;
import io.github.futuresockets.impl.support.Await;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests frames sent in single bytes, each byte after the arrival of the previous byte. */
class OneByteAtATimeTest extends AdversityBase {

    @ParameterizedTest
    @EnumSource(Frame.class)
    void read_frameInSingleBytes_returnsFrame(Frame frame) {
        try (ConnectionPair link = link()) {
            for (int turn = 0; turn < 20; turn++) {
                CompletableFuture<String> read = frame.read(link.near());
                for (int i = 0; i < frame.bytes.length; i++) {
                    int before = i;
                    Await.until(
                            () -> "byte " + before + " of " + frame,
                            () -> link.near().buffered() == before);
                    assertFalse(read.isDone(), frame + " is done after " + i + " of " + frame.bytes.length + " bytes");
                    link.far().send(frame.bytes[i]);
                }
                assertEquals(frame.content(), Await.value(read));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Frame.class)
    void read_nextFrameArrivesWithPrevious_keepsBytes(Frame frame) {
        try (ConnectionPair link = link()) {
            int length = frame.bytes.length;
            byte[] two = new byte[2 * length];
            System.arraycopy(frame.bytes, 0, two, 0, length);
            System.arraycopy(frame.bytes, 0, two, length, length);
            for (int split = 0; split <= length; split++) {
                link.far().send(Arrays.copyOf(two, length + split));
                assertEquals(frame.content(), Await.value(frame.read(link.near())));
                CompletableFuture<String> second = frame.read(link.near());
                link.far().send(Arrays.copyOfRange(two, length + split, 2 * length));
                assertEquals(frame.content(), Await.value(second), "split at " + split);
            }
        }
    }
}
