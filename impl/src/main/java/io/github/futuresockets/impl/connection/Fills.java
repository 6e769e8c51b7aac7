package io.github.futuresockets.impl.connection;

import static io.github.futuresockets.impl.connection.Step.Signal.HAND_ON;
import static io.github.futuresockets.impl.connection.Step.Signal.WAIT;

import io.github.futuresockets.impl.common.Errors;
import io.github.futuresockets.impl.transport.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The fills of a {@link ReadSide}: asks the transport for bytes, and takes its answers.
 *
 * <p>A superclass, and not a field, because each object costs memory in every connection.
 */
abstract class Fills extends Side<Boolean> implements Transport.Reader {
    /** The budget of a fast peer, in bytes. After these bytes the loop serves its other connections first. */
    private static final int TURN = 256 << 10;

    // the filling thread's alone; at most a single fill is pending
    /** The bytes in a row that fills have brought within their call. */
    private int inARow;

    Fills(Connection connection, Transport transport, long timeout) {
        super(connection, transport, timeout);
    }

    /** Returns the state of the read side. */
    abstract ReadState state();

    /** Acts on a step of the state. {@code own} is the read of the caller of start. */
    abstract void proceed(Step outcome, @Nullable Read<?> own);

    /**
     * {@inheritDoc}
     *
     * <p>After a last call the moved bytes may be the last part of a record, without data for a read. Therefore the end
     * of the input is checked again.
     */
    @Override
    public final void progress() {
        super.progress();
        if (state().input().isDraining()) {
            endFill(state().input().number());
        }
    }

    @Override
    public final void filled(@Nullable ByteBuffer chunk, @Nullable IOException failure) {
        progress();
        proceed(arrived(chunk, failure), null);
        connection.checkReleased();
    }

    /**
     * Fills, now or as a task of the loop. Each fill after a last call is a task of the loop, because the fill must not
     * wait for bytes that are not in the kernel yet. Only on the loop the JDK reads within the call, and only a few
     * times in a task.
     */
    final Step fill(@Nullable Read<?> own) {
        if (state().input().isDraining()) {
            transport.loop().execute(() -> proceed(fill(true, null), null));
            return WAIT;
        }
        if (inARow >= TURN && transport.loop().inLoop()) {
            inARow = 0;
            transport.loop().execute(() -> proceed(fill(false, null), null));
            return WAIT;
        }
        return fill(false, own);
    }

    private Step fill(boolean last, @Nullable Read<?> own) {
        ByteBuffer chunk = null;
        IOException failure = null;
        try {
            connection.writes().uncork();
            int fill = state().input().number();
            ByteBuffer lent = own == null ? null : own.lent();
            if (lent != null && transport.tryRead(lent) > 0) {
                engine().hook().lent();
                inARow += lent.position();
                progress();
                return state().arrivedIn(lent.flip(), own);
            }
            int count = transport.fill(state().ask(), last);
            inARow = count < 0 ? 0 : inARow + count;
            if (count == Transport.PENDING) {
                boolean isDraining = state().issued(fill);
                if (last) {
                    return state().ends(fill);
                }
                if (isDraining) {
                    endFill(fill);
                }
                return WAIT;
            }
            chunk = count < 0 ? null : transport.filled();
        } catch (Throwable e) {
            failure = Errors.asIOException("read from " + peer(), e);
        }
        progress();
        return arrived(chunk, failure);
    }

    /** Passes the outcome of a fill to the state, or as a task of the loop to the successor. */
    final Step arrived(@Nullable ByteBuffer chunk, @Nullable IOException failure) {
        Step outcome = state().arrived(chunk, failure);
        if (outcome != HAND_ON) {
            return outcome;
        }
        transport.loop().execute(() -> state().successor().filled(chunk, failure));
        return WAIT;
    }

    /**
     * Ends the input after a last call, if the kernel has no byte for the waiting fill. Uses two nested tasks, because
     * the second task runs after a later poll of the loop. By then the bytes of now were handled, or a retry finds the
     * bytes.
     */
    final void endFill(int fill) {
        transport
                .loop()
                .execute(() -> transport.loop().execute(() -> {
                    transport.retry();
                    proceed(state().ends(fill), null);
                }));
    }
}
