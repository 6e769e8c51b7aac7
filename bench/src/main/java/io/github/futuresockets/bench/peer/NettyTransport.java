package io.github.futuresockets.bench.peer;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The transports below Netty, and below the libraries over Netty. */
enum NettyTransport {
    NIO(NioServerSocketChannel.class, NioIoHandler::newFactory, () -> null),
    EPOLL(EpollServerSocketChannel.class, EpollIoHandler::newFactory, Epoll::unavailabilityCause),
    IO_URING(IoUringServerSocketChannel.class, IoUringIoHandler::newFactory, IoUring::unavailabilityCause);

    private static final int UNSAFE_IS_DENIED_SINCE = 24;

    private final Class<? extends ServerChannel> listener;
    private final Supplier<IoHandlerFactory> handlers;
    private final Supplier<@Nullable Throwable> unavailability;

    NettyTransport(
            Class<? extends ServerChannel> listener,
            Supplier<IoHandlerFactory> handlers,
            Supplier<@Nullable Throwable> unavailability) {
        this.listener = listener;
        this.handlers = handlers;
        this.unavailability = unavailability;
    }

    Class<? extends ServerChannel> listener() {
        return listener;
    }

    EventLoopGroup group(int threads) {
        return new MultiThreadIoEventLoopGroup(threads, handlers.get());
    }

    /**
     * Ends a group and its connections, and waits for the end. The quiet period is 1 ms, because without a quiet period
     * a thread may end before its connections are closed.
     */
    static void end(EventLoopGroup group) {
        group.shutdownGracefully(1, 5_000, TimeUnit.MILLISECONDS).syncUninterruptibly();
    }

    /**
     * Returns the reason why the transport is unavailable here, from the innermost cause. Empty if the transport is
     * available.
     */
    String obstacle() {
        return innermost(unavailability.get());
    }

    /** Returns the first line of the innermost cause's message. Empty without a failure. */
    static String innermost(@Nullable Throwable failure) {
        Throwable cause = failure;
        while (cause != null && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause == null
                ? ""
                : String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    }

    /** Returns epoll where available, and NIO otherwise. */
    static NettyTransport best() {
        return EPOLL.obstacle().isEmpty() ? EPOLL : NIO;
    }

    /**
     * Returns the JVM flags for the best speed of Netty. Leak detection is off. Since JDK 24 a flag allows Unsafe,
     * because the buffers of Netty do not use Unsafe without the flag.
     */
    static List<String> jvmFlags() {
        String unwatched = "-Dio.netty.leakDetection.level=disabled";
        return Runtime.version().feature() < UNSAFE_IS_DENIED_SINCE
                ? List.of(unwatched)
                : List.of(unwatched, "--sun-misc-unsafe-memory-access=allow");
    }
}
