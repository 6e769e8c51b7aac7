package io.github.futuresockets.impl;

import io.github.futuresockets.CloseReason.Kind;
import io.github.futuresockets.FrameTooLongException;
import java.io.IOException;
import java.net.ProtocolException;
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

/** The JDK's exceptions with the message that their constructors do not take: operation, peer, bytes. */
final class Errors {
    /** Why a socket is of no use whose conversation goes on as another one. */
    static final String ENCRYPTED =
            ": the conversation is encrypted now, and goes on with the socket that startTls has given";

    private static final int MOST_CAUSES = 16;

    private Errors() {}

    static ClosedChannelException closed(String what, @Nullable Throwable cause) {
        ClosedChannelException e = new Closed(what);
        if (cause != null) {
            e.initCause(cause);
        }
        return e;
    }

    static AsynchronousCloseException closedMeanwhile(String what) {
        return closedMeanwhile(what, null);
    }

    /** With what the connection has ended by, if that is not its user. */
    static AsynchronousCloseException closedMeanwhile(String what, @Nullable Throwable cause) {
        AsynchronousCloseException e = new ClosedMeanwhile(cause == null ? what : what + ": " + reason(cause));
        if (cause != null) {
            e.initCause(cause);
        }
        return e;
    }

    static ReadPendingException readPending(String what) {
        return new ReadPending(what);
    }

    static AcceptPendingException acceptPending(String what) {
        return new AcceptPending(what);
    }

    static SocketTimeoutException stalled(String what, long nanos) {
        return new SocketTimeoutException(what + " in " + Duration.ofNanos(nanos));
    }

    /** The same kind of failure for another operation, with the first one as its cause. */
    static IOException again(String what, Throwable cause) {
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
        if (cause instanceof SSLException) {
            return tls(what, (SSLException) cause);
        }
        return new IOException(what + ": " + cause.getMessage(), cause);
    }

    /** A failure of TLS. */
    static SSLException tls(String what, SSLException cause) {
        String message = what + ": " + reason(cause);
        SSLException e = cause instanceof TlsTruncation ? new TlsTruncation(message) : new SSLException(message);
        e.initCause(cause);
        return e;
    }

    /** What a handshake fails with: that we have closed it or that it took too long is told as such. */
    static IOException handshake(String what, IOException cause) {
        if (cause instanceof ClosedChannelException || cause instanceof SocketTimeoutException) {
            return again(what, cause);
        }
        SSLHandshakeException e = new SSLHandshakeException(what + ": " + reasons(cause));
        e.initCause(cause);
        return e;
    }

    static IOException asIOException(String what, Throwable failure) {
        return failure instanceof IOException ? (IOException) failure : new IOException(what + ": " + failure, failure);
    }

    /**
     * What a decoder or an encoder has thrown, with operation, peer and bytes in its message. Since the user may look for an
     * exception of a type or an identity of his own, such a one stays as it is, and a suppressed one says the same. Without a
     * stack trace it may be one that is thrown again and again, and is left alone.
     */
    static Throwable ofCodec(String what, Throwable failure, String bytes) {
        String message = what + ": " + failure.getMessage() + bytes;
        Throwable named;
        if (failure.getClass() == FrameTooLongException.class) {
            FrameTooLongException tooLong = (FrameTooLongException) failure;
            named = new FrameTooLongException(message, tooLong.limit(), tooLong.seen());
        } else if (failure.getClass() == ProtocolException.class) {
            named = new ProtocolException(message);
        } else {
            if (failure.getStackTrace().length > 0 && failure.getSuppressed().length == 0) {
                failure.addSuppressed(new Note(what + bytes));
            }
            return failure;
        }
        named.initCause(failure);
        return named;
    }

    /** Throws it as it is. */
    @SuppressWarnings("unchecked")
    static <E extends Throwable> IOException rethrow(Throwable failure) throws E {
        throw (E) failure;
    }

    /** What a failure says, and what its first cause says: of a certificate that has expired only that one knows so. */
    private static String reasons(Throwable failure) {
        Throwable first = failure;
        for (int depth = 0; first.getCause() != null && depth < MOST_CAUSES; depth++) {
            first = first.getCause();
        }
        String all = reason(failure);
        String more = reason(first);
        return all.contains(more) ? all : all + ": " + more;
    }

    /** What a failure says, or what it is if it says nothing. */
    static String reason(Throwable failure) {
        String message = failure.getMessage();
        return message != null ? message : failure.getClass().getSimpleName();
    }

    /**
     * How a connection ends whose transport has failed so. A read or a write of a connected socket fails only when the connection
     * is broken: by a reset, or because the peer is out of reach. The JDK reports each error of the system as a plain IOException
     * or a SocketException without a cause. The message is the system's, in the language of the user, so the class decides. All
     * other failures, those of TLS for instance, have a class or a cause of their own.
     */
    static Kind kindOf(IOException cause) {
        boolean ofTheSystem = cause.getClass() == IOException.class || cause instanceof SocketException;
        return ofTheSystem && cause.getCause() == null ? Kind.RESET : Kind.FAILED;
    }

    private static String text(Class<?> type, String message) {
        return type.getName() + ": " + message;
    }

    private static final class Note extends Exception {
        private static final long serialVersionUID = 1L;

        Note(String where) {
            super(where, null, false, false);
        }

        @Override
        public String toString() {
            return String.valueOf(getMessage());
        }
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
