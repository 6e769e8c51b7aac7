package io.github.futuresockets.bench.compare;

import io.github.futuresockets.bench.common.UsageException;
import io.github.futuresockets.bench.peer.Peers;
import io.github.futuresockets.bench.peer.Protocol;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A peer in a JVM of its own. The server is the JVM, or a process started by the JVM. */
public final class ServerJvm implements AutoCloseable {
    private static final Pattern LISTENING = Pattern.compile("listening 127\\.0\\.0\\.1:(\\d+) .* pid=(\\d+)");

    /** The longest time until the server listens. */
    private static final Duration START = Duration.ofSeconds(20);

    private final ChildJvm jvm;
    private final int port;
    private final long pid;

    public ServerJvm(List<String> pinning, String peer, Protocol protocol, int threads, int buffer) throws IOException {
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
        try {
            Matcher listening = listening(jvm);
            port = Integer.parseInt(listening.group(1));
            pid = Long.parseLong(listening.group(2));
        } catch (IOException e) {
            jvm.close();
            throw new IOException("the server of " + peer + " " + e.getMessage(), e);
        }
    }

    private static Matcher listening(ChildJvm jvm) throws IOException {
        String line = jvm.readLine(START);
        Matcher listening = LISTENING.matcher(line);
        if (!listening.matches()) {
            throw new IOException("said: " + line);
        }
        return listening;
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

    /** Returns the id of the process with the CPU time of the server. */
    long pid() {
        return pid;
    }

    /** Returns the end of the JVM's standard error, and the exit status if the JVM has ended. */
    String story() throws IOException {
        return jvm.story();
    }

    @Override
    public void close() throws IOException {
        jvm.close();
    }
}
