package io.github.futuresockets.impl.stress;

import io.github.futuresockets.AsyncReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.CompletableFuture;

/** One read: how to issue it, and what a plain array says it must give. Used once. */
abstract class ReadModel {
    private final String name;

    ReadModel(String name) {
        this.name = name;
    }

    abstract CompletableFuture<?> issue(AsyncReader from);

    /** What is due when {@code rest} has come, and, if {@code ended}, the end of the stream behind it. */
    abstract Expected expected(byte[] rest, boolean ended);

    /** A value of the result's type that no read gives. */
    abstract Object sentinel();

    /** What the result says, in a form that can be compared. */
    Object content(Object result) {
        return result;
    }

    /** It succeeded: how many bytes it took. */
    int succeeded(Object result, byte[] rest, boolean ended) {
        return expected(rest, ended).succeeded(content(result));
    }

    /** Whether it was ended by {@link #sentinel} and not by its bytes. */
    boolean isSentinel(Object result) {
        return result != null && result == sentinel();
    }

    /** It was withdrawn or failed: the caller's buffer, if there is one, must be as it was. */
    void checkUntouched() {}

    /** The content of a fresh buffer of the caller's own, as the contract describes it. */
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
