package io.github.futuresockets.impl.adversity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.futuresockets.FaultPlan;
import io.github.futuresockets.impl.support.Seeds;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests TLS streams with a cut or a changed bit. The default tests cover some positions, and the tagged tests each
 * position.
 */
class TlsCutAndFlippedTest {
    private static final int SOME = 16;

    /** Returns the number of bytes of a conversation in one direction. Keys and signatures vary by one or two bytes. */
    private static long length(String protocol, boolean toServer) {
        TlsTrialBase whole = TlsTrialBase.tampered(protocol, (direction, offset, bytes) -> bytes);
        assertTrue(whole.isWhole(), () -> whole.client.failure + ", " + whole.server.failure);
        return whole.passed(toServer);
    }

    /** Runs the trial at a random position in each of 16 equal parts of the stream. */
    private static void some(String name, long length, LongConsumer trial) {
        Random random = Seeds.random(name);
        for (int i = 0; i < SOME; i++) {
            at((i * length + random.nextInt((int) length)) / SOME, trial);
        }
    }

    private static void each(long length, LongConsumer trial) {
        for (long i = 0; i < length; i++) {
            at(i, trial);
        }
    }

    private static void at(long position, LongConsumer trial) {
        try {
            trial.accept(position);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("at byte " + position + ": " + e.getMessage(), e);
        }
    }

    private static void cut(String protocol, boolean toServer, long position) {
        for (FaultPlan plan : new FaultPlan[] {
            FaultPlan.NONE.endAfter(position), FaultPlan.NONE.resetAfter(position), FaultPlan.NONE.stallAfter(position)
        }) {
            TlsTrialBase trial;
            try {
                trial = TlsTrialBase.faulty(
                        protocol, toServer ? FaultPlan.NONE : plan, toServer ? plan : FaultPlan.NONE);
            } catch (AssertionError e) {
                throw new AssertionError(plan + ": " + e.getMessage(), e);
            }
            assertFalse(trial.client.ended && !trial.client.isWhole(TlsTrialBase.ANSWER), "a clean end");
            if (trial.server.text.length() == 0) {
                assertNotNull(trial.client.failure, () -> "the client has not noticed " + plan);
            }
        }
    }

    /**
     * Flips one bit. A change may stay unnoticed, because some bytes have no meaning, such as the version of a record.
     */
    private static void flip(String protocol, boolean toServer, long position, int mask) {
        TlsTrialBase trial = TlsTrialBase.tampered(protocol, (direction, offset, bytes) -> {
            int index = (int) (position - offset);
            if (direction == toServer && index >= 0 && index < bytes.length) {
                bytes[index] ^= (byte) mask;
            }
            return bytes;
        });
        if (trial.server.text.length() == 0) {
            assertNotNull(trial.client.failure, "the client has not noticed");
        }
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.2,true", "TLSv1.2,false", "TLSv1.3,true", "TLSv1.3,false"})
    void tlsStream_cutAtSomeBytes_isDetected(String protocol, boolean toServer) {
        some("cutAtSomeBytes", length(protocol, toServer), position -> cut(protocol, toServer, position));
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.2,true", "TLSv1.2,false", "TLSv1.3,true", "TLSv1.3,false"})
    void tlsStream_flippedAtSomeBytes_isDetected(String protocol, boolean toServer) {
        Random random = Seeds.random("bits");
        some(
                "flippedAtSomeBytes",
                length(protocol, toServer),
                position -> flip(protocol, toServer, position, 1 << random.nextInt(8)));
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.2,true", "TLSv1.2,false", "TLSv1.3,true", "TLSv1.3,false"})
    @Tag("tls")
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void tlsStream_cutAtEachByte_isDetected(String protocol, boolean toServer) {
        each(length(protocol, toServer), position -> cut(protocol, toServer, position));
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.2,true", "TLSv1.2,false", "TLSv1.3,true", "TLSv1.3,false"})
    @Tag("tls")
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void tlsStream_flippedAtEachByte_isDetected(String protocol, boolean toServer) {
        Random random = Seeds.random("bits");
        each(length(protocol, toServer), position -> flip(protocol, toServer, position, 1 << random.nextInt(8)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void tlsStream_inPiecesOfAnySize_isWhole(String protocol) {
        for (int most : new int[] {1, 2, 7, 1_000}) {
            FaultPlan pieces = FaultPlan.NONE.splitReads(most).splitWrites(most);
            TlsTrialBase trial = TlsTrialBase.faulty(protocol, pieces, pieces);
            assertTrue(trial.isWhole(), () -> trial.client.failure + ", " + trial.server.failure);
        }
    }

    /**
     * Checks the tampering. A changed byte within the answer fails the client, and the server still gets the request.
     */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void tlsStream_flippedDataByte_isDetected(String protocol) {
        long length = length(protocol, false);
        TlsTrialBase trial = TlsTrialBase.tampered(protocol, (toServer, offset, bytes) -> {
            boolean last = offset + bytes.length > length - TlsTrialBase.ANSWER.length();
            if (!toServer && last && bytes.length > TlsTrialBase.ANSWER.length()) {
                bytes[bytes.length - 1] ^= 1;
            }
            return bytes;
        });
        assertNotNull(trial.client.failure);
        assertEquals(TlsTrialBase.REQUEST, trial.server.text.toString());
    }
}
