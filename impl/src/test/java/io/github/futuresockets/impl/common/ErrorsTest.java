package io.github.futuresockets.impl.common;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.futuresockets.CloseReason.Kind;
import java.io.IOException;
import java.net.SocketException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the kinds of failures of a transport. */
class ErrorsTest {
    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "Connection reset by peer",
                "Die Verbindung wurde vom Kommunikationspartner zurückgesetzt",
                "The specified network name is no longer available",
                "Connection timed out",
                "No route to host"
            })
    void kindOf_errorOfTheSystem_isAResetInEveryLanguage(String message) {
        assertEquals(Kind.RESET, Errors.kindOf(new IOException(message)));
        assertEquals(Kind.RESET, Errors.kindOf(new SocketException(message)));
    }

    @Test
    void kindOf_failureOfAnotherKind_isNone() {
        IOException reset = new IOException("Connection reset");
        assertEquals(Kind.FAILED, Errors.kindOf(new SSLException("Connection reset")));
        assertEquals(Kind.FAILED, Errors.kindOf(Errors.tls("broken pipe", new TruncatedStreamException("reset"))));
        assertEquals(Kind.FAILED, Errors.kindOf(new ClosedChannelException()));
        assertEquals(Kind.FAILED, Errors.kindOf(new AsynchronousCloseException()));
        assertEquals(Kind.FAILED, Errors.kindOf(Errors.asIOException("write: reset", new OutOfMemoryError("reset"))));
        assertEquals(Kind.FAILED, Errors.kindOf(new IOException("reset", reset)));
    }
}
