package io.github.futuresockets.impl.view;

import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.CloseReason;
import io.github.futuresockets.codec.Decoder;
import io.github.futuresockets.codec.Encoder;
import io.github.futuresockets.future.IoContext;
import io.github.futuresockets.impl.operation.MessageChannel;
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
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** A socket with reads and writes answered by a test. The test supplies the decoded messages, so no decoder runs. */
final class FakeSocket {
    /** The issued reads. A test completes the reads. */
    final Deque<CompletableFuture<Object>> reads = new ArrayDeque<>();
    /** The written messages, and the first byte of each written buffer. */
    final List<Object> written = new ArrayList<>();

    /** Supplies the next read. By default, a test completes the read. */
    Supplier<CompletableFuture<Object>> reading = this::issueRead;
    /** Supplies the next write. By default, the write is complete at once. */
    Supplier<CompletableFuture<Void>> writing = () -> CompletableFuture.completedFuture(null);

    /** The futures returned by {@code readable}. */
    final Deque<CompletableFuture<Boolean>> looks = new ArrayDeque<>();

    /** Supplies the next {@code readable}. By default, a test completes the future. */
    Supplier<CompletableFuture<Boolean>> watching = CompletableFuture::new;

    /** The futures returned by {@code closed}. */
    final List<CompletableFuture<CloseReason>> watches = new ArrayList<>();

    /** The context of the socket, or null for a socket of another library. */
    IoContext context;

    volatile int buffered;
    volatile boolean closed;

    @SuppressWarnings("unchecked")
    final AsyncSocket socket = (AsyncSocket) Proxy.newProxyInstance(
            FakeSocket.class.getClassLoader(),
            new Class<?>[] {AsyncSocket.class, IoContext.Owner.class},
            (proxy, method, arguments) -> {
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
                    case "context":
                        return context;
                    case "remoteAddress":
                        return new InetSocketAddress("127.0.0.1", 1);
                    case "toString":
                        return "fake";
                    case "inputStream":
                        return new SocketInput((AsyncSocket) proxy);
                    case "outputStream":
                        return new SocketOutput((AsyncSocket) proxy);
                    case "requests":
                        if (arguments.length == 3) {
                            return RequestPipeline.<Object, Object>inOrder(
                                    (AsyncSocket) proxy,
                                    (Encoder<Object>) arguments[0],
                                    (Decoder<Object>) arguments[1],
                                    (int) arguments[2]);
                        }
                        if (method.isDefault()) {
                            return InvocationHandler.invokeDefault(proxy, method, arguments);
                        }
                        return RequestPipeline.<Object, Object>byId(
                                (AsyncSocket) proxy,
                                (Encoder<Object>) arguments[0],
                                (Decoder<Object>) arguments[1],
                                (Function<Object, ?>) arguments[2],
                                (Function<Object, ?>) arguments[3],
                                (int) arguments[4],
                                (Consumer<Object>) arguments[5]);
                    case "readable":
                        CompletableFuture<Boolean> looking = watching.get();
                        looks.add(looking);
                        return looking;
                    default:
                        if (method.getName().equals("messages") && !method.isDefault()) {
                            return new Messages<Object, Object>(
                                    (AsyncSocket) proxy,
                                    new MessageChannel(null),
                                    (Decoder<Object>) arguments[0],
                                    (Encoder<Object>) arguments[1]);
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

    /** Completes the last issued read with a message, or with null for the end of stream. */
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
