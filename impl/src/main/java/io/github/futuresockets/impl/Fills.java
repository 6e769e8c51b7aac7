package io.github.futuresockets.impl;

import static io.github.futuresockets.impl.Step.HAND_ON;
import static io.github.futuresockets.impl.Step.WAIT;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link ReadSide} asks its transport for bytes.
 *
 * <p>A superclass and no part of it, since each connection pays for each object.
 */
abstract class Fills extends Side<Boolean> implements Transport.Reader {
    /** A peer that sends as fast as it is read may have the loop for so many bytes; then it is the others' turn. */
    private static final int TURN = 256 << 10;

    /** Bytes that fills have brought at once, one after the other; used by one fill at a time. */
    private int inARow;

    Fills(Connection connection, Transport transport, long timeout) {
        super(connection, transport, timeout);
    }

    abstract ReadState state();

    /** Acts on an outcome of the state; {@code own} is the read of the caller of start. */
    abstract void proceed(Object outcome, @Nullable Read<?> own);

    /** After a last call what has come, if it was part of a record, may have been the last of that and no data. */
    @Override
    public final void progress() {
        super.progress();
        if (state().input().isLast()) {
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
     * After a last call what the kernel has must be told from what it will get. The JDK asks it at once only on the loop, and
     * only so often in one task; so each of these fills is a task.
     */
    final Object fill(@Nullable Read<?> own) {
        if (state().input().isLast()) {
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

    private Object fill(boolean last, @Nullable Read<?> own) {
        ByteBuffer chunk = null;
        IOException failure = null;
        try {
            connection.writes().uncork();
            int fill = state().input().number();
            ByteBuffer lent = own == null ? null : own.lent();
            if (lent != null && transport.tryRead(lent) > 0) {
                engine().hook.lent();
                inARow += lent.position();
                progress();
                return state().arrivedIn(lent.flip(), own);
            }
            int count = transport.fill(state().ask(), last);
            inARow = count < 0 ? 0 : inARow + count;
            if (count == Transport.PENDING) {
                boolean isLast = state().issued(fill);
                if (last) {
                    return state().ends(fill);
                }
                if (isLast) {
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

    final Object arrived(@Nullable ByteBuffer chunk, @Nullable IOException failure) {
        Object outcome = state().arrived(chunk, failure);
        if (outcome != HAND_ON) {
            return outcome;
        }
        transport.loop().execute(() -> state().heir().filled(chunk, failure));
        return WAIT;
    }

    /**
     * Of two tasks the second one runs behind a poll that came after this call: what was there by now is handled then, or
     * found by trying again.
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
