package io.github.futuresockets.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * Tests of completion handlers against the documentation of NIO.2. A handler gets its attachment, may throw or be
 * interrupted, and is collectable after the call.
 */
abstract class HandlerSpecification extends ProviderFixture {

    @Test
    void handler_getsAttachment() throws Exception {
        AsynchronousSocketChannel channel = connect();
        Object attachment = new Object();
        CompletableFuture<Object> got = new CompletableFuture<>();
        channel.write(bytes(1), attachment, new CompletionHandler<>() {
            @Override
            public void completed(Integer result, Object with) {
                got.complete(with);
            }

            @Override
            public void failed(Throwable failure, Object with) {
                got.completeExceptionally(failure);
            }
        });
        assertSame(attachment, get(got));
    }

    @Test
    void interrupt_ofGroupThread_isHarmless() throws Exception {
        AsynchronousSocketChannel channel = connect();
        Outcome<Integer> interrupted = new Outcome<>() {
            @Override
            public void completed(Integer value, Object attachment) {
                Thread.currentThread().interrupt();
                super.completed(value, attachment);
            }
        };
        channel.read(ByteBuffer.allocate(1), null, interrupted);
        peer.write(bytes(1));
        interrupted.value();
        for (int i = 0; i < 3; i++) {
            interrupted.thread().interrupt();
            Outcome<Integer> read = new Outcome<>();
            channel.read(ByteBuffer.allocate(1), null, read);
            peer.write(bytes(1));
            assertEquals(1, read.value());
            Outcome<Integer> write = new Outcome<>();
            channel.write(bytes(1), null, write);
            assertEquals(1, write.value());
        }
        assertTrue(channel.isOpen());
    }

    @Test
    void handler_throwsError_reachesUncaughtExceptionHandler() throws Exception {
        CompletableFuture<Throwable> uncaught = new CompletableFuture<>();
        var loud = provider.openAsynchronousChannelGroup(1, task -> {
            Thread thread = new Thread(task);
            thread.setUncaughtExceptionHandler((where, what) -> uncaught.complete(what));
            return thread;
        });
        try (AsynchronousSocketChannel channel = provider.openAsynchronousSocketChannel(loud)) {
            channel.connect(listener.getLocalAddress(), null, new Outcome<Void>() {
                @Override
                public void completed(Void value, Object attachment) {
                    throw new StackOverflowError("thrown on purpose");
                }
            });
            assertEquals("thrown on purpose", get(uncaught).getMessage());
            Outcome<Integer> write = new Outcome<>();
            channel.write(bytes(1), null, write);
            assertEquals(1, write.value());
        } finally {
            end(loud);
        }
    }

    @Test
    void handlers_succeeded_canBeCollected() throws Exception {
        AsynchronousSocketChannel channel = connect();
        assertForgotten(() -> {
            Traced<Integer> traced = new Traced<>();
            channel.read(traced.buffer, traced, traced);
            write(1);
            return traced.done();
        });
        assertForgotten(() -> {
            Traced<Integer> traced = new Traced<>();
            channel.write(traced.buffer, traced, traced);
            return traced.done();
        });
        assertForgotten(() -> {
            Traced<Long> traced = new Traced<>();
            channel.read(new ByteBuffer[] {traced.buffer}, 0, 1, 10, TimeUnit.MINUTES, traced, traced);
            write(1);
            return traced.done();
        });
    }

    /** Writes {@code count} bytes from the peer. */
    final void write(int count) {
        try {
            peer.write(ByteBuffer.allocate(count));
        } catch (java.io.IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Asserts that the garbage collector frees an object of a completed operation, while the channel exists.
     *
     * @param used runs the operation and returns a reference to the object
     */
    static void assertForgotten(Supplier<WeakReference<?>> used) throws Exception {
        WeakReference<?> reference = used.get();
        for (int i = 0; i < 100 && reference.get() != null; i++) {
            System.gc();
            TimeUnit.MILLISECONDS.sleep(i / 10);
        }
        assertTrue(reference.refersTo(null), "still reachable: " + reference.get());
    }

    /** A handler with a buffer. Tests use the handler as the attachment too. */
    static final class Traced<V> implements CompletionHandler<V, Object> {
        final ByteBuffer buffer = ByteBuffer.allocate(8);
        private final CompletableFuture<Object> done = new CompletableFuture<>();

        @Override
        public void completed(V result, Object attachment) {
            done.complete("done");
        }

        @Override
        public void failed(Throwable failure, Object attachment) {
            done.complete("failed");
        }

        /** Waits for the call and returns a reference to this handler. */
        WeakReference<?> done() {
            done.orTimeout(PATIENCE, TimeUnit.SECONDS).join();
            return new WeakReference<>(this);
        }
    }
}
