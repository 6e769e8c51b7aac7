package io.github.futuresockets.impl.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.futuresockets.IncompleteReadException;
import io.github.futuresockets.impl.support.Await;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadPendingException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Clause 1: a failure completes the future, without a {@code CompletionException} around the failure. */
abstract class FailuresContract extends ContractTest {

    @Test
    void clause01_nullArgumentThrowsAtOnce() {
        converse();
        List<Executable> calls = List.of(
                () -> socket.read(null),
                () -> socket.readFully(null),
                () -> socket.readUntil(null, 10),
                () -> socket.readMessage(null),
                () -> socket.transferTo(null),
                () -> socket.write((ByteBuffer) null),
                () -> socket.write((byte[]) null),
                () -> socket.write((CharSequence) null),
                () -> socket.write(ByteBuffer.allocate(1), (ByteBuffer[]) null),
                () -> socket.write(ByteBuffer.allocate(1), (ByteBuffer) null),
                () -> socket.write((ByteBuffer) null, ByteBuffer.allocate(1)),
                () -> socket.writeLine(null),
                () -> socket.writeMessage("message", null),
                () -> socket.getOption(null),
                () -> socket.setOption(null, 1),
                () -> socket.readTimeout(null),
                () -> socket.writeTimeout(null),
                () -> sockets.connect(null),
                () -> sockets.connect(null, 80),
                () -> sockets.listen(null),
                () -> sockets.listen(null, 0));
        for (int i = 0; i < calls.size(); i++) {
            assertThrows(NullPointerException.class, calls.get(i), "call " + i);
        }
        CompletableFuture<String> reply = socket.readLine();
        peer.send("still there\n");
        assertEquals("still there", Await.value(reply));
        Await.value(socket.write("yes"));
        assertEquals("yes", peer.text(3));
    }

    @Test
    void clause01_aStateIsNoReasonToThrow() {
        converse();
        CompletableFuture<String> pending = socket.readLine();
        Await.failure(ReadPendingException.class, socket.readLine());
        pending.cancel(false);
        socket.close();
        Await.failure(ClosedChannelException.class, socket.readLine());
        Await.failure(ClosedChannelException.class, socket.write("late"));
        Await.failure(ClosedChannelException.class, socket.writable());
        assertEquals(false, Await.value(socket.readable()));
    }

    @Test
    void clause01_ownFutureIsBareInEveryForm() {
        converse();
        peer.send("abc").end();
        for (boolean early : new boolean[] {true, false}) {
            CompletableFuture<ByteBuffer> future = socket.readExactly(4);
            if (!early) {
                Await.failure(future);
            }
            AtomicReference<Throwable> handled = new AtomicReference<>();
            AtomicReference<Throwable> observed = new AtomicReference<>();
            AtomicReference<Throwable> recovered = new AtomicReference<>();
            CompletableFuture<?> all = CompletableFuture.allOf(
                    future.handle((value, failure) -> {
                        handled.set(failure);
                        return null;
                    }),
                    future.whenComplete((value, failure) -> observed.set(failure))
                            .exceptionally(failure -> null),
                    future.exceptionally(failure -> {
                        recovered.set(failure);
                        return null;
                    }));
            Await.value(all);
            assertInstanceOf(IncompleteReadException.class, handled.get());
            assertSame(handled.get(), observed.get());
            assertSame(handled.get(), recovered.get());
        }
    }

    @Test
    void clause01_derivedFuturesAreBareAtAnyDepth() {
        converse();
        CompletableFuture<String> line = socket.expectLine();
        List<CompletableFuture<?>> derived = List.of(
                line.thenApply(String::length).thenApply(length -> length + 1),
                line.thenApplyAsync(String::length).thenAccept(length -> {}),
                line.thenCompose(text -> socket.write(text)).thenRun(() -> {}),
                line.whenComplete((text, failure) -> {})
                        .whenCompleteAsync((text, failure) -> {}, ForkJoinPool.commonPool()),
                line.thenCombine(new CompletableFuture<>().completeOnTimeout(1, 1, TimeUnit.MILLISECONDS), (a, b) -> a),
                line.applyToEither(new CompletableFuture<String>(), text -> text),
                line.runAfterBoth(CompletableFuture.completedFuture(1), () -> {}),
                line.exceptionallyCompose(CompletableFuture::failedFuture).copy());
        peer.end();
        Throwable bare = Await.failure(IncompleteReadException.class, line);
        for (CompletableFuture<?> each : derived) {
            assertSame(bare, Await.failure(each), each.toString());
        }
    }

    @Test
    void clause01_aFailureInsideThenComposeIsBare() {
        converse();
        peer.send("abc").end();
        CompletableFuture<ByteBuffer> chain = socket.write("request")
                .thenCompose(done -> socket.readExactly(2))
                .thenCompose(two -> socket.readExactly(2))
                .thenApply(ByteBuffer::flip);
        IncompleteReadException failure = Await.failure(IncompleteReadException.class, chain);
        assertEquals("c", ReadMode.string(failure.partial()));
    }

    @Test
    void clause01_joinAndGetWrap() {
        converse();
        peer.end();
        CompletableFuture<String> line = socket.expectLine();
        Await.failure(IncompleteReadException.class, line);
        assertInstanceOf(
                IncompleteReadException.class,
                assertThrows(CompletionException.class, line::join).getCause());
        assertInstanceOf(
                IncompleteReadException.class,
                assertThrows(ExecutionException.class, line::get).getCause());
        assertInstanceOf(
                IncompleteReadException.class,
                assertThrows(
                                ExecutionException.class,
                                () -> line.thenApply(String::length).get(1, TimeUnit.SECONDS))
                        .getCause());
    }

    @Test
    void clause01_obtrudeIsRefused() {
        converse();
        CompletableFuture<String> line = socket.readLine();
        assertThrows(UnsupportedOperationException.class, () -> line.obtrudeValue("forged"));
        assertThrows(UnsupportedOperationException.class, () -> line.obtrudeException(new Exception()));
        peer.send("true\n");
        assertEquals("true", Await.value(line));
    }
}
