package io.github.futuresockets.impl.common;

import io.github.futuresockets.CloseReason.Kind;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.AcceptPendingException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadPendingException;
import java.time.Duration;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * Exceptions of the JDK with a message about operation, peer and bytes, also for types without a constructor for a
 * message.
 */
public final class Errors {
    /** The message of operations on a closed socket. */
    public static final String CLOSED = ": the socket is closed";

    /** The message of operations on a socket whose connection was upgraded to TLS. */
    public static final String ENCRYPTED =
            ": the conversation is encrypted now, and goes on with the socket that startTls has given";

    private static final int MOST_CAUSES = 16;

    private Errors() {}

    /** Returns the failure of an operation that began after the close. */
    public static ClosedChannelException closed(String what, @Nullable Throwable cause) {
        ClosedChannelException e = new Closed(what);
        if (cause != null) {
            e.initCause(cause);
        }
        return e;
    }

    /** Returns the failure of an operation that was pending at the close. */
    public static AsynchronousCloseException closedMeanwhile(String what) {
        return closedMeanwhile(what, null);
    }

    /**
     * Returns the failure of an operation that was pending at the close. The cause is the end of the connection, or
     * null after a close by the user.
     */
    public static AsynchronousCloseException closedMeanwhile(String what, @Nullable Throwable cause) {
        AsynchronousCloseException e = new ClosedMeanwhile(cause == null ? what : what + ": " + reason(cause));
        if (cause != null) {
            e.initCause(cause);
        }
        return e;
    }

    /** Returns the failure of a second read. */
    public static ReadPendingException readPending(String what) {
        return new ReadPending(what);
    }

    /** Returns the failure of a second accept. */
    public static AcceptPendingException acceptPending(String what) {
        return new AcceptPending(what);
    }

    /** Returns the failure after a time-out in nanoseconds. */
    public static SocketTimeoutException stalled(String what, long nanos) {
        return new SocketTimeoutException(what + " in " + Duration.ofNanos(nanos));
    }

    /** Returns a failure of the same kind for another operation, with the first failure or its cause as the cause. */
    public static IOException again(String what, Throwable cause) {
        if (cause instanceof AsynchronousCloseException) {
            return closedMeanwhile(what, cause.getCause());
        }
        if (cause instanceof ClosedChannelException) {
            return closed(what, cause.getCause());
        }
        if (cause instanceof SocketTimeoutException) {
            SocketTimeoutException e = new SocketTimeoutException(what + ": " + cause.getMessage());
            e.initCause(cause);
            return e;
        }
        if (cause instanceof SSLException ofTls) {
            return tls(what, ofTls);
        }
        return new IOException(what + ": " + cause.getMessage(), cause);
    }

    /** Returns a TLS failure with the operation in its message. A {@link TruncatedStreamException} keeps its type. */
    public static SSLException tls(String what, SSLException cause) {
        String message = what + ": " + reason(cause);
        SSLException e = cause instanceof TruncatedStreamException
                ? new TruncatedStreamException(message)
                : new SSLException(message);
        e.initCause(cause);
        return e;
    }

    /**
     * Returns the failure of a handshake. A close or a time-out keeps its type, and any other cause becomes an
     * {@code SSLHandshakeException}.
     */
    public static IOException handshake(String what, IOException cause) {
        if (cause instanceof ClosedChannelException || cause instanceof SocketTimeoutException) {
            return again(what, cause);
        }
        SSLHandshakeException e = new SSLHandshakeException(what + ": " + reasons(cause));
        e.initCause(cause);
        return e;
    }

    /** Returns a failure as an {@code IOException}, wrapped if necessary. */
    public static IOException asIOException(String what, Throwable failure) {
        return failure instanceof IOException io ? io : new IOException(what + ": " + failure, failure);
    }

    /** Throws the failure unchanged. */
    @SuppressWarnings("unchecked")
    public static <E extends Throwable> IOException rethrow(Throwable failure) throws E {
        throw (E) failure;
    }

    /**
     * Returns the message of a failure and of its root cause. For an expired certificate, only the root cause has the
     * reason.
     */
    private static String reasons(Throwable failure) {
        Throwable first = failure;
        for (int depth = 0; first.getCause() != null && depth < MOST_CAUSES; depth++) {
            first = first.getCause();
        }
        String all = reason(failure);
        String more = reason(first);
        return all.contains(more) ? all : all + ": " + more;
    }

    /** Returns the message of a failure, or its simple class name if there is no message. */
    public static String reason(Throwable failure) {
        String message = failure.getMessage();
        return message != null ? message : failure.getClass().getSimpleName();
    }

    /**
     * Returns the kind of end for a connection whose transport failed. A read or a write of a connected socket fails
     * only if the connection is broken, by a reset or by an unreachable peer. The JDK reports an error of the system as
     * a plain IOException, or as a SocketException without a cause. Because the message is in the language of the
     * system, only the class decides. All other failures, such as failures of TLS, have a class or a cause of their
     * own.
     */
    public static Kind kindOf(IOException cause) {
        boolean ofTheSystem = cause.getClass() == IOException.class || cause instanceof SocketException;
        return ofTheSystem && cause.getCause() == null ? Kind.RESET : Kind.FAILED;
    }

    private static String text(Class<?> type, String message) {
        return type.getName() + ": " + message;
    }

    private static final class Closed extends ClosedChannelException {
        private static final long serialVersionUID = 1L;
        private final String message;

        Closed(String message) {
            this.message = message;
        }

        @Override
        public String getMessage() {
            return message;
        }

        @Override
        public String toString() {
            return text(ClosedChannelException.class, message);
        }
    }

    private static final class ClosedMeanwhile extends AsynchronousCloseException {
        private static final long serialVersionUID = 1L;
        private final String message;

        ClosedMeanwhile(String message) {
            this.message = message;
        }

        @Override
        public String getMessage() {
            return message;
        }

        @Override
        public String toString() {
            return text(AsynchronousCloseException.class, message);
        }
    }

    private static final class ReadPending extends ReadPendingException {
        private static final long serialVersionUID = 1L;
        private final String message;

        ReadPending(String message) {
            this.message = message;
        }

        @Override
        public String getMessage() {
            return message;
        }

        @Override
        public String toString() {
            return text(ReadPendingException.class, message);
        }
    }

    private static final class AcceptPending extends AcceptPendingException {
        private static final long serialVersionUID = 1L;
        private final String message;

        AcceptPending(String message) {
            this.message = message;
        }

        @Override
        public String getMessage() {
            return message;
        }

        @Override
        public String toString() {
            return text(AcceptPendingException.class, message);
        }
    }
}
