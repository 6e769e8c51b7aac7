package io.github.futuresockets.compose;

import io.github.futuresockets.codec.FrameTooLongException;
import java.net.ProtocolException;

/** Names the operation in the failures of decoders and encoders. */
public final class CodecFailures {
    private CodecFailures() {}

    /**
     * Returns the failure of an operation whose decoder or encoder has thrown.
     *
     * <ul>
     *   <li>A {@code ProtocolException} or {@code FrameTooLongException} becomes the cause of an exception of the same
     *       type, with the text in its message.
     *   <li>Any other exception, also of a subclass, stays the same object, because the user may test for its type or
     *       identity. The exception gets the text as a suppressed exception. A codec may throw the same object many
     *       times, so only the first call adds a text.
     *   <li>An {@code Error} stays unchanged. Memory or stack may be missing for a text.
     * </ul>
     *
     * @param operation the operation and the peer
     * @param failure the exception of the codec
     * @param details the number of bytes and the limit, or an empty text
     * @return the exception for the future of the operation
     */
    public static Throwable named(String operation, Throwable failure, String details) {
        Throwable named;
        if (failure.getClass() == FrameTooLongException.class) {
            FrameTooLongException tooLong = (FrameTooLongException) failure;
            named = new FrameTooLongException(message(operation, failure, details), tooLong.limit(), tooLong.seen());
        } else if (failure.getClass() == ProtocolException.class) {
            named = new ProtocolException(message(operation, failure, details));
        } else {
            if (!(failure instanceof Error)) {
                note(failure, operation + details);
            }
            return failure;
        }
        named.initCause(failure);
        return named;
    }

    private static String message(String operation, Throwable failure, String details) {
        return operation + ": " + failure.getMessage() + details;
    }

    /** Adds a note, unless the exception has a note. Without effect if suppression is disabled. */
    private static void note(Throwable failure, String text) {
        // The monitor of addSuppressed. Operations of several threads may fail with the same object.
        synchronized (failure) {
            for (Throwable each : failure.getSuppressed()) {
                if (each instanceof Note) {
                    return;
                }
            }
            failure.addSuppressed(new Note(text + ", the first failure with this exception"));
        }
    }

    /** The text of a suppressed exception. Has no stack trace, because the codec's exception has one. */
    private static final class Note extends Exception {
        private static final long serialVersionUID = 1L;

        Note(String text) {
            super(text, null, false, false);
        }

        @Override
        public String toString() {
            return String.valueOf(getMessage());
        }
    }
}
