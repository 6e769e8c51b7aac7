package io.github.futuresockets.impl.stress;

import io.github.futuresockets.AsyncReader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** A {@code transferTo} into a {@link ScriptedSink}. */
final class TransferRead extends ReadModel {
    private static final Long NUMBER = 1_000_000_007L;

    final ScriptedSink sink;

    TransferRead(Executor sink) {
        super("transferTo");
        this.sink = new ScriptedSink(sink);
    }

    @Override
    CompletableFuture<?> issue(AsyncReader from) {
        return from.transferTo(sink);
    }

    @Override
    Expected expected(byte[] rest, boolean ended) {
        return ended ? Expected.value(rest, rest.length) : Expected.notYet(rest, false, 0);
    }

    @Override
    Object content(Object result) {
        byte[] taken = sink.taken();
        if ((Long) result != taken.length) {
            throw new AssertionError("transferTo gave " + result + ", but the sink has " + taken.length + " bytes");
        }
        return taken;
    }

    @Override
    Object sentinel() {
        return NUMBER;
    }
}
