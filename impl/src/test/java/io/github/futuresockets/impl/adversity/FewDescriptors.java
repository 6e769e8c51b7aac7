package io.github.futuresockets.impl.adversity;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.impl.support.Program;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;

/**
 * A program of its own, with few descriptors: a server that answers one line on each connection. Says its port, and, for each
 * line of input, the processor time that it has used.
 */
public final class FewDescriptors {
    private FewDescriptors() {}

    /** The program: the name of the provider. */
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
