package io.github.futuresockets.impl.examples;

import io.github.futuresockets.AsyncLoop;
import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSockets;
import java.io.IOException;
import java.time.Duration;

/** A server from its start to the end of the JVM. At the end, open conversations have ten seconds to finish. */
final class ServerLifecycle {
    private ServerLifecycle() {}

    /** Serves on any free port until the JVM shuts down, on SIGTERM for instance. */
    public static void main(String[] arguments) throws IOException {
        AsyncSockets sockets = AsyncSockets.builder().build();
        AsyncServerSocket server = sockets.listen("localhost", 0);
        server.serve(socket -> AsyncLoop.forEach(socket::readLine, socket::writeLine));
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> System.out.println(
                        "stopped: " + sockets.shutdown(Duration.ofSeconds(10)).join())));
        System.out.println("port " + server.port());
    }
}
