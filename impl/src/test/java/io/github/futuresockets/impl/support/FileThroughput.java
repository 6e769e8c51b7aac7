package io.github.futuresockets.impl.support;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSocket;
import io.github.futuresockets.AsyncSockets;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Sends a file to each connecting peer, and prints the time and the CPU time of each round.
 *
 * <p>Arguments: {@code provider file port rounds}.
 */
public final class FileThroughput {
    private FileThroughput() {}

    /** Returns after the last round. */
    public static void main(String[] args) throws Exception {
        try (AsyncSockets sockets =
                        AsyncSockets.builder().provider(args[0]).threads(1).build();
                AsyncServerSocket listener = sockets.listen("127.0.0.1", Integer.parseInt(args[2]));
                FileChannel file = FileChannel.open(Path.of(args[1]))) {
            for (int round = Integer.parseInt(args[3]); round > 0; round--) {
                AsyncSocket socket = listener.accept().join();
                file.position(0);
                Duration cpu = cpu();
                long start = System.nanoTime();
                CompletableFuture<Long> sent = socket.transferFrom(file, Long.MAX_VALUE, total -> {});
                long count = sent.join();
                double seconds = (System.nanoTime() - start) / 1e9;
                double cpuSeconds = cpu().minus(cpu).toNanos() / 1e9;
                System.out.printf(
                        "%s: %d bytes in %.3f s, %.2f GB/s, CPU %.3f s%n",
                        args[0], count, seconds, count / seconds / 1e9, cpuSeconds);
                socket.close();
                socket.closed().join();
            }
        }
    }

    private static Duration cpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }
}
