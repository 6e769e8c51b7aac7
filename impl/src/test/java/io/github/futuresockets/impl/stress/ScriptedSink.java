package io.github.futuresockets.impl.stress;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.futuresockets.AsyncWriter;
import io.github.futuresockets.codec.Encoder;
import io.github.futuresockets.codec.LineEnding;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;

/** A sink of a class unknown to the library. The sink takes bytes only when its executor runs. */
final class ScriptedSink implements AsyncWriter {
    // Its content is guarded by its own monitor.
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    private final Executor executor;

    ScriptedSink(Executor executor) {
        this.executor = executor;
    }

    byte[] taken() {
        synchronized (taken) {
            return taken.toByteArray();
        }
    }

    @Override
    public CompletableFuture<Void> write(ByteBuffer src) {
        return CompletableFuture.runAsync(
                () -> {
                    byte[] bytes = new byte[src.remaining()];
                    src.get(bytes);
                    synchronized (taken) {
                        taken.writeBytes(bytes);
                    }
                },
                executor);
    }

    @Override
    public CompletableFuture<Void> write(ByteBuffer first, ByteBuffer... more) {
        CompletableFuture<Void> all = write(first);
        for (ByteBuffer each : more) {
            all = all.thenCompose(done -> write(each));
        }
        return all;
    }

    @Override
    public CompletableFuture<Void> write(byte[] src) {
        return write(ByteBuffer.wrap(src));
    }

    @Override
    public CompletableFuture<Void> write(CharSequence text) {
        return write(text.toString().getBytes(UTF_8));
    }

    @Override
    public CompletableFuture<Void> writeLine(CharSequence line) {
        return writeLine(line, LineEnding.LF);
    }

    @Override
    public CompletableFuture<Void> writeLine(CharSequence line, LineEnding ending) {
        return write(line + ending.text());
    }

    @Override
    public <T> CompletableFuture<Void> writeMessage(T message, Encoder<? super T> encoder) {
        try {
            return write(encoder.encode(message));
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public CompletableFuture<Long> transferFrom(ReadableByteChannel source, long count, LongConsumer progress) {
        throw new UnsupportedOperationException("transferFrom");
    }

    @Override
    public CompletableFuture<Void> shutdownOutput() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<Void> writable() {
        return CompletableFuture.completedFuture(null);
    }
}
