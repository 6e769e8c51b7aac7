package io.github.futuresockets.impl.connection;

import io.github.futuresockets.impl.common.Errors;
import io.github.futuresockets.impl.transport.IoLoop;
import io.github.futuresockets.impl.transport.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The input and its recipient: the reads of this connection, or the successor after an upgrade, or nothing after a
 * close.
 *
 * <p>A superclass of {@link ReadState}, and not a field, because each object costs memory in every connection. Guarded
 * by the lock of the read state.
 */
class Arrivals extends ReadBuffer {
    /*
     * While `reserved` is set no read is accepted, and arriving bytes are kept. When the `successor` is set, the
     * successor gets the kept bytes. The outcome of a fill that is pending then is passed to the successor.
     */
    /** The state of the input. Guarded by the lock, except for its volatile fields. */
    final Input input = new Input();

    // guarded by this
    boolean closed;
    private boolean reserved;

    // set once under this; read without the lock after isUpgraded() was true under the lock
    private Transport.@Nullable Reader successor;

    Arrivals(IoLoop loop) {
        super(loop);
    }

    /** Returns the state of the input. Without the lock only its volatile fields may be read. */
    final Input input() {
        return input;
    }

    /** Returns true while a fill is pending. */
    public final synchronized boolean isFilling() {
        return input.isFilling();
    }

    /** Returns true if no read is accepted. The caller holds the lock. */
    final boolean isShut() {
        assert Thread.holdsLock(this);
        return closed || reserved;
    }

    /** Returns the cause of the end of the connection, or null if the user or the peer closed the connection. */
    @Nullable IOException why() {
        return null;
    }

    /** Returns the failure of a read that is not accepted. The caller holds the lock. */
    final IOException refusal(String what) {
        assert Thread.holdsLock(this);
        return closed
                ? Errors.closed(what + ": the socket is closed", why())
                : Errors.closed(what + Errors.ENCRYPTED, null);
    }

    /**
     * Reserves the input for a successor. The caller holds the lock.
     *
     * @param busy true if a decoder runs
     * @return null, or the reason why the input cannot be reserved
     */
    final @Nullable Exception reserve(String what, boolean busy) {
        assert Thread.holdsLock(this);
        if (isShut()) {
            return refusal(what);
        }
        if (input.end() != null || input.isEnding()) {
            return Errors.closed(what + ": the stream has ended", null);
        }
        if (size() > 0 || busy) {
            return new SSLException(what + ": " + size() + " bytes have come in the plain and have not been read");
        }
        reserved = true;
        return null;
    }

    /** Ends the reservation without a successor. */
    public final synchronized void cancelUpgrade() {
        reserved = false;
    }

    /** Returns true if there is a successor. The caller holds the lock. */
    final boolean isUpgraded() {
        assert Thread.holdsLock(this);
        return successor != null;
    }

    /** Returns the successor. Only valid after {@link #isUpgraded} was true. */
    final Transport.Reader successor() {
        return Objects.requireNonNull(successor);
    }

    /**
     * Makes a reader the successor. Kept bytes are passed to {@code early}, and the successor gets all later outcomes
     * of fills. Returns true if a fill is pending.
     */
    public final synchronized boolean upgrade(Transport.Reader successor, Consumer<ByteBuffer> early) {
        this.successor = successor;
        if (size() > 0) {
            early.accept(detach());
        }
        return input.isFilling();
    }
}
