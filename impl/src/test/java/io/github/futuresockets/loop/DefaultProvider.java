package io.github.futuresockets.loop;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A program for NIO.2 alone. Prints the class of its channels. */
public final class DefaultProvider {
    private DefaultProvider() {}

    /** Runs the program. */
    public static void main(String[] arguments) throws Exception {
        AsynchronousChannelGroup group = AsynchronousChannelGroup.withThreadPool(Executors.newSingleThreadExecutor());
        try (AsynchronousServerSocketChannel listener = AsynchronousServerSocketChannel.open(group)
                        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                AsynchronousSocketChannel client = AsynchronousSocketChannel.open()) {
            var accept = listener.accept();
            client.connect(listener.getLocalAddress()).get();
            try (AsynchronousSocketChannel accepted = accept.get()) {
                accepted.write(ByteBuffer.wrap(new byte[] {42})).get();
                ByteBuffer got = ByteBuffer.allocate(1);
                client.read(got).get();
                System.out.println(client.getClass().getSimpleName() + " got " + got.get(0));
            }
        }
        group.shutdown();
        System.out.println("terminated: " + group.awaitTermination(10, TimeUnit.SECONDS));
    }
}
