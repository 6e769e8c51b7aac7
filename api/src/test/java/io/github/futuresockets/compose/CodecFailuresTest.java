package io.github.futuresockets.compose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.github.futuresockets.codec.FrameTooLongException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.BufferOverflowException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class CodecFailuresTest {
    private static final String READ = "readMessage from peer";
    private static final String DETAILS = " (4 bytes unread, limit 9)";

    private static Throwable named(Throwable failure) {
        return CodecFailures.named(READ, failure, DETAILS);
    }

    @Test
    void named_typesOfCodecs_becomeTheCauseOfTheSameType() {
        FrameTooLongException tooLong = new FrameTooLongException("12 bytes", 9, 12);
        FrameTooLongException named = assertInstanceOf(FrameTooLongException.class, named(tooLong));
        assertEquals(READ + ": 12 bytes" + DETAILS, named.getMessage());
        assertEquals(9, named.limit());
        assertEquals(12, named.seen());
        assertSame(tooLong, named.getCause());
        ProtocolException malformed = new ProtocolException("malformed");
        Throwable again = named(malformed);
        assertSame(ProtocolException.class, again.getClass());
        assertNotSame(malformed, again);
        assertEquals(READ + ": malformed" + DETAILS, again.getMessage());
        assertSame(malformed, again.getCause());
        assertEquals(0, malformed.getSuppressed().length);
    }

    @Test
    void named_otherTypes_getOneNoteWithoutStackTrace() {
        for (Exception failure : List.of(
                new IOException("bad"),
                new BufferOverflowException(),
                new IndexOutOfBoundsException(7),
                new IllegalArgumentException(),
                new ProtocolException("of a subclass") {
                    private static final long serialVersionUID = 1L;
                })) {
            for (int i = 0; i < 1_000; i++) {
                assertSame(failure, named(failure));
            }
            assertEquals(1, failure.getSuppressed().length, failure.toString());
            Throwable note = failure.getSuppressed()[0];
            assertEquals(READ + DETAILS + ", the first failure with this exception", note.toString());
            assertEquals(0, note.getStackTrace().length);
        }
    }

    @Test
    void named_exceptionOfAConstant_getsOneNoteAlso() {
        Exception constant = new Exception("no stack trace", null, true, false) {
            private static final long serialVersionUID = 1L;
        };
        assertSame(constant, named(constant));
        assertSame(constant, CodecFailures.named("another read", constant, ""));
        assertEquals(1, constant.getSuppressed().length);
        assertEquals(
                READ + DETAILS + ", the first failure with this exception", constant.getSuppressed()[0].toString());
    }

    @Test
    void named_suppressionDisabled_staysUnchanged() {
        Exception bare = new Exception("bare", null, false, true) {
            private static final long serialVersionUID = 1L;
        };
        assertSame(bare, named(bare));
        assertEquals(0, bare.getSuppressed().length);
    }

    @Test
    void named_error_staysUnchanged() {
        Error error = new StackOverflowError();
        assertSame(error, named(error));
        assertEquals(0, error.getSuppressed().length);
    }

    @RepeatedTest(50)
    void named_sameExceptionOnManyThreads_getsOneNote() throws InterruptedException {
        IOException shared = new IOException("shared");
        CountDownLatch together = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Thread thread = new Thread(() -> {
                try {
                    together.await();
                    named(shared);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            thread.start();
            threads.add(thread);
        }
        together.countDown();
        for (Thread each : threads) {
            each.join();
        }
        assertEquals(1, shared.getSuppressed().length);
    }
}
