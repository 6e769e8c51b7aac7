package io.github.futuresockets.bench;

import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A peer that serves in a JVM of its own, or in a process of that. */
final class ServerJvm implements AutoCloseable {
    private static final Pattern LISTENING = Pattern.compile("listening 127\\.0\\.0\\.1:(\\d+) .* pid=(\\d+)");

    private final ChildJvm jvm;
    private final int port;
    private final long pid;

    ServerJvm(List<String> pinning, String peer, Protocol protocol, int threads, int buffer) throws IOException {
        jvm = new ChildJvm(
                pinning,
                jvmFlags(peer, protocol, threads),
                List.of(
                        "serve",
                        "--port=0",
                        "--peer=" + peer,
                        "--protocol=" + protocol,
                        "--threads=" + threads,
                        "--buffer=" + buffer));
        String line = jvm.readLine();
        Matcher listening = LISTENING.matcher(line);
        if (!listening.matches()) {
            jvm.close();
            throw new IOException("the server of " + peer + " said: " + line);
        }
        port = Integer.parseInt(listening.group(1));
        pid = Long.parseLong(listening.group(2));
    }

    private static List<String> jvmFlags(String peer, Protocol protocol, int threads) throws IOException {
        try {
            return Peers.runnable(peer, protocol).jvmFlags(threads);
        } catch (UsageException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    int port() {
        return port;
    }

    /** The process that does the work. */
    long pid() {
        return pid;
    }

    /** Puts a load on it, from one more JVM. */
    LoadResult load(List<String> pinning, Shape shape, int warmup, int seconds) throws IOException {
        List<String> command = List.of(
                "load",
                "--port=" + port,
                "--protocol=" + shape.protocol(),
                "--connections=" + shape.connections(),
                "--size=" + shape.size(),
                "--depth=" + shape.depth(),
                "--warmup=" + warmup,
                "--seconds=" + seconds,
                "--server-pid=" + pid);
        try (ChildJvm load = new ChildJvm(pinning, command)) {
            return LoadResult.parse(load.readLine());
        }
    }

    @Override
    public void close() throws IOException {
        jvm.close();
    }
}
