package io.github.futuresockets.bench;

import io.github.futuresockets.AsyncServerSocket;
import io.github.futuresockets.AsyncSockets;
import io.github.futuresockets.bench.common.Arguments;
import io.github.futuresockets.bench.common.UsageException;
import io.github.futuresockets.bench.demo.BinaryConversation;
import io.github.futuresockets.bench.demo.Conversation;
import io.github.futuresockets.bench.demo.DemoRun;
import io.github.futuresockets.bench.demo.DemoScore;
import io.github.futuresockets.bench.demo.LineConversation;
import io.github.futuresockets.bench.peer.AcceptLoop;
import io.github.futuresockets.bench.peer.EchoConversation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Runs an echo server and a thousand conversations at once in this JVM, and verifies every byte. After the
 * conversations the demonstration also checks that the sockets close in time and that no file descriptor stays open.
 */
final class Demo {
    static final String USAGE = """
            demo [--file FILE] [--conversations N] [--seconds S] [--seed N] [--patience S]
                An echo server and N clients in one JVM. Half of the clients send the lines of FILE, the other half
                messages of random bytes and of 1 byte to 1 MiB; all of it is compared with what comes back.
                Ends with 1 if a byte is off, or if a conversation fails or does nothing for S seconds.
                Defaults: README.md, 1000 conversations, 15 seconds, a random seed (printed), a patience of 20 seconds.
            """;

    private static final int SERVER_BUFFER = 65_536;
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private Demo() {}

    static int run(Arguments arguments) throws Exception {
        Path file = Path.of(arguments.text("file", "README.md"));
        int count = arguments.number("conversations", 1000, 1, 20_000);
        int seconds = arguments.number("seconds", 15, 1, 86_400);
        long seed = arguments.number("seed", System.nanoTime());
        int patience = arguments.number("patience", 20, 1, 86_400);
        arguments.end();
        List<String> text = read(file);
        System.out.printf(
                "%d conversations for %d s: %d send %s (%d lines), %d send up to 1 MiB at a time; seed %d%n",
                count, seconds, count - count / 2, file, text.size(), count / 2, seed);

        rehearse(text);
        long descriptors = descriptors();
        AsyncSockets sockets = AsyncSockets.builder().build();
        AsyncServerSocket server = sockets.listen("127.0.0.1", 0);
        System.out.println("the server listens on " + server.localAddress());
        new AcceptLoop(server, socket -> new EchoConversation(socket, SERVER_BUFFER).read()).accept();

        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        BooleanSupplier timeIsUp = () -> System.nanoTime() - end >= 0;
        DemoScore lines = new DemoScore("lines");
        DemoScore binary = new DemoScore("binary");
        SplittableRandom random = new SplittableRandom(seed);
        ByteBuffer noise = BinaryConversation.noise(random);
        byte[] digest = LineConversation.digest(text);
        List<Conversation> conversations = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            conversations.add(
                    i % 2 == 1
                            ? new LineConversation(i, text, digest, lines, timeIsUp)
                            : new BinaryConversation(i, noise, random.split(), binary, timeIsUp));
        }
        boolean verified = new DemoRun(lines, binary).converse(conversations, sockets, server.localAddress(), patience);
        return verified && closes(sockets, patience) && areBack(descriptors) ? 0 : 1;
    }

    /**
     * Makes a connection and a digest before the first count of descriptors. Because the JDK keeps some descriptors
     * open after their first use, such descriptors would otherwise look like a leak.
     */
    private static void rehearse(List<String> text) throws Exception {
        LineConversation.digest(text);
        try (AsyncSockets sockets = AsyncSockets.builder().build()) {
            AsyncServerSocket server = sockets.listen("127.0.0.1", 0);
            sockets.connect(server.localAddress()).get(10, TimeUnit.SECONDS);
        }
    }

    private static List<String> read(Path file) throws IOException, UsageException {
        try {
            List<String> lines = Files.readAllLines(file);
            if (lines.isEmpty()) {
                throw new IOException(file + " has no line to send");
            }
            return lines;
        } catch (NoSuchFileException e) {
            throw new IOException("there is no file " + file.toAbsolutePath() + " to send; --file names another one");
        }
    }

    /** Returns true if the sockets close within {@code patience} seconds. The close runs on the common pool. */
    private static boolean closes(AsyncSockets sockets, int patience) throws Exception {
        try {
            CompletableFuture.runAsync(sockets::close).get(patience, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException e) {
            System.err.println("closing the sockets did not come to an end in " + patience + " s");
            return false;
        }
    }

    /** Returns the number of open file descriptors, or -1 if the system has no list of them. */
    private static long descriptors() throws IOException {
        if (!Files.isDirectory(DESCRIPTORS)) {
            return -1;
        }
        try (Stream<Path> open = Files.list(DESCRIPTORS)) {
            return open.count();
        }
    }

    /** Returns true if no more descriptors are open than before, or if their number is unknown. */
    private static boolean areBack(long before) throws IOException {
        long now = descriptors();
        if (before < 0) {
            return true;
        }
        System.out.printf("open descriptors: %d before, %d after%n", before, now);
        return now <= before;
    }
}
