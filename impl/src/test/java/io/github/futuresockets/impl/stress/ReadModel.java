package io.github.futuresockets.impl.stress;

import io.github.futuresockets.AsyncReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.CompletableFuture;

/** A read with its expected outcome on a plain array. Each instance is used once. */
abstract class ReadModel {
    private final String name;

    ReadModel(String name) {
        this.name = name;
    }

    abstract CompletableFuture<?> issue(AsyncReader from);

    /** Returns the expected outcome after the bytes {@code rest} and, if {@code ended}, the end of the stream. */
    abstract Expected expected(byte[] rest, boolean ended);

    /** Returns a value of the result type that no read returns. */
    abstract Object sentinel();

    /** Returns the result in a comparable form. */
    Object content(Object result) {
        return result;
    }

    /** Checks the result of a successful read, and returns the number of bytes taken. */
    int succeeded(Object result, byte[] rest, boolean ended) {
        return expected(rest, ended).succeeded(content(result));
    }

    /** Returns true if the read was completed with {@link #sentinel} and not with received bytes. */
    boolean isSentinel(Object result) {
        return result != null && result == sentinel();
    }

    /** Checks that the buffer of the caller, if there is one, is unchanged after a withdrawn or failed read. */
    void checkUntouched() {}

    /** Returns the content of a new buffer, and checks the properties that the contract promises. */
    static byte[] fresh(Object result) {
        ByteBuffer buffer = (ByteBuffer) result;
        if (buffer == null) {
            return null;
        }
        boolean right = buffer.hasArray()
                && buffer.position() == 0
                && buffer.order() == ByteOrder.BIG_ENDIAN
                && buffer.array().length == buffer.remaining()
                && !buffer.isReadOnly();
        if (!right) {
            throw new AssertionError("not a fresh heap buffer whose array is the content: " + buffer);
        }
        return buffer.array();
    }

    @Override
    public String toString() {
        return name;
    }
}
