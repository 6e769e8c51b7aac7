package io.github.futuresockets.impl.view;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.CloseReason;
import io.github.futuresockets.codec.Decoder;
import io.github.futuresockets.codec.Encoder;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** A socket whose reads and writes a test answers: messages are what the test says, whatever the decoder. */
final class FakeSocket {
    /** The reads that were issued; a test completes them. */
    final Deque<CompletableFuture<Object>> reads = new ArrayDeque<>();
    /** What was written: a message, or the first byte of a buffer. */
    final List<Object> written = new ArrayList<>();

    /** Gives the next read; by default one that the test completes. */
    Supplier<CompletableFuture<Object>> reading = this::issueRead;
    /** Gives the next write. */
    Supplier<CompletableFuture<Void>> writing = () -> CompletableFuture.completedFuture(null);

    /** The futures of closed() that were given out. */
    final List<CompletableFuture<CloseReason>> watches = new ArrayList<>();

    volatile int buffered;
    volatile boolean closed;

    @SuppressWarnings("unchecked")
    final AsyncSocket socket = (AsyncSocket) Proxy.newProxyInstance(
            FakeSocket.class.getClassLoader(), new Class<?>[] {AsyncSocket.class}, (proxy, method, arguments) -> {
                switch (method.getName()) {
                    case "read", "readSome", "readMessage":
                        return reading.get();
                    case "writeMessage":
                        written.add(arguments[0]);
                        return closed ? refused() : writing.get();
                    case "write":
                        written.add(((ByteBuffer) arguments[0]).get());
                        return closed ? refused() : writing.get();
                    case "buffered":
                        return buffered;
                    case "isOpen":
                        return !closed;
                    case "close":
                        closed = true;
                        return null;
                    case "closed":
                        return watch();
                    case "remoteAddress":
                        return new InetSocketAddress("127.0.0.1", 1);
                    case "toString":
                        return "fake";
                    case "inputStream":
                        return new SocketInput((AsyncSocket) proxy);
                    case "outputStream":
                        return new SocketOutput((AsyncSocket) proxy);
                    case "requests":
                        return new RequestPipeline<Object, Object>(
                                (AsyncSocket) proxy,
                                (Encoder<Object>) arguments[0],
                                (Decoder<Object>) arguments[1],
                                (int) arguments[2]);
                    default:
                        if (method.getName().equals("messages") && !method.isDefault()) {
                            return new Messages<Object, Object>(
                                    (AsyncSocket) proxy, (Decoder<Object>) arguments[0], (Encoder<Object>)
                                            arguments[1]);
                        }
                        if (method.isDefault()) {
                            return InvocationHandler.invokeDefault(proxy, method, arguments);
                        }
                        throw new UnsupportedOperationException(method.toString());
                }
            });

    private CompletableFuture<CloseReason> watch() {
        CompletableFuture<CloseReason> watch = new CompletableFuture<>();
        watches.add(watch);
        return watch;
    }

    private static CompletableFuture<Void> refused() {
        return CompletableFuture.failedFuture(new ClosedChannelException());
    }

    private CompletableFuture<Object> issueRead() {
        CompletableFuture<Object> read = new CompletableFuture<>();
        reads.add(read);
        return read;
    }

    /** A message arrives for the read that was issued last; null is the end of the stream. */
    void arrive(Object message) {
        reads.getLast().complete(message);
    }

    static Throwable failureOf(CompletableFuture<?> future) {
        Throwable[] seen = new Throwable[1];
        future.whenComplete((value, failure) -> seen[0] = failure);
        return seen[0];
    }

    static int depth() {
        return StackWalker.getInstance().walk(frames -> (int) frames.count());
    }

    static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
