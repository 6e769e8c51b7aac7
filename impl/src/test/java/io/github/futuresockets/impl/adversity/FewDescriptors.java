package io.github.futuresockets.impl.adversity;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.impl.support.Program;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;

/**
 * A server in a JVM of its own, with few descriptors. The server echoes a line on each connection. Prints its port, and
 * for each line of input the used processor time in milliseconds.
 */
public final class FewDescriptors {
    private FewDescriptors() {}

    /** Runs the program. The argument is the name of the provider. */
    public static void main(String[] arguments) throws Exception {
        try (AsyncSockets sockets =
                        AsyncSockets.builder().provider(arguments[0]).threads(1).build();
                RandomAccessFile stat = new RandomAccessFile("/proc/self/stat", "r");
                BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            AsyncServerSocket server = sockets.listen("127.0.0.1", 0);
            server.serve(socket -> socket.expectLine().thenCompose(socket::writeLine));
            Program.processorTime(stat);
            System.getLogger("warm up").log(System.Logger.Level.INFO, "logging works");
            System.out.println(server.port());
            while (in.readLine() != null) {
                System.out.println(Program.processorTime(stat));
            }
        }
    }
}
