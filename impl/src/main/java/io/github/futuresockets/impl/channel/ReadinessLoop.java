package io.github.futuresockets.impl.channel;

import io.github.futuresockets.impl.common.Supplies;
import io.github.futuresockets.loop.EventLoop;
import io.github.futuresockets.loop.LoopChannelGroup;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An event loop of the loop provider. A listener gives the accepted channels to all loops of the group in turn. */
public final class ReadinessLoop extends ChannelLoop {
    private final LoopChannelGroup group;
    private final EventLoop loop;

    /** Makes the I/O thread of an event loop. The end of any loop shuts the whole group down. */
    public ReadinessLoop(LoopChannelGroup group, EventLoop loop, Supplies.Memory memory) {
        super(memory);
        this.group = group;
        this.loop = loop;
    }

    EventLoop eventLoop() {
        return loop;
    }

    /** Returns the family of a Unix-domain address. Returns null for an Internet address. */
    private static @Nullable StandardProtocolFamily family(SocketAddress address) {
        return address instanceof UnixDomainSocketAddress ? StandardProtocolFamily.UNIX : null;
    }

    @Override
    AsynchronousSocketChannel openSocket(SocketAddress remote) throws IOException {
        return loop.openSocketChannel(family(remote));
    }

    @Override
    AsynchronousServerSocketChannel openListener(SocketAddress local) throws IOException {
        return loop.openServerSocketChannel(family(local));
    }

    @Override
    void submit(Runnable task) {
        loop.execute(task);
    }

    @Override
    public boolean inLoop() {
        return loop.inLoop();
    }

    @Override
    void end() {
        group.shutdown();
    }

    @Override
    public void awaitTermination() throws InterruptedException {
        group.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
    }
}
