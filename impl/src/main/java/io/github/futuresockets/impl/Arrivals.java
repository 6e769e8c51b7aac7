package io.github.futuresockets.impl;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The stream that comes in, and for whom: for reads, until the socket is closed or somebody takes the transport over.
 *
 * <p>A superclass of {@link ReadState}, which guards it, and no part of it, since each connection pays for each object.
 */
class Arrivals extends Inbox {
    /*
     * While it is `reserved` there are no reads, and what comes is kept. When there is an `heir` it has got that, and a fill that is
     * under way is answered to it, whoever gets the answer. Both are guarded by this object's monitor; the heir is set once, and may
     * be asked for without it by who has found it there.
     */
    final Input input = new Input();

    boolean closed;
    private boolean reserved;
    private Transport.@Nullable Reader heir;

    Arrivals(Loop loop) {
        super(loop);
    }

    /** For what may be asked without the lock. */
    final Input input() {
        return input;
    }

    final synchronized boolean isFilling() {
        return input.isFilling();
    }

    /** Whether no read is taken. */
    final boolean isShut() {
        return closed || reserved;
    }

    /** What the connection has ended by, if that is neither its user nor its peer. */
    @Nullable IOException why() {
        return null;
    }

    final IOException refusal(String what) {
        return closed
                ? Errors.closed(what + ": the socket is closed", why())
                : Errors.closed(what + Errors.ENCRYPTED, null);
    }

    final @Nullable Exception reserve(String what, boolean busy) {
        if (isShut()) {
            return refusal(what);
        }
        if (input.end() != null || input.isCalled()) {
            return Errors.closed(what + ": the stream has ended", null);
        }
        if (size() > 0 || busy) {
            return new SSLException(what + ": " + size() + " bytes have come in the plain and have not been read");
        }
        reserved = true;
        return null;
    }

    /** Nobody takes the transport over. */
    final synchronized void unreserve() {
        reserved = false;
    }

    final boolean isHandedOver() {
        return heir != null;
    }

    final Transport.Reader heir() {
        return Objects.requireNonNull(heir);
    }

    /** Gives what has come meanwhile to the heir, and all that comes. Returns whether a fill is under way. */
    final synchronized boolean handOver(Transport.Reader successor, Consumer<ByteBuffer> early) {
        heir = successor;
        if (size() > 0) {
            early.accept(detach());
        }
        return input.isFilling();
    }
}
