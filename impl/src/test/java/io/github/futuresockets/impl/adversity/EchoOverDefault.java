package io.github.futuresockets.impl.adversity;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.impl.support.Await;
import java.nio.channels.AsynchronousSocketChannel;

/** Prints the class of the JVM's default channels, and some lines echoed over sockets of the provider nio2. */
public final class EchoOverDefault {
    private EchoOverDefault() {}

    public static void main(String[] arguments) throws Exception {
        try (AsynchronousSocketChannel channel = AsynchronousSocketChannel.open()) {
            System.out.println("channels are " + channel.getClass().getSimpleName());
        }
        try (AsyncSockets sockets =
                        AsyncSockets.builder().provider("nio2").threads(2).build();
                AsyncServerSocket listener = sockets.listen("127.0.0.1", 0)) {
            listener.serve(socket -> socket.transferTo(socket));
            for (int i = 0; i < 4; i++) {
                AsyncSocket socket = Await.value(sockets.connect("127.0.0.1", listener.port()));
                Await.value(socket.write(new byte[300_000]));
                Await.value(socket.readExactly(300_000));
                Await.value(socket.writeLine("conversation " + i));
                System.out.println(Await.value(socket.readLine()));
                socket.close();
            }
        }
        System.out.println("closed");
        System.exit(0);
    }
}
